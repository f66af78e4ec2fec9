"""What missions do when something happens below them."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from candidatures.dossier.models.dossiers import Candidature
from candidatures.labellisation.models import Labellisation
from candidatures.labellisation.signaux import mission_cherchee, vague_annoncee
from projets.mission.actions import preparer
from projets.mission.models import Mission
from rebond.socle.utilisateur import Utilisateur


@receiver(vague_annoncee, dispatch_uid="projets.preparer_les_missions")
def preparer_les_missions(
    labellisations: list[Labellisation], acteur: Utilisateur, maintenant: datetime, **_: Any
) -> None:
    """Each newly announced laureate gets its mission « à lancer », in the announcement's own transaction."""
    for labellisation in labellisations:
        preparer(labellisation=labellisation, acteur=acteur, maintenant=maintenant)


@receiver(mission_cherchee, dispatch_uid="projets.mission_du_laureat")
def mission_du_laureat(candidature: Candidature, personne: Utilisateur, **_: Any) -> str:
    siennes = Mission.objects.visibles_par(personne).filter(labellisations__candidature=candidature)
    pk = siennes.order_by("pk").values_list("pk", flat=True).first()
    return reverse("projets:mission", args=[pk]) if pk else ""
