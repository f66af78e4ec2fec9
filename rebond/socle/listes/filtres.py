"""Filters of lists, on django-filter: the kinds that the portal has, one form for them all."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import django_filters
from crispy_forms.layout import Div, Layout
from django import forms
from django.db.models import Model, Q, QuerySet

from rebond.socle.formulaires.champs_de_temps import ChampJour
from rebond.socle.formulaires.formulaire import FormulaireDsfr

Condition = Callable[[Any], Q]
#: One place a screen is enough for a search; what is longer is a paste gone wrong.
LONGUEUR_MAX = 100
CHOIX_INCONNU = "Ce choix n’existe pas, ou plus\u00a0: la liste n’en tient pas compte."


class FormulaireDeFiltres(FormulaireDsfr, forms.Form):
    """`largeurs`: twelfths of the row, by field."""

    methode = "get"
    avec_balise = False
    bouton = ""
    marquer_optionnels = False
    largeurs: ClassVar[Mapping[str, int]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            if isinstance(champ, forms.ChoiceField):
                champ.error_messages["invalid_choice"] = CHOIX_INCONNU

    def disposition(self) -> Layout:
        colonnes = [Div(nom, css_class=f"fr-col-12 fr-col-md-{self.largeurs.get(nom, 4)}") for nom in self.fields]
        return Layout(Div(*colonnes, css_class="fr-grid-row fr-grid-row--gutters"))

    @property
    def illisible(self) -> bool:
        """True when something that was typed cannot be read; a choice is not typed, an old address may hold it."""
        return any(not isinstance(self.fields[nom], forms.ChoiceField) for nom in self.errors)

    @property
    def rempli(self) -> bool:
        """True when at least one filter was asked for."""
        return any(saisi.data for saisi in self)


class JeuDeFiltres(django_filters.FilterSet):
    """A choice that does not exist is said and left out, the other filters still apply.

    As long as something typed cannot be read, nothing matches: the page would answer another question than the one
    that was asked.
    """

    largeurs: ClassVar[Mapping[str, int]] = {}

    def get_form_class(self) -> type[FormulaireDeFiltres]:
        champs = {nom: filtre.field for nom, filtre in self.filters.items()}
        return type(f"Formulaire{type(self).__name__}", (FormulaireDeFiltres,), champs | {"largeurs": self.largeurs})

    @property
    def formulaire(self) -> FormulaireDeFiltres:
        formulaire: FormulaireDeFiltres = self.form
        return formulaire

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.formulaire.illisible:
            return queryset.none()
        filtre: QuerySet[Any] = super().filter_queryset(queryset)
        return filtre


class _Selon(django_filters.Filter):
    """Filters on what `condition` makes of the value."""

    def __init__(self, label: str, condition: Condition, **options: Any) -> None:
        super().__init__(label=label, **options)
        self.condition = condition

    def q(self, value: Any) -> Q:
        """What a value keeps."""
        return self.condition(value)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value in (None, "") else qs.filter(self.q(value))


class Recherche(_Selon):
    """A short text: `Recherche("Personne ou organisme", lambda texte: Q(nom__unaccent__icontains=texte))`."""

    field_class = forms.CharField

    def __init__(self, label: str, condition: Condition) -> None:
        super().__init__(label, condition, max_length=LONGUEUR_MAX)


class Jour(_Selon):
    """A day, read by the portal's one reader of days."""

    field_class = ChampJour


class Choix(django_filters.ChoiceFilter):
    """One value among `choices`: `champ` is it, or else `condition` says what it keeps."""

    def __init__(
        self,
        label: str,
        choices: Any,
        *,
        champ: str = "",
        condition: Condition | None = None,
        tous: str = "Tous",
    ) -> None:
        super().__init__(field_name=champ, label=label, choices=choices, empty_label=tous)
        self.condition = condition

    def q(self, value: str) -> Q:
        return self.condition(value) if self.condition else Q(**{self.field_name: value})

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(self.q(value)) if value else qs


class Cas(django_filters.ChoiceFilter):
    """One of a few conditions, each with its label: `Cas("Rencontre", {"oui": ("Rencontrés", Q(…))})`."""

    def __init__(self, label: str, cas: Mapping[str, tuple[str, Q]], *, tous: str = "Tous") -> None:
        choix = [(cle, libelle) for cle, (libelle, _) in cas.items()]
        super().__init__(label=label, choices=choix, empty_label=tous)
        self.cas = cas

    def q(self, value: str) -> Q:
        return self.cas[value][1]

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs.filter(self.q(value)) if value else qs


class UnParmi(django_filters.ModelChoiceFilter):
    """One row of `objets`, which may be set later; `condition`, or else that `champ` is it."""

    def __init__(
        self,
        label: str,
        objets: QuerySet[Any],
        *,
        champ: str = "",
        condition: Condition | None = None,
        tous: str = "Toutes",
        par: str = "pk",
    ) -> None:
        super().__init__(field_name=champ, label=label, queryset=objets, empty_label=tous, to_field_name=par)
        self.condition = condition

    def q(self, value: Model) -> Q:
        return self.condition(value) if self.condition else Q(**{self.field_name: value})

    def filter(self, qs: QuerySet[Any], value: Model | None) -> QuerySet[Any]:
        return qs if value is None else qs.filter(self.q(value))
