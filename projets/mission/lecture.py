"""What pages say of a mission's life: its acts in plain words, and its steps."""

from django.db import models

from candidatures.dossier.lecture import Evenement
from rebond.socle.journal.actes import libelle_acte
from rebond.socle.journal.requetes import entrees_sur
from rebond.socle.texte.typographie import instant_fr

ANNULES_MAX = 50


def annules(objets: models.QuerySet) -> models.QuerySet:
    """What was entered by mistake in a mission, latest first: shown apart, with the reason."""
    return objets.filter(annule_le__isnull=False).select_related("annule_par").order_by("-annule_le")[:ANNULES_MAX]


def historique(objet: models.Model) -> list[Evenement]:
    """What the journal tells of a project, latest first."""
    return [
        Evenement(
            quand=instant_fr(entree.fait_le or entree.ecrit_le),
            titre=libelle_acte(entree.acte, entree.objet_type),
            texte=f"Par {entree.acteur}" if entree.acteur_id_copie else "Par le portail",
        )
        for entree in entrees_sur(objet)
    ]
