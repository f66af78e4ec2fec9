"""The controls that pages repeat by hundreds, written without a template each: half of what a row of a block cost.

They are Django's own, byte for byte (a test compares); any other control, or value, still goes through its template.
"""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData

GABARITS = "django/forms/widgets/"
LIGNES = frozenset(
    f"{GABARITS}{genre}.html" for genre in ("text", "number", "hidden", "email", "url", "tel", "search", "password")
)
ZONE, LISTE, OPTION = (f"{GABARITS}{nom}.html" for nom in ("textarea", "select", "select_option"))


class Autre(Exception):
    """A value that Django's templates would format: theirs to write."""


class RenduDesSaisies(TemplatesSetting):
    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        try:
            if template_name in LIGNES:
                return _ligne(context["widget"])
            if template_name == ZONE:
                return _zone(context["widget"])
            if template_name == LISTE:
                return _liste(context["widget"])
        except Autre:
            pass
        return super().render(template_name, context, request)


def _ligne(saisie: dict[str, Any]) -> str:
    valeur = "" if saisie["value"] is None else f' value="{_formate(saisie["value"])}"'
    return f'<input type="{_ecrit(saisie["type"])}" name="{_ecrit(saisie["name"])}"{valeur}{_attributs(saisie)}>'


def _zone(saisie: dict[str, Any]) -> str:
    texte = _ecrit(saisie["value"]) if saisie["value"] else ""
    return f'<textarea name="{_ecrit(saisie["name"])}"{_attributs(saisie)}>\n{texte}</textarea>'


def _liste(saisie: dict[str, Any]) -> str:
    morceaux = [f'<select name="{_ecrit(saisie["name"])}"{_attributs(saisie)}>']
    for groupe, options, _ in saisie["optgroups"]:
        if groupe:
            morceaux.append(f'\n  <optgroup label="{_ecrit(groupe)}">')
        morceaux += (f"\n  {_option(option)}\n" for option in options)
        if groupe:
            morceaux.append("\n  </optgroup>")
    return "".join([*morceaux, "\n</select>"])


def _option(option: dict[str, Any]) -> str:
    if option["template_name"] != OPTION:
        raise Autre
    return f'<option value="{_formate(option["value"])}"{_attributs(option)}>{_ecrit(option["label"])}</option>'


def _attributs(saisie: dict[str, Any]) -> str:
    return "".join(
        f" {_ecrit(nom)}" if valeur is True else f' {_ecrit(nom)}="{_formate(valeur)}"'
        for nom, valeur in saisie["attrs"].items()
        if valeur is not False
    )


def _ecrit(texte: Any) -> str:
    """`{{ texte }}`: a number or a date would be written as the language has it."""
    if not isinstance(texte, str | Promise):
        raise Autre
    return conditional_escape(str(texte) if isinstance(texte, Promise) else texte)


def _formate(valeur: Any) -> str:
    """`{{ valeur|stringformat:"s" }}`."""
    return str(valeur) if isinstance(valeur, SafeData) else escape(str(valeur))
