"""From the name of a broken Postgres constraint to the sentence that a person reads."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError

from rebond.socle.erreurs import RegleEnfreinte


def nom_contrainte(erreur: IntegrityError) -> str:
    """The constraint that Postgres names in `erreur`; empty when it names none."""
    diagnostic = getattr(erreur.__cause__, "diag", None)
    return getattr(diagnostic, "constraint_name", None) or ""


@contextmanager
def traduire(messages: Mapping[str, str]) -> Iterator[None]:
    """Turn the breach of a named constraint into `RegleEnfreinte`; any other error goes on.

    Put it outside the transaction, which must have rolled back: `with traduire({...}), transaction.atomic():`.
    """
    try:
        yield
    except IntegrityError as erreur:
        message = messages.get(nom_contrainte(erreur))
        if message is None:
            raise
        raise RegleEnfreinte(message) from erreur
