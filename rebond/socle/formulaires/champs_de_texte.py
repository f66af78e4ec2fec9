"""Text fields that understand how people type."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from rebond.socle.texte.citations import contient_un_lien

# Where a number without a prefix may be from: ten figures everywhere there. Elsewhere people write the prefix.
PAYS = ("FR", "GP", "GF", "RE")
POSTE = re.compile(r"\bposte\b\.?", re.IGNORECASE)


class ChampTexteLong(forms.CharField):
    """Several lines; a line break counts for one character, as browsers count it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 8}), **options)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


def refuser_les_liens(texte: str) -> None:
    """Validator of a name that letters of the State will quote: it leads nowhere."""
    if contient_un_lien(texte):
        raise ValidationError("Un nom ne contient ni adresse de site ni adresse e-mail.", code="lien")


class ChampTelephone(forms.CharField):
    """A number that exists in its country's plan; French ones are spelled by pairs, others with their prefix."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "tel"}), **options)

    def clean(self, value: Any) -> str:
        texte: str = super().clean(value)
        return telephone(texte) if texte else texte


def telephone(texte: str) -> str:
    """`texte` as it is written on paper. Raises `ValidationError` when nobody could call it."""
    import phonenumbers  # late: heavy

    ecrit = POSTE.sub("ext.", texte)
    for pays in PAYS:
        try:
            lu = phonenumbers.parse(ecrit, pays)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(lu):
            return _ecrire_le_telephone(lu, avec_indicatif=texte.lstrip().startswith(("+", "00")))
    raise ValidationError(
        "Saisissez un numéro de téléphone en entier, et un seul\u00a0: par exemple 03 27 00 00 00, ou avec son "
        "indicatif, +33 3 27 00 00 00.",
        code="invalid",
    )


def _ecrire_le_telephone(lu: Any, *, avec_indicatif: bool) -> str:
    import phonenumbers  # late: heavy

    poste = f", poste {lu.extension}" if lu.extension else ""
    if avec_indicatif:
        lu.extension = None
        return f"{phonenumbers.format_number(lu, phonenumbers.PhoneNumberFormat.INTERNATIONAL)}{poste}"
    chiffres = f"0{phonenumbers.national_significant_number(lu)}"
    return " ".join(chiffres[rang : rang + 2] for rang in range(0, len(chiffres), 2)) + poste
