"""By which of its rules Postgres refuses a write."""

from collections.abc import Callable

from django.db import IntegrityError, transaction

from rebond.socle.bdd.contraintes import nom_contrainte


def refus(ecrire: Callable[[], object]) -> str | None:
    """The rule by which Postgres refuses what `ecrire` writes; None when it takes it. Nothing of it stays."""
    try:
        with transaction.atomic():
            ecrire()
            transaction.set_rollback(True)
    except IntegrityError as erreur:
        return nom_contrainte(erreur)
    return None
