"""Text fields that understand how people type."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from rebond.socle.texte.citations import contient_un_lien

# A country's prefix or a zero, then the rest: the spellings that French people use.
TELEPHONE = re.compile(r"\+?[0-9]{6,15}")
SEPARATEURS = re.compile(r"[\s.\-()/\u00a0\u202f]")


class ChampTexteLong(forms.CharField):
    """Several lines; a line break counts for one character, as browsers count it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 8}), **options)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


def refuser_les_liens(texte: str) -> None:
    """Validator of a name that letters of the State will quote: it leads nowhere."""
    if contient_un_lien(texte):
        raise ValidationError("Un nom ne contient ni adresse de site ni adresse électronique.", code="lien")


class ChampTelephone(forms.CharField):
    """French or international; ten digits are spelled by pairs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "tel"}), **options)

    def clean(self, value: Any) -> str:
        texte: str = super().clean(value)
        chiffres = SEPARATEURS.sub("", texte)
        if chiffres and not TELEPHONE.fullmatch(chiffres):
            raise ValidationError(
                "Saisissez un numéro de téléphone, par exemple 03 27 00 00 00 ou +33 3 27 00 00 00.", code="invalid"
            )
        if len(chiffres) == 10 and chiffres.startswith("0"):
            return " ".join(chiffres[rang : rang + 2] for rang in range(0, 10, 2))
        return texte
