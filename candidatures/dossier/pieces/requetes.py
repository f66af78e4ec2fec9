"""What is read of an upload on its way."""

from pathlib import Path

from django.conf import settings

from candidatures.dossier.models.pieces import Televersement


def est_regle(televersement: Televersement) -> bool:
    """Whether the file is attached, or refused."""
    return bool(televersement.piece_id or televersement.refus)


def octets_recus(televersement: Televersement) -> int:
    """Those counted, unless the folder has lost them since: a restored backup does not hold it."""
    if est_regle(televersement):
        return televersement.recus
    fichier = chemin(televersement)
    return min(televersement.recus, fichier.stat().st_size if fichier.exists() else 0)


def chemin(televersement: Televersement) -> Path:
    """Where the bytes received so far lie."""
    return Path(settings.TELEVERSEMENTS) / str(televersement.pk)
