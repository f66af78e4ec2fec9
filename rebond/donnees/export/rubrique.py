"""One part of an export: what it is called, and the rows that are the person's own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from allauth.account.models import EmailAddress

from candidatures.instruction.acces import visibles_par
from rebond.socle.utilisateur import Utilisateur


@dataclass(frozen=True)
class Sujet:
    """Whose data, known when. What they may open now is read once; an account that is closed opens nothing."""

    personne: Utilisateur
    instant: datetime

    @cached_property
    def adresses(self) -> list[str]:
        """Those that they proved, in small letters: what was sent there was theirs to read."""
        prouvees = EmailAddress.objects.filter(user=self.personne, verified=True).values_list("email", flat=True)
        return sorted({adresse.lower() for adresse in prouvees})

    @cached_property
    def dossiers(self) -> frozenset[int]:
        """The files that they may open at that instant."""
        if not self.personne.is_active:
            return frozenset()
        return frozenset(visibles_par(self.personne, self.instant).values_list("pk", flat=True))


Valeurs = Mapping[str, Any]
Lignes = Callable[[Sujet], Iterable[Valeurs]]


@dataclass(frozen=True)
class Rubrique:
    """`colonnes`: what each key of a row is called. `note` says what is not there, and why."""

    cle: str
    titre: str
    colonnes: Mapping[str, str]
    lignes: Lignes
    note: str = ""
