"""From the name of a broken Postgres constraint to the sentence that a person reads."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, models

from rebond.socle.erreurs import RegleEnfreinte


def nom_contrainte(erreur: IntegrityError) -> str:
    """The constraint that Postgres names in `erreur`; empty when it names none."""
    diagnostic = getattr(erreur.__cause__, "diag", None)
    return getattr(diagnostic, "constraint_name", None) or ""


def phrases_de(modele: type[models.Model], *noms: str) -> dict[str, str]:
    """What `modele` says of its own constraints of these names: said there, nothing says it again."""
    dites = {contrainte.name: str(contrainte.violation_error_message) for contrainte in modele._meta.constraints}
    return {nom: dites[nom] for nom in noms}


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
