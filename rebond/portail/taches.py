"""What awaits a person: the tiles of the « tableau de bord », by role, in a constant number of queries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from candidatures.cloture.models.prolongations import Prolongation
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import avec_etat_de_vague_connu, lus_en_entier_par, vagues_en_interet
from candidatures.instruction.comptes import a_instruire_en_tout, demandes_d_avis
from candidatures.instruction.suivi.models import Suivi
from candidatures.vagues.etats import EtatProlongation, EtatVague
from candidatures.vagues.models.vagues import Vague
from projets.mission.models import Mission
from projets.mission.regles import ETAPES_OUVERTES
from projets.portefeuille.etats import EtatProjet, Voie
from projets.portefeuille.models import Projet
from projets.publication.models import Communique
from rebond.comptes.habilitations import a_le_role
from rebond.comptes.requetes import a_confirmer_par, a_signer_par
from rebond.socle.courriers.models import Courrier
from rebond.socle.texte.typographie import compte, instant_fr
from rebond.socle.utilisateur import Utilisateur
from rebond.surveillance.alarmes import en_vigueur
from territoires.etats import Role

A_JOUR = "Rien ne vous attend."


@dataclass(frozen=True)
class Tache:
    """A tile of `composants/tuile.html`. `texte` says what awaits."""

    titre: str
    url: str
    texte: str
    detail: str = ""


def taches_de(personne: Utilisateur, maintenant: datetime) -> list[Tache]:
    """In the order of the cycle. Nothing awaits whoever holds no role: their files are listed apart."""
    bureau = _Bureau(personne, maintenant)
    sources: tuple[tuple[Role, Callable[[], Iterator[Tache]]], ...] = (
        (Role.INSTRUCTEUR, bureau.instruire),
        (Role.EXPERT, bureau.donner_avis),
        (Role.COMITE, bureau.deliberer),
        (Role.VALIDEUR, bureau.valider),
        (Role.CHARGE_MISSION, bureau.accompagner),
        (Role.GESTIONNAIRE, bureau.accorder),
        (Role.PRESSE, bureau.informer),
        (Role.ADMINISTRATEUR, bureau.administrer),
        (Role.AUDITEUR, bureau.auditer),
    )
    return [tache for role, source in sources if a_le_role(personne, role) for tache in source()]


def _decider(vague: Any) -> tuple[str, str]:
    """Where a valideur goes for a wave, and why. Whoever has an interest in one of its files reads the same sentence
    whatever becomes of that file."""
    numero = [vague.numero]
    if vague.programmee:
        adresse = reverse("instruction:resultats", args=numero)
        return adresse, f"L’annonce est programmée le {instant_fr(vague.publique_a)}."
    if vague.etat_connu == EtatVague.LABELLISEE:
        return reverse("instruction:annonce", args=numero), "Les décisions sont prises : il reste à les annoncer."
    adresse = reverse("instruction:vague", args=numero)
    if vague.interet:
        return adresse, "Vous avez un intérêt dans un de ses dossiers : un autre valideur prendra les décisions."
    if vague.prolongee or vague.en_cours:
        return adresse, "L’instruction est en cours : il est trop tôt pour décider."
    adresse = reverse("instruction:decisions", args=numero)
    return adresse, "Tous les dossiers sont instruits : les décisions sont à prendre."


@dataclass(frozen=True)
class _Bureau:
    personne: Utilisateur
    maintenant: datetime

    def instruire(self) -> Iterator[Tache]:
        comptes = a_instruire_en_tout(self.personne)
        texte = f"{compte(comptes.a_instruire, 'dossier est', 'dossiers sont')} à instruire."
        attendent = compte(comptes.en_correction, "attend une correction", "attendent une correction")
        yield Tache(
            "Instruction",
            reverse("instruction:vagues"),
            texte if comptes.a_instruire else A_JOUR,
            f"Dont {attendent} du territoire." if comptes.en_correction else "",
        )

    def donner_avis(self) -> Iterator[Tache]:
        attendus = demandes_d_avis(self.personne, self.maintenant).filter(a_rendre=True).count()
        texte = f"{compte(attendus, 'avis vous est demandé', 'avis vous sont demandés')}." if attendus else A_JOUR
        yield Tache("Avis demandés", reverse("instruction:avis"), texte)

    def deliberer(self) -> Iterator[Tache]:
        vagues = avec_etat_de_vague_connu(Vague.objects.all(), self.personne, self.maintenant)
        en_cours = vagues.filter(etat_connu=EtatVague.EN_INSTRUCTION)
        lus = lus_en_entier_par(self.personne, Suivi.objects.filter(vague__in=en_cours.values("pk"))).count()
        yield Tache(
            "Comité de sélection",
            reverse("instruction:vagues"),
            f"{compte(lus, 'dossier est à lire', 'dossiers sont à lire')}." if lus else A_JOUR,
        )

    def valider(self) -> Iterator[Tache]:
        yield from self._signer()
        vagues = avec_etat_de_vague_connu(Vague.objects.all(), self.personne, self.maintenant)
        a_faire = vagues.filter(etat_connu__in=[EtatVague.EN_INSTRUCTION, EtatVague.LABELLISEE])
        restants = Candidature.objects.a_instruire().filter(vague=OuterRef("pk"))
        for vague in a_faire.annotate(
            interet=Exists(Vague.objects.filter(vagues_en_interet(self.personne), pk=OuterRef("pk"))),
            en_cours=Exists(restants),
            prolongee=Exists(Prolongation.objects.en_vigueur().filter(vague=OuterRef("pk"))),
        ).order_by("numero"):
            yield Tache(str(vague), *_decider(vague))

    def accompagner(self) -> Iterator[Tache]:
        libres = Mission.objects.a_prendre_en_charge_par(self.personne).count()
        en_cours = Mission.objects.modifiables_par(self.personne).filter(etat__in=ETAPES_OUVERTES).count()
        texte = f"{compte(en_cours, 'mission est', 'missions sont')} dans vos mains." if en_cours else A_JOUR
        detail = f"{compte(libres, 'mission attend', 'missions attendent')} une équipe." if libres else ""
        yield Tache("Missions", reverse("projets:liste"), texte, detail)

    def accorder(self) -> Iterator[Tache]:
        missions = Mission.objects.financables_par(self.personne).filter(etat__in=ETAPES_OUVERTES)
        attendent = (
            Projet.objects.retenus()
            .filter(mission__in=missions, voie=Voie.ENVELOPPE, etat__in=[EtatProjet.ORIENTE, EtatProjet.DEPOSE])
            .count()
        )
        texte = f"{compte(attendent, 'projet attend', 'projets attendent')} une aide." if attendent else A_JOUR
        yield Tache("Enveloppes d’aides", reverse("projets:liste"), texte)

    def informer(self) -> Iterator[Tache]:
        contredits = Communique.objects.contredits().count()
        texte = "Les chiffres à une date, et les communiqués."
        if contredits:
            texte = f"Les données contredisent {compte(contredits, 'texte arrêté', 'textes arrêtés')}."
        yield Tache("Presse", reverse("presse:accueil"), texte)

    def _signer(self) -> Iterator[Tache]:
        """Extensions that someone else proposed."""
        proposees = Prolongation.objects.filter(etat=EtatProlongation.PROPOSEE).exclude(demandee_par=self.personne)
        for prolongation in proposees.pour_liste().order_by("pk"):
            adresse = reverse("administration:prolongation", args=[prolongation.pk])
            pour = prolongation.candidature or prolongation.vague
            yield Tache("Prolongation à signer", adresse, f"{pour}, jusqu’au {instant_fr(prolongation.jusqu_au)}.")

    def administrer(self) -> Iterator[Tache]:
        if not a_le_role(self.personne, Role.VALIDEUR):
            yield from self._signer()
        suivante = Vague.objects.maintenues().filter(cloture__gt=self.maintenant).order_by("cloture").first()
        yield Tache(
            "Calendrier des vagues",
            reverse("administration:calendrier"),
            f"Prochaine clôture : {instant_fr(suivante.cloture)}." if suivante else "Aucune vague à venir.",
        )
        alarmes = en_vigueur().count()
        texte = f"{compte(alarmes, 'alarme est', 'alarmes sont')} en vigueur." if alarmes else "Aucune alarme."
        yield Tache("Clôtures et état du portail", reverse("administration:clotures"), texte)
        ecartes = Courrier.objects.abandonnes().count()
        texte = f"{compte(ecartes, 'e-mail mis', 'e-mails mis')} de côté après des échecs." if ecartes else A_JOUR
        yield Tache("E-mails", reverse("courriers"), texte)
        a_signer = a_signer_par(self.personne).count()
        a_confirmer = a_confirmer_par(self.personne, self.maintenant).count()
        texte = "Donner ou retirer un rôle."
        if a_signer:
            texte = f"{compte(a_signer, 'rôle attend', 'rôles attendent')} votre signature."
        detail = f"{compte(a_confirmer, 'rôle est', 'rôles sont')} à confirmer." if a_confirmer else ""
        yield Tache("Rôles", reverse("administration:roles"), texte, detail)

    def auditer(self) -> Iterator[Tache]:
        yield Tache("Journal", reverse("journal"), "Lire ce qui a été fait, par qui et quand.")
        yield Tache("Rôles", reverse("administration:roles"), "Lire qui a accès à quoi.")
