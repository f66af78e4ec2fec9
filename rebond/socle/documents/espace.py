"""Room left on the disk of the documents. Under a threshold no file is taken: the rest, deposits first, goes on."""

import shutil
from pathlib import Path

from django.conf import settings

SANS_PLACE = (
    "Le portail manque de place en ce moment et ne peut pas recevoir de fichiers\u00a0; ses responsables sont "
    "prévenus. Ce que vous avez écrit est gardé, et un dossier complet se dépose toujours. Réessayez dans "
    "quelques heures."
)


def libre() -> int:
    """Bytes that are free where documents lie."""
    dossier = Path(settings.DONNEES)
    return shutil.disk_usage(dossier if dossier.exists() else dossier.parent).free


def empechement_de_recevoir(octets: int = 0, *, annonces: int = 0) -> str | None:
    """Why no `octets` more are taken while `annonces` are on their way; None when they are."""
    return None if libre() - annonces - octets >= settings.ESPACE_LIBRE_MIN else SANS_PLACE
