"""The keys of a long list, read page by page: those of its end from its end."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, overload

from django.db.models import QuerySet


class Cles(Sequence[Any]):
    """The primary keys of `lignes`, in their order, as a paginator slices them.

    Postgres walks an index up to the page that is asked for: of the second half, from the other end. `compter` says
    how many there are.
    """

    ordered = True

    def __init__(self, lignes: QuerySet[Any], compter: Callable[[], int]) -> None:
        self.lignes = lignes.values_list("pk", flat=True)
        self._compter = compter

    def __len__(self) -> int:
        return self._nombre

    @cached_property
    def _nombre(self) -> int:
        return self._compter()

    @overload
    def __getitem__(self, page: int) -> Any: ...
    @overload
    def __getitem__(self, page: slice) -> list[Any]: ...
    def __getitem__(self, page: int | slice) -> Any:
        if isinstance(page, int):
            return self[page : page + 1][0]
        debut, fin, _ = page.indices(len(self))
        if debut >= fin:
            return []
        if debut <= len(self) - fin:
            return list(self.lignes[debut:fin])
        return list(self.lignes.reverse()[len(self) - fin : len(self) - debut])[::-1]
