"""In our own templates, a variable that does not exist fails the test instead of printing nothing.

`{{ x|default:"" }}` says that a variable may be missing. In `{% if %}` a whole variable may be missing (an optional
argument of a component), as may what follows a None; a misspelt attribute may not.
"""

from pathlib import Path
from typing import Any

import pytest
from django.template import base
from django.template.base import FilterExpression, Parser, VariableDoesNotExist
from django.template.defaulttags import TemplateLiteral

RACINE = Path(__file__).resolve().parent.parent.parent
TOLERANTS = {"default", "default_if_none", "firstof"}


class VariableInconnue(AssertionError):
    pass


class ExpressionSituee(FilterExpression):
    """Django's own has slots, and so no room for the template that it comes from."""

    origine: Any = None


def exiger_les_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = Parser.compile_filter
    construire = TemplateLiteral.__init__
    resoudre = FilterExpression.resolve

    def compiler_en_notant_l_origine(self: Parser, token: str) -> FilterExpression:
        expression = compiler(self, token)
        if isinstance(expression, ExpressionSituee):
            expression.origine = getattr(self, "origin", None)
        return expression

    def construire_une_condition(self: TemplateLiteral, value: FilterExpression, text: str) -> None:
        construire(self, value, text)
        value.condition = True  # type: ignore[attr-defined]

    def resoudre_strictement(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
        if self.is_var and _est_des_notres(self) and not _tolerant(self):
            try:
                self.var.resolve(context)
            except VariableDoesNotExist as absence:
                if not (hasattr(self, "condition") and _legitime(absence, context)):
                    origine = self.origine  # type: ignore[attr-defined]
                    raise VariableInconnue(f"{{{{ {self.token} }}}} dans {origine.name} : {absence}") from absence
        return resoudre(self, context, ignore_failures)

    monkeypatch.setattr(base, "FilterExpression", ExpressionSituee)
    monkeypatch.setattr(Parser, "compile_filter", compiler_en_notant_l_origine)
    monkeypatch.setattr(TemplateLiteral, "__init__", construire_une_condition)
    monkeypatch.setattr(FilterExpression, "resolve", resoudre_strictement)


def _est_des_notres(expression: FilterExpression) -> bool:
    nom = getattr(getattr(expression, "origine", None), "name", None) or ""
    return nom.startswith(f"{RACINE}/") and "/site-packages/" not in nom


def _tolerant(expression: FilterExpression) -> bool:
    return any(getattr(filtre, "_filter_name", None) in TOLERANTS for filtre, _ in expression.filters)


def _legitime(absence: VariableDoesNotExist, context: Any) -> bool:
    """True for a whole variable missing, and for what would follow None."""
    precedent = absence.params[1] if len(absence.params) > 1 else None
    return precedent is None or precedent is context or isinstance(precedent, type(context))
