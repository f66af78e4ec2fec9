"""What pages say of a mission's life: its acts in plain words, and its steps."""

from django.db import models

from candidatures.dossier.lecture import Evenement
from rebond.socle.journal.actions import entrees_sur
from rebond.socle.texte.typographie import instant_fr

# Buttons: what someone is about to do to a project.
ACTES_A_FAIRE = {
    "qualifier": "Qualifier le projet",
    "deposer_demande": "Noter le dépôt de la demande d’aide",
    "refuser": "Noter le refus de l’aide",
    "engager": "Noter l’engagement du projet",
    "realiser": "Noter la réalisation du projet",
    "abandonner": "Noter l’abandon du projet",
}
# Journal: what was done.
ACTES_FAITS = {
    "recenser": "Projet recensé",
    "modifier": "Description modifiée",
    "reestimer": "Nouvelle estimation",
    "qualifier": "Projet qualifié",
    "orienter": "Projet orienté",
    "deposer_demande": "Demande d’aide déposée",
    "accorder": "Aide accordée",
    "refuser": "Aide refusée",
    "engager": "Projet engagé",
    "realiser": "Projet réalisé",
    "abandonner": "Projet abandonné",
    "annuler": "Projet annulé : saisi par erreur",
}


ANNULES_MAX = 50


def annules(objets: models.QuerySet) -> models.QuerySet:
    """What was entered by mistake in a mission, latest first: shown apart, with the reason."""
    return objets.filter(annule_le__isnull=False).select_related("annule_par").order_by("-annule_le")[:ANNULES_MAX]


def historique(objet: models.Model) -> list[Evenement]:
    """What the journal tells of a project, latest first."""
    return [
        Evenement(
            quand=instant_fr(entree.fait_le or entree.ecrit_le),
            titre=ACTES_FAITS.get(entree.acte, entree.acte),
            texte=f"Par {entree.acteur}" if entree.acteur_id_copie else "Par le portail",
        )
        for entree in entrees_sur(objet)
    ]
