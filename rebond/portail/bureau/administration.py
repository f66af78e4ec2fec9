"""What awaits an administrateur and an auditeur; the extensions that somebody else proposed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse

from candidatures.cloture.models.incidents import Incident
from candidatures.cloture.models.prolongations import Prolongation
from candidatures.demandes.models import DemandeDEpci
from candidatures.dossier.models.contestations import Contestation
from candidatures.dossier.models.dossiers import Candidature
from candidatures.vagues.etats import EtatProlongation
from rebond.comptes.requetes import a_confirmer_par, a_signer_par
from rebond.portail.bureau.formes import RIEN, Compte, Rubrique, Travail, presse
from rebond.portail.listes import SITUATIONS
from rebond.portail.requetes import entrees_lisibles_par
from rebond.socle.bdd.comptes import compter
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import debut_de_journee, jour_de_paris
from rebond.socle.texte.typographie import compte, instant_fr, limite_fr
from rebond.socle.utilisateur import Utilisateur
from rebond.surveillance.alarmes import en_vigueur
from territoires.etats import EtatHabilitation
from territoires.models import Habilitation, Rattachement

UN_JOUR = timedelta(days=1)


def signer(moi: Utilisateur, maintenant: datetime) -> Iterator[Travail]:
    """Extensions that someone else proposed, for a file that is not theirs."""
    siens = Candidature.objects.de_son_territoire(moi)
    proposees = (
        Prolongation.objects.filter(etat=EtatProlongation.PROPOSEE)
        .exclude(demandee_par=moi)
        .exclude(candidature__in=siens.values("pk"))
    )
    for prolongation in proposees.pour_liste().order_by("jusqu_au", "pk"):
        pour = prolongation.candidature or prolongation.vague
        echeance = prolongation.candidature.echeance if prolongation.candidature else prolongation.vague.echeance
        yield Travail(
            f"Prolongation à signer\u00a0: {pour}.",
            f"Jusqu’au {instant_fr(prolongation.jusqu_au)}, au lieu du {limite_fr(echeance)}.",
            reverse("administration:prolongation", args=[prolongation.pk]),
            "Lire et signer",
            precision=f"la prolongation, {pour}",
            presse=presse(prolongation.jusqu_au, maintenant),
            avant=min(echeance, prolongation.jusqu_au),
        )


def incidents() -> Iterator[Travail]:
    """Those whose end nobody has written."""
    for incident in Incident.objects.filter(fin=None).select_related("vague").order_by("debut", "pk"):
        quoi = f"{incident.get_nature_display()}, vague {incident.vague.numero}"
        yield Travail(
            f"Un incident est en cours\u00a0: {quoi}.",
            f"Depuis le {instant_fr(incident.debut)}.",
            reverse("administration:incident_terminer", args=[incident.vague.numero, incident.pk]),
            "Enregistrer sa fin",
            precision=quoi,
        )


def administrer(moi: Utilisateur, maintenant: datetime) -> tuple[list[Travail], list[Rubrique]]:
    roles = Habilitation.objects.vivantes()
    courriers = Courrier.objects.venus(maintenant)
    liens = Rattachement.objects.en_cours()
    nombres = compter(
        alarmes=en_vigueur(),
        contestations=Contestation.objects.en_cours(),
        introuvables=DemandeDEpci.objects.a_traiter(),
        a_verifier=liens.filter(prouve_le=None),
        verifies=liens.filter(prouve_le__isnull=False),
        attente=courriers.filter(SITUATIONS["attente"][1]),
        ecartes=courriers.filter(SITUATIONS["abandonnes"][1]),
        a_signer=a_signer_par(moi),
        a_confirmer=a_confirmer_par(moi, maintenant),
        actifs=roles.filter(etat=EtatHabilitation.ACTIVE),
        proposes=roles.filter(etat=EtatHabilitation.PROPOSEE),
        suspendus=roles.filter(etat=EtatHabilitation.SUSPENDUE),
    )
    return [*incidents(), *_a_faire(nombres)], list(_rubriques(nombres))


def _a_faire(nombres: dict[str, int]) -> Iterator[Travail]:
    roles, liens = reverse("administration:roles"), reverse("administration:rattachements")
    choses = (
        ("alarmes", "alarme est", "alarmes sont", "en vigueur.", reverse("administration:clotures"), "Voir l’alarme"),
        (
            *("contestations", "dossier signalé", "dossiers signalés"),
            *("par une collectivité, à examiner.", liens, "Répondre à la collectivité"),
        ),
        (
            *("introuvables", "personne ne trouve pas son", "personnes ne trouvent pas leur"),
            *("intercommunalité.", f"{reverse('administration:demandes')}?reponse=a_traiter", "Répondre aux demandes"),
        ),
        (
            *("a_verifier", "personne demande", "personnes demandent"),
            *("à être reconnue pour une collectivité.", f"{liens}?lien=a_verifier", "Vérifier"),
        ),
        ("a_signer", "rôle attend", "rôles attendent", "votre signature.", f"{roles}?attente=signer", "Signer"),
        ("a_confirmer", "rôle est", "rôles sont", "à confirmer.", f"{roles}?attente=confirmer", "Confirmer"),
        (
            *("ecartes", "e-mail mis", "e-mails mis", "de côté après des échecs."),
            *(f"{reverse('courriers')}?situation=abandonnes", "Voir les e-mails"),
        ),
    )
    for cle, un, plusieurs, suite, lien, libelle in choses:
        if nombre := nombres[cle]:
            yield Travail(f"{compte(nombre, un, plusieurs)} {suite}", "", lien, libelle, nombre=nombre)


def _rubriques(nombres: dict[str, int]) -> Iterator[Rubrique]:
    calendrier, courriers = reverse("administration:calendrier"), reverse("courriers")
    yield Rubrique("Calendrier des vagues", calendrier, ("Programmer, suspendre, prolonger une vague.",))
    alarme = "Aucune alarme." if not nombres["alarmes"] else ""
    yield Rubrique(
        "Clôtures et état du portail",
        reverse("administration:clotures"),
        (alarme,) if alarme else (),
        (Compte(nombres["alarmes"], "Alarmes", reverse("administration:clotures")),),
    )
    liens = reverse("administration:rattachements")
    yield Rubrique(
        "Collectivités",
        liens,
        ("Qui travaille pour quelle collectivité.",),
        (
            Compte(
                nombres["introuvables"],
                "Intercommunalités introuvables",
                f"{reverse('administration:demandes')}?reponse=a_traiter",
            ),
            Compte(nombres["a_verifier"], "Liens à vérifier", f"{liens}?lien=a_verifier"),
            Compte(nombres["verifies"], "Liens vérifiés", f"{liens}?lien=verifie"),
        ),
    )
    yield Rubrique(
        "E-mails",
        courriers,
        (RIEN,) if not nombres["ecartes"] else (),
        (
            Compte(nombres["attente"], "En attente d’envoi", f"{courriers}?situation=attente"),
            Compte(nombres["ecartes"], "Mis de côté après échecs", f"{courriers}?situation=abandonnes"),
        ),
    )
    yield Rubrique("Rôles", reverse("administration:roles"), ("Donner ou retirer un rôle.",), _des_roles(nombres))


def _des_roles(nombres: dict[str, int]) -> tuple[Compte, ...]:
    roles = reverse("administration:roles")
    return (
        Compte(nombres["actifs"], "En vigueur", f"{roles}?etat={EtatHabilitation.ACTIVE.value}"),
        Compte(nombres["proposes"], "En attente d’une signature", f"{roles}?etat={EtatHabilitation.PROPOSEE.value}"),
        Compte(nombres["suspendus"], "Suspendus", f"{roles}?etat={EtatHabilitation.SUSPENDUE.value}"),
    )


def auditer(moi: Utilisateur, maintenant: datetime) -> list[Rubrique]:
    """Nothing awaits an auditeur, who reads: what was written since yesterday, and who holds what."""
    hier = jour_de_paris(maintenant) - UN_JOUR
    roles = Habilitation.objects.vivantes()
    nombres = compter(
        recentes=entrees_lisibles_par(moi).filter(ecrit_le__gte=debut_de_journee(hier)),
        actifs=roles.filter(etat=EtatHabilitation.ACTIVE),
        proposes=roles.filter(etat=EtatHabilitation.PROPOSEE),
        suspendus=roles.filter(etat=EtatHabilitation.SUSPENDUE),
    )
    journal = reverse("journal")
    return [
        Rubrique(
            "Journal",
            journal,
            ("Lire ce qui a été fait, par qui et quand.",),
            (Compte(nombres["recentes"], "Entrées depuis hier", f"{journal}?du={hier.isoformat()}"),),
        ),
        Rubrique("Rôles", reverse("administration:roles"), ("Lire qui a accès à quoi.",), _des_roles(nombres)),
        Rubrique("Accès", reverse("acces"), ("Lire qui s’est connecté, et ce que chacun a ouvert.",)),
    ]
