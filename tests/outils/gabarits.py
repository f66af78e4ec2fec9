"""In our own templates, a variable that does not exist fails the test instead of printing nothing.

`{{ x|default:"" }}` says that a variable may be missing. In `{% if %}` a whole variable may be missing (an optional
argument of a component), as may what follows a None; a misspelt attribute may not.
"""

from pathlib import Path
from typing import Any

from django.template.base import FilterExpression, Parser, Variable, VariableDoesNotExist
from django.template.defaulttags import TemplateLiteral

RACINE = Path(__file__).resolve().parent.parent.parent
TOLERANTS = {"default", "default_if_none", "firstof"}


class VariableInconnue(AssertionError):
    pass


class VariableExigee(Variable):
    """Read once, as Django reads it; what is missing is said, where Django would go on with nothing."""

    situation = ""
    # Whether a condition asks for it.
    condition = False

    def resolve(self, context: Any) -> Any:
        try:
            return super().resolve(context)
        except VariableDoesNotExist as absence:
            if self.condition and _legitime(absence, context):
                raise
            raise VariableInconnue(f"{self.situation} : {absence}") from absence


def exiger_les_variables() -> None:
    """For as long as this process lives: what is compiled is kept from one test to the next."""
    compiler = Parser.compile_filter
    construire = TemplateLiteral.__init__

    def compiler_en_exigeant(self: Parser, token: str) -> FilterExpression:
        expression = compiler(self, token)
        origine = getattr(getattr(self, "origin", None), "name", None) or ""
        if expression.is_var and _est_des_notres(origine) and not _tolerante(expression):
            expression.var = exigee = VariableExigee(expression.var.var)
            exigee.situation = f"{{{{ {expression.token} }}}} dans {origine}"
        return expression

    def construire_une_condition(self: TemplateLiteral, value: FilterExpression, text: str) -> None:
        construire(self, value, text)
        if isinstance(value.var, VariableExigee):
            value.var.condition = True

    Parser.compile_filter = compiler_en_exigeant  # type: ignore[method-assign]
    TemplateLiteral.__init__ = construire_une_condition  # type: ignore[method-assign]


def _est_des_notres(origine: str) -> bool:
    return origine.startswith(f"{RACINE}/") and "/site-packages/" not in origine


def _tolerante(expression: FilterExpression) -> bool:
    return any(getattr(filtre, "_filter_name", None) in TOLERANTS for filtre, _ in expression.filters)


def _legitime(absence: VariableDoesNotExist, context: Any) -> bool:
    """True for a whole variable missing, and for what would follow None."""
    precedent = absence.params[1] if len(absence.params) > 1 else None
    return precedent is None or precedent is context or isinstance(precedent, type(context))
