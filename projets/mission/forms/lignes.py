"""A form and the repeated rows that go with it, checked as one."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict

from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.formulaires.lignes import LignesDsfr


class FormulaireAvecLignes(FormulaireDsfr, forms.Form):
    """`lignes` are its rows, in the same `<form>`; a subclass names their class and the prefix of their inputs."""

    avec_balise = False
    bouton = ""
    classe_lignes: ClassVar[type[LignesDsfr]]
    prefixe_lignes: ClassVar[str]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, lignes: Iterable[Mapping[str, Any]] = (), **options: Any
    ) -> None:
        # Bound rows are complete in themselves: compared with the stored ones, those left alone would look empty.
        rangees = list(lignes) if data is None else None
        self.lignes = self.classe_lignes(data, initial=rangees, prefix=self.prefixe_lignes)
        self.lignes.extra = 0 if rangees else 1
        super().__init__(data, **options)

    def full_clean(self) -> None:
        super().full_clean()
        if self.lignes.lignes_modifiees:
            # Whoever adds or removes a row has not finished: it is too early to speak of errors.
            self._errors = ErrorDict()

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.lignes.is_valid()])
