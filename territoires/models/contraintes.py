"""Constraints that several models share."""

from django.db.models import BooleanField, CheckConstraint, F, Func, Q

SIREN_INVALIDE = "Ce numéro SIREN n’est pas valide : vérifiez ses neuf chiffres."


def siren_correct(nom: str, *, champ: str = "siren", vide_permis: bool = False) -> CheckConstraint:
    """CHECK that `champ` is a SIREN. Rests on the SQL function `siren_valide(text)` of this app's first migration."""
    valide = Func(F(champ), function="siren_valide", output_field=BooleanField())
    condition = Q(**{champ: ""}) | Q(valide) if vide_permis else Q(valide)
    return CheckConstraint(condition=condition, name=nom, violation_error_message=SIREN_INVALIDE)
