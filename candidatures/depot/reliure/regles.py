"""When a deposit is bound, and what is done when it cannot be."""

from datetime import timedelta

# Times that a worker begins before whoever asked is told that it failed.
ESSAIS_MAX = 3
# Beyond, the worker that began is dead.
DUREE_MAX = timedelta(minutes=20)
SE_PREPARE = "Le dossier relié se prépare\u00a0: vous le trouverez sur cette page dans un instant."


def empechement_de_relier(*, repris: bool) -> str | None:
    """Why a deposit is not bound by the portal; None when it may be."""
    return "Ce dépôt a été reçu par un autre système\u00a0: le portail ne le relie pas." if repris else None
