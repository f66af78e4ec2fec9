"""Twins: a rule or a text that must live both in Python and in Postgres, and is held equal by a test."""

from collections.abc import Callable
from typing import Any, TypeVar

Regle = TypeVar("Regle", bound=Callable[..., Any])


def jumeau_de(*adresses: str) -> Callable[[Regle], Regle]:
    """Says that Postgres has the same rule, at each of `adresses`: a dotted name of ours (an expression, a method of a
    QuerySet), or « postgres:nom » for a function of the database or the constraint by which it refuses.

    Changes nothing of what it decorates. For each address there is a test marked `jumeau(adresse)` that asks both.
    Raises ValueError when there is no address.
    """
    if not adresses:
        raise ValueError("un jumeau a au moins une adresse dans Postgres")

    def declarer(regle: Regle) -> Regle:
        return regle

    return declarer
