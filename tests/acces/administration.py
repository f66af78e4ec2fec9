"""What the administration of the portal keeps: incidents, extensions, letters, roles."""

from datetime import timedelta

from candidatures.cloture.actions import incidents, prolongations
from candidatures.cloture.etats import NatureIncident
from candidatures.instruction.lots import actions as lots
from candidatures.instruction.lots.registre import ACTES
from candidatures.models import (
    DemandeDEpci,
    Horodatage,
    ImpressionProcesVerbal,
    Incident,
    ProcesVerbal,
    VueEnregistree,
)
from rebond.socle.courriers.models import Courrier
from rebond.socle.documents import stockage as documents
from rebond.socle.horloge.temps import horloge_base
from territoires.models import Habilitation
from tests import fabriques as f
from tests.acces.monde import Decor

UN_JOUR = timedelta(days=1)


def administrer(monde: Decor) -> None:
    maintenant = horloge_base()
    incident: Incident = incidents.declarer_incident(
        vague=monde.ouverte,
        nature=NatureIncident.INDISPONIBILITE,
        debut=maintenant,
        fin=None,
        description="Le portail était lent.",
        auteur=monde["administrateur"],
        maintenant=maintenant,
    )
    prolongation = prolongations.proposer(
        vague=monde.ouverte,
        candidature=monde.dossiers["ouvert"],
        jusqu_au=monde.ouverte.cloture + UN_JOUR,
        motif="Une panne.",
        acteur=monde["administrateur"],
        maintenant=maintenant,
    )
    courrier = Courrier.objects.earliest("pk")
    demande = DemandeDEpci.objects.create(situation="autre", collectivite="CC", nom="A.", email="a@commune.example")
    role = Habilitation.objects.get(utilisateur=monde["presse"])
    commun = {
        "cle": "choc",
        "question": "nature",
        "version": 1,
        "rang": 1,
        "prolongation pk": prolongation.pk,
        "ecarter_prolongation pk": prolongation.pk,
        "incident_terminer pk": incident.pk,
        "renvoyer_courrier pk": courrier.pk,
        "administration:demande pk": demande.pk,
        "oublier_qui_demande pk": demande.pk,
        "role pk": role.pk,
        "agir_sur_un_role pk": role.pk,
        "agir_sur_un_role acte": "suspendre",
        "administration:passer_la_main pk": monde.dossiers["ouvert"].pk,
    }
    for nom in ("ouverte", "en_cours", "secrete", "future"):
        dite = nom.replace("_", "-").replace("secrete", "secrète")
        monde.objets[f"vague-{dite}"] = {"numero": getattr(monde, nom).numero} | commun
    monde.objets["vague-en-cours"] |= _travailler(monde)
    monde.objets["-"] = commun
    for vague in (monde.en_cours, monde.secrete):
        acte = ProcesVerbal.objects.get(vague=vague)
        document = documents.enregistrer(f.PDF, type_mime="application/pdf")
        ImpressionProcesVerbal.objects.create(proces_verbal=acte, document=document)
        Horodatage.objects.update_or_create(
            proces_verbal=acte, defaults={"jeton": b"jeton", "atteste_le": horloge_base()}
        )


def _travailler(monde: Decor) -> dict[str, int]:
    """A view that the instructeur keeps and shares, and what they have asked of many files."""
    moi = monde["instructeur"]
    (service,) = {habilitation.organisme for habilitation in moi.habilitations.all()}
    vue = VueEnregistree.objects.create(proprietaire=moi, nom="Prêts", demande="onglet=prets", partagee_avec=service)
    groupe = lots.demander(
        acte=ACTES["recevable"],
        vague=monde.en_cours,
        personne=moi,
        dossiers=[monde.dossiers["instruit"].pk],
        donnees={},
    )
    return {"supprimer_vue pk": vue.pk, "lot pk": groupe.pk, "etat_du_lot pk": groupe.pk}
