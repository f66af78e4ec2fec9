"""What awaits a person: the tiles of the « tableau de bord », by role, in a constant number of queries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from candidatures.etats import ETATS_A_INSTRUIRE, EtatCandidature, EtatProlongation, EtatVague
from candidatures.models import Avis, Candidature, Prolongation, Vague
from projets.etats import EtatProjet, Voie
from projets.models import Communique, Mission, Projet
from projets.regles import ETAPES_OUVERTES
from rebond.socle.alarmes import en_vigueur
from rebond.socle.models import Courrier, Utilisateur
from rebond.socle.typographie import compte, instant_fr
from territoires.etats import Role
from territoires.habilitations import a_le_role

A_JOUR = "Rien ne vous attend."
ETATS_OUVERTS_AUX_AVIS = (EtatCandidature.EN_INSTRUCTION, EtatCandidature.INSTRUITE)


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


@dataclass(frozen=True)
class _Bureau:
    personne: Utilisateur
    maintenant: datetime

    def instruire(self) -> Iterator[Tache]:
        dossiers = Candidature.objects.a_instruire_par(self.personne)
        restants = dossiers.filter(etat=EtatCandidature.EN_INSTRUCTION).count()
        texte = f"{compte(restants, 'dossier est', 'dossiers sont')} à instruire." if restants else A_JOUR
        yield Tache("Instruction", reverse("instruction:vagues"), texte)

    def donner_avis(self) -> Iterator[Tache]:
        lisibles = Candidature.objects.pour_agents(self.personne).filter(etat__in=ETATS_OUVERTS_AUX_AVIS)
        attendus = Avis.objects.attendus_de(self.personne).filter(candidature__in=lisibles.values("pk")).count()
        texte = f"{compte(attendus, 'avis vous est demandé', 'avis vous sont demandés')}." if attendus else A_JOUR
        yield Tache("Avis demandés", reverse("instruction:avis"), texte)

    def deliberer(self) -> Iterator[Tache]:
        lus = Candidature.objects.pour_agents(self.personne).filter(vague__etat=EtatVague.EN_INSTRUCTION).count()
        yield Tache(
            "Comité de sélection",
            reverse("instruction:vagues"),
            f"{compte(lus, 'dossier est à lire', 'dossiers sont à lire')}." if lus else A_JOUR,
        )

    def valider(self) -> Iterator[Tache]:
        yield from self._signer()
        restants = Candidature.objects.filter(vague=OuterRef("pk"), etat__in=ETATS_A_INSTRUIRE)
        vagues = Vague.objects.filter(etat__in=[EtatVague.EN_INSTRUCTION, EtatVague.LABELLISEE])
        for vague in vagues.annotate(en_cours=Exists(restants)).order_by("numero"):
            if vague.etat == EtatVague.LABELLISEE:
                adresse = reverse("instruction:annonce", args=[vague.numero])
                yield Tache(str(vague), adresse, "Les décisions sont prises : il reste à les annoncer.")
            elif vague.en_cours:
                adresse = reverse("instruction:vague", args=[vague.numero])
                yield Tache(str(vague), adresse, "L’instruction est en cours : il est trop tôt pour décider.")
            else:
                adresse = reverse("instruction:decisions", args=[vague.numero])
                yield Tache(str(vague), adresse, "Tous les dossiers sont instruits : les décisions sont à prendre.")

    def accompagner(self) -> Iterator[Tache]:
        libres = Mission.objects.a_prendre_en_charge_par(self.personne).count()
        en_cours = Mission.objects.modifiables_par(self.personne).filter(etat__in=ETAPES_OUVERTES).count()
        texte = f"{compte(en_cours, 'mission est', 'missions sont')} dans vos mains." if en_cours else A_JOUR
        detail = f"{compte(libres, 'mission attend', 'missions attendent')} une équipe." if libres else ""
        yield Tache("Missions", reverse("projets:liste"), texte, detail)

    def accorder(self) -> Iterator[Tache]:
        missions = Mission.objects.financables_par(self.personne).filter(etat__in=ETAPES_OUVERTES)
        attendent = Projet.objects.filter(
            mission__in=missions, voie=Voie.ENVELOPPE, etat__in=[EtatProjet.ORIENTE, EtatProjet.DEPOSE]
        ).count()
        texte = f"{compte(attendent, 'projet attend', 'projets attendent')} une aide." if attendent else A_JOUR
        yield Tache("Enveloppes d’aides", reverse("projets:liste"), texte)

    def informer(self) -> Iterator[Tache]:
        contredits = Communique.objects.contredits().count()
        texte = "Les chiffres à une date, et les communiqués."
        if contredits:
            texte = f"Les données contredisent {compte(contredits, 'communiqué figé', 'communiqués figés')}."
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
        texte = f"{compte(ecartes, 'courriel mis', 'courriels mis')} de côté après des échecs." if ecartes else A_JOUR
        yield Tache("Courriels", reverse("courriers"), texte)
        yield Tache("Rôles", reverse("administration:roles"), "Donner ou retirer un rôle.")

    def auditer(self) -> Iterator[Tache]:
        yield Tache("Journal", reverse("journal"), "Lire ce qui a été fait, par qui et quand.")
