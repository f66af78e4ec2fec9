"""What pages say of a mission's life: its acts in plain words, and its steps."""

from collections.abc import Collection
from datetime import date

from django.db import models

from candidatures.dossier.lecture import Evenement
from projets.mission.etats import EtatMission
from projets.mission.models import Mission
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.journal.actes import libelle_acte
from rebond.socle.journal.requetes import entrees_sur
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur

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


def missions_de(personne: Utilisateur, laureats: Collection[int]) -> list[Mission]:
    """Those that came out of these files, as far as `personne` sees them, the last begun first; no file, no query."""
    if not laureats:
        return []
    vues = Mission.objects.visibles_par(personne).filter(labellisations__candidature__in=laureats)
    return list(vues.distinct().order_by(models.F("debut").desc(nulls_last=True), "-pk"))


def passages(mission: Mission) -> dict[EtatMission, date]:
    """The Paris day on which the mission came to each of its steps, as the journal tells; one statement."""
    actes = {f"passer_a_{etat.value}": etat for etat in EtatMission}
    lus = entrees_sur(mission).filter(acte__in=actes).values_list("acte", "fait_le", "ecrit_le")
    return {actes[acte]: jour_de_paris(fait_le or ecrit_le) for acte, fait_le, ecrit_le in lus}
