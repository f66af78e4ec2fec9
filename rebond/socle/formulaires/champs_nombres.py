"""The form fields of numbers: the only ones that may stand before a person (`tests/socle/test_lecteur_unique.py`)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from rebond.socle.texte.nombres import (
    DECIMAL,
    ENTIER,
    EURO,
    Attente,
    Lu,
    NombreIllisible,
    ecrire,
    ecrire_avec_unite,
    lire,
    verifier,
)

LAISSEZ_VIDE = " Si vous ne le connaissez pas, laissez ce champ vide."
IL_LE_FAUT = " Il en faut un ici."


class SaisieNombre(forms.TextInput):
    """Its text is cleaned by `nombres.en_une_ligne_tel_qu_on_le_voit`."""


class ChampNombre(forms.Field):
    """What `rebond.socle.texte.nombres` reads, between `min_value` and `max_value`.

    `unite` may be written behind it.
    """

    widget = SaisieNombre
    attente = DECIMAL
    clavier = "decimal"

    def __init__(
        self,
        *,
        min_value: int | None = None,
        max_value: int | None = None,
        unite: str = "",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.min_value, self.max_value = min_value, max_value
        self.attente = Attente(entier=self.attente.entier, unite=unite or self.attente.unite)
        self.widget.attrs.setdefault("inputmode", self.clavier)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        """Text is what a person typed; a number comes from a program."""
        if isinstance(value, str):
            value = value.strip()
        if value in self.empty_values:
            return self.rien
        return self.garder(self._essayer(lambda: self._lu(value)).valeur)

    rien: Any = None

    def garder(self, valeur: Decimal) -> Any:
        """The value as the form gives it."""
        return valeur

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value in self.empty_values:
            return
        nombre = self._nombre_de(value)
        if self.min_value is not None and nombre < self.min_value:
            raise ValidationError(self._trop_petit(nombre), code="min_value")
        if self.max_value is not None and nombre > self.max_value:
            plafond = self._dire(self.max_value)
            raise ValidationError(f"C’est plus que {plafond}\u00a0: vérifiez ce nombre.", code="max_value")

    def relire(self, saisie: Any) -> str:
        """How a text that let the reader multiply or choose was read, to be shown back; empty for any other."""
        try:
            lu = lire(saisie, self.attente) if isinstance(saisie, str) and saisie.strip() else None
        except NombreIllisible:
            return ""
        return ecrire_avec_unite(self._decimal_ou_entier(lu.valeur), self.attente) if lu and lu.a_montrer else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True

    def _lu(self, value: Any) -> Lu:
        if isinstance(value, str):
            return lire(value, self.attente)
        return Lu(verifier(Decimal(value), self.attente))

    def _essayer(self, lecture: Callable[[], Lu]) -> Lu:
        try:
            return lecture()
        except NombreIllisible as refus:
            reste = (IL_LE_FAUT if self.required else LAISSEZ_VIDE) if refus.sans_reponse else ""
            raise ValidationError(f"{refus.message}{reste}", code="invalid") from None

    def _nombre_de(self, value: Any) -> Decimal:
        return Decimal(value)

    def _decimal_ou_entier(self, valeur: Decimal) -> int | Decimal:
        return int(valeur) if self.attente.entier else valeur

    def _trop_petit(self, nombre: Decimal) -> str:
        if nombre < 0 <= (self.min_value or 0):
            return f"{'Ce montant' if self.attente.en_euros else 'Ce nombre'} ne peut pas être négatif."
        return f"Il faut au moins {self._dire(self.min_value or 0)}."

    def _dire(self, borne: int) -> str:
        return ecrire_avec_unite(borne, self.attente)


class EntierFr(ChampNombre):
    """A whole number as people type it in French: « 5 000 000 » is accepted and shown so. No spinner, no exponent."""

    attente = ENTIER
    clavier = "numeric"

    def garder(self, valeur: Decimal) -> int:
        return int(valeur)

    def prepare_value(self, value: Any) -> Any:
        return ecrire(value) if isinstance(value, int) else value


class MontantFr(EntierFr):
    """An amount in whole euros: « 1 500 000 », « 1 500 000,00 € », « 1 500 k€ », « 1,5 M€ »."""

    def __init__(self, **options: Any) -> None:
        super().__init__(unite=EURO, **options)


class DecimalFr(ChampNombre):
    """A number with a comma, kept as text so that nothing is rounded: « 1 234,50 » → "1234.50", "" for nothing."""

    rien = ""

    def garder(self, valeur: Decimal) -> str:
        return f"{valeur:f}"

    def prepare_value(self, value: Any) -> Any:
        return ecrire(value) if isinstance(value, Decimal) else value
