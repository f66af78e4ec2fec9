"""One form field for each type of question, and its values to and from the JSON of a file."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Self

from django import forms
from django.utils.html import escape, format_html

from candidatures.cahier import Question, Type
from rebond.socle.formulaires.champs_de_temps import ChampJour
from rebond.socle.formulaires.champs_de_texte import ChampTelephone, ChampTexteLong
from rebond.socle.formulaires.champs_nombres import DecimalFr, EntierFr, MontantFr
from rebond.socle.texte.jours import ANNEE
from rebond.socle.texte.nombres import lire_machine
from rebond.socle.texte.typographie import nombre
from territoires.forms import ChampEpci, ChampSiren

PREMIER_JOUR, DERNIER_JOUR = date(1950, 1, 1), date(2069, 12, 31)
ENTIER_MAX = 99_999_999
MONTANT_MAX = 999_999_999_999


def _texte(question: Question, **options: Any) -> forms.Field:
    return forms.CharField(max_length=question.longueur_max, **options)


def _texte_long(question: Question, **options: Any) -> forms.Field:
    return ChampTexteLong(max_length=question.longueur_max, **options)


def _entier(question: Question, **options: Any) -> forms.Field:
    return EntierFr(min_value=0, max_value=ENTIER_MAX, unite=question.unite, **options)


def _decimal(question: Question, **options: Any) -> forms.Field:
    return DecimalFr(unite=question.unite, **options)


def _montant(_question: Question, **options: Any) -> forms.Field:
    return MontantFr(min_value=0, max_value=MONTANT_MAX, **options)


class ChoixDuCahier(forms.ChoiceField):
    """The choices that specifications offer never change: all the forms of a section share them."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return forms.Field.__deepcopy__(self, memo)


class ChoixMultipleDuCahier(forms.MultipleChoiceField):
    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return forms.Field.__deepcopy__(self, memo)


def _choix(question: Question, **options: Any) -> forms.Field:
    return ChoixDuCahier(choices=_libelles(question), widget=forms.RadioSelect, **options)


def _choix_multiple(question: Question, **options: Any) -> forms.Field:
    return ChoixMultipleDuCahier(choices=_libelles(question), widget=forms.CheckboxSelectMultiple, **options)


def _libelles(question: Question) -> list[tuple[str, str]]:
    """Each choice, with what explains it underneath when it needs to be."""
    return [
        (
            choix.cle,
            format_html('{}<span class="fr-hint-text">{}</span>', choix.libelle, choix.aide)
            if choix.aide
            else choix.libelle,
        )
        for choix in question.choix
    ]


def _jour(_question: Question, **options: Any) -> forms.Field:
    """What a file speaks of happened lately, or will: « 2202 » is a slip of the hand."""
    return ChampJour(minimum=PREMIER_JOUR, maximum=DERNIER_JOUR, trop_tot=ANNEE, trop_tard=ANNEE, **options)


FABRIQUES: dict[Type, Callable[..., forms.Field]] = {
    Type.TEXTE: _texte,
    Type.TEXTE_LONG: _texte_long,
    Type.ENTIER: _entier,
    Type.DECIMAL: _decimal,
    Type.MONTANT: _montant,
    Type.DATE: _jour,
    Type.CHOIX: _choix,
    Type.CHOIX_MULTIPLE: _choix_multiple,
    Type.COURRIEL: lambda _question, **options: forms.EmailField(max_length=254, **options),
    Type.TELEPHONE: lambda _question, **options: ChampTelephone(max_length=40, **options),
    Type.EPCI: lambda _question, **options: ChampEpci(**options),
    Type.SIREN: lambda _question, **options: ChampSiren(max_length=30, **options),
}


def champ_de(question: Question, autres: Sequence[Question] = ()) -> forms.Field:
    """The field of a question that is typed and not a block, among the `autres` of its section.

    A draft may be incomplete: no field is obligatory.
    """
    libelle = question.libelle if question.obligatoire else f"{question.libelle} (optionnel)"
    return FABRIQUES[question.type](
        question, label=libelle, help_text=escape(aide_de(question, autres)), required=False
    )


def aide_de(question: Question, autres: Sequence[Question] = ()) -> str:
    """What is written under the label: when to answer, the help, and for a long text how long it may be."""
    morceaux = [_quand_repondre(question, autres), question.aide]
    if question.type is Type.TEXTE_LONG:
        morceaux.append(f"{nombre(question.longueur_max)}\u00a0caractères au plus.")
    return " ".join(morceau for morceau in morceaux if morceau)


def _quand_repondre(question: Question, autres: Sequence[Question]) -> str:
    if question.condition is None:
        return ""
    mere = next(autre for autre in autres if autre.cle == question.condition.question)
    attendues = " ou ".join(f"«\u00a0{mere.libelles[valeur]}\u00a0»" for valeur in question.condition.valeurs)
    return f"À renseigner si vous avez répondu {attendues} à «\u00a0{mere.libelle}\u00a0»."


def vers_json(valeur: Any) -> Any:
    """A cleaned value as the file keeps it: text, integer, ISO date, list of keys, or an EPCI's SIREN and name."""
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def depuis_json(question: Question, valeur: Any) -> Any:
    """What the file keeps, as the field's initial value; whatever the call no longer understands is shown as it is."""
    if question.type is Type.DATE and valeur:
        try:
            return date.fromisoformat(valeur)
        except ValueError:
            return valeur
    if question.type is Type.DECIMAL and isinstance(valeur, str):
        garde = lire_machine(valeur)
        return valeur if garde is None else garde
    return valeur
