"""The template engine of letters: plain text, so nothing is escaped, and nothing is ever undefined.

An engine of the settings like that of pages: what one knows of Django templates holds.
"""

from collections.abc import Mapping
from typing import Any

from django.template import Context
from django.template.backends.django import DjangoTemplates


class ValeurManquante(Exception):
    """A template reads what it was not given: the letter is not written at all."""


class _Absente(str):
    """What Django puts in the place of an undefined variable, after `%` with its name."""

    __slots__ = ()

    def __mod__(self, variable: object) -> str:
        raise ValeurManquante(str(variable))


class _Valeurs(Context):
    """Keeps the names that were asked for in vain: `{% if %}` and `{% for %}` would take them for nothing."""

    def __init__(self, valeurs: Mapping[str, object]) -> None:
        # A number is printed as it is given: an identifier has no thousands.
        super().__init__(dict(valeurs), autoescape=False, use_l10n=False)
        self.absentes: set[str] = set()

    def __getitem__(self, nom: Any) -> Any:
        try:
            return super().__getitem__(nom)
        except KeyError:
            self.absentes.add(nom)
            raise


class GabaritsDeLettres(DjangoTemplates):
    """A backend of `TEMPLATES`, without options: a letter has one way of being written."""

    def __init__(self, params: dict[str, Any]) -> None:
        options = {
            "autoescape": False,
            "string_if_invalid": _Absente("%s"),
            "builtins": ["rebond.socle.courriers.balises"],
        }
        super().__init__({**params, "OPTIONS": options})

    def ecrire(self, nom: str, valeurs: Mapping[str, object]) -> str:
        """The text of template `nom`. Raises `ValeurManquante`, `TemplateDoesNotExist`, `NoReverseMatch`."""
        contexte = _Valeurs(valeurs)
        texte: str = self.engine.get_template(nom).render(contexte)
        if contexte.absentes:
            raise ValeurManquante(f"{nom} : {', '.join(sorted(contexte.absentes))}")
        return texte
