"""What the labels answer when a file asks."""

from typing import Any

from django.dispatch import receiver

from candidatures.dossier.signaux import attaches_au_territoire
from candidatures.labellisation.models import Labellisation
from territoires.models import Territoire


@receiver(attaches_au_territoire, dispatch_uid="candidatures.est_laureat")
def est_laureat(territoire: Territoire, **_: Any) -> bool:
    return Labellisation.objects.filter(territoire=territoire).exists()
