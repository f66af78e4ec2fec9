"""What missions do when something happens below them."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from candidatures.labellisation.models import Labellisation
from candidatures.labellisation.signaux import vague_annoncee
from projets.mission.actions import preparer
from rebond.socle.utilisateur import Utilisateur


@receiver(vague_annoncee, dispatch_uid="projets.preparer_les_missions")
def preparer_les_missions(
    labellisations: list[Labellisation], acteur: Utilisateur, maintenant: datetime, **_: Any
) -> None:
    """Each newly announced laureate gets its mission « à lancer », in the announcement's own transaction."""
    for labellisation in labellisations:
        preparer(labellisation=labellisation, acteur=acteur, maintenant=maintenant)
