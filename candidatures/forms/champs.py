"""One form field for each type of question, and its values to and from the JSON of a file."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from candidatures.cahier import Question, Type
from rebond.socle.formulaires import EntierFr
from rebond.socle.typographie import siren_fr
from territoires.regles import siren_compact, siren_valide

ENTIER_MAX = 99_999_999
ANNEES = range(1900, 2101)
# A country's prefix or a zero, then the rest: the spellings that French people use.
TELEPHONE = re.compile(r"\+?[0-9]{6,15}")
SEPARATEURS = re.compile(r"[\s.\-()/\u00a0\u202f]")


class ChampTexteLong(forms.CharField):
    """Several lines; a line break counts for one character, as browsers count it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 8}), **options)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class ChampDate(forms.DateField):
    def clean(self, value: Any) -> date | None:
        jour: date | None = super().clean(value)
        if jour is not None and jour.year not in ANNEES:
            raise ValidationError("Vérifiez l’année de cette date.", code="annee")
        return jour


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


class ChampSiren(forms.CharField):
    """Nine digits with their check digit, typed with or without spaces."""

    def __init__(self, **options: Any) -> None:
        # What people paste is longer than nine characters: the check comes after the spaces are gone.
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **options)

    def clean(self, value: Any) -> str:
        siren = siren_compact(super().clean(value))
        if siren and not siren_valide(siren):
            raise ValidationError(
                "Ce numéro SIREN n’est pas valable : vérifiez ses neuf chiffres.", code="siren_invalide"
            )
        return siren

    def prepare_value(self, value: Any) -> Any:
        return siren_fr(value) if isinstance(value, str) and siren_valide(value) else value


def _texte(question: Question, **options: Any) -> forms.Field:
    return forms.CharField(max_length=question.longueur_max, **options)


def _texte_long(question: Question, **options: Any) -> forms.Field:
    return ChampTexteLong(max_length=question.longueur_max, **options)


def _entier(_question: Question, **options: Any) -> forms.Field:
    return EntierFr(min_value=0, max_value=ENTIER_MAX, **options)


def _choix(question: Question, **options: Any) -> forms.Field:
    return forms.ChoiceField(choices=question.choix, widget=forms.RadioSelect, **options)


def _choix_multiple(question: Question, **options: Any) -> forms.Field:
    return forms.MultipleChoiceField(choices=question.choix, widget=forms.CheckboxSelectMultiple, **options)


FABRIQUES: dict[Type, Callable[..., forms.Field]] = {
    Type.TEXTE: _texte,
    Type.TEXTE_LONG: _texte_long,
    Type.ENTIER: _entier,
    Type.DATE: lambda _question, **options: ChampDate(**options),
    Type.CHOIX: _choix,
    Type.CHOIX_MULTIPLE: _choix_multiple,
    Type.COURRIEL: lambda _question, **options: forms.EmailField(max_length=254, **options),
    Type.TELEPHONE: lambda _question, **options: ChampTelephone(max_length=40, **options),
    Type.SIREN: lambda _question, **options: ChampSiren(max_length=30, **options),
}


def champ_de(question: Question) -> forms.Field:
    """The field of a question that is not a block. A draft may be incomplete: no field is obligatory."""
    libelle = question.libelle if question.obligatoire else f"{question.libelle} (optionnel)"
    return FABRIQUES[question.type](question, label=libelle, help_text=question.aide, required=False)


def vers_json(valeur: Any) -> Any:
    """A cleaned value as the file keeps it: text, integer, ISO date or list of keys."""
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def depuis_json(question: Question, valeur: Any) -> Any:
    """What the file keeps, as the field's initial value; whatever the call no longer understands is shown as it is."""
    if question.type is Type.DATE and valeur:
        try:
            return date.fromisoformat(valeur)
        except ValueError:
            return valeur
    return valeur
