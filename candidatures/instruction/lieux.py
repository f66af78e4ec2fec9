"""The région and the département that files are chosen by: what their codes name, both read at once."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Value
from django_filters.fields import ModelChoiceField

from rebond.socle.listes import UnParmi

# « 93 », « 2A », « 974 ».
CODE = re.compile(r"[0-9A-Z]{1,3}")


class Lieux:
    """`codes`: of each kind, what was typed. Read by one statement, once one of them is wanted."""

    def __init__(self, codes: Mapping[Any, str]) -> None:
        self._codes = {genre: code for genre, code in codes.items() if CODE.fullmatch(code)}

    def lu(self, genre: type[Model], code: Any) -> Any:
        """None when nothing has that code, or when it was not asked for."""
        trouve = self._lus.get(genre)
        return trouve if trouve is not None and trouve.code == code else None

    @cached_property
    def _lus(self) -> dict[Any, Any]:
        genres = {genre.__name__: genre for genre in self._codes}
        if not genres:
            return {}
        premiere, *autres = [
            genre.objects.filter(code=code).order_by().values_list(Value(genre.__name__), "pk", "code", "nom")
            for genre, code in self._codes.items()
        ]
        lus = premiere.union(*autres, all=True)
        return {genres[nom]: genres[nom](pk=cle, code=code, nom=dit) for nom, cle, code, dit in lus}


class _ChampDeLieu(ModelChoiceField):
    """Without `lieux`, which its filters give it, it reads what it is asked by itself."""

    lieux: Lieux | None = None

    def to_python(self, value: Any) -> Any:
        if self.lieux is None or value in self.empty_values:
            return super().to_python(value)
        lu = self.lieux.lu(self.queryset.model, value)
        if lu is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return lu


class UnLieu(UnParmi):
    field_class = _ChampDeLieu
