"""One row chosen among any number of them: a list as long as it can be read, a search beyond. Without JavaScript."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rebond.socle.texte.typographie import nombre

#: A list that is longer is searched.
CHOIX_MAX = 100
LONGUEUR_MAX = 100
TEXTE, BOUTON = "recherche", "chercher"


class _Proposes(ModelChoiceIterator):
    """What the list holds, and no more: never all the rows."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        champ: Any = self.field
        if champ.empty_label is not None:
            yield "", champ.empty_label
        yield from map(self.choice, champ.widget.proposes(champ))


class SelectionCherchee(forms.Select):
    """A list; above it, when there are too many rows, what searches them."""

    texte = ""
    choisi: Any = None

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        self.texte = str(data.get(f"{name}-{TEXTE}") or "").strip()[:LONGUEUR_MAX]
        return super().value_from_datadict(data, files, name)

    def proposes(self, champ: "ChoixParmiBeaucoup") -> list[Model]:
        """What is found, `CHOIX_MAX` at most; first what is chosen already, wherever it stands."""
        if not champ.nombreux:
            return champ.premiers
        trouves = champ.trouves(self.texte)
        choisi = champ.celui(self.choisi)
        return trouves if choisi is None or choisi in trouves else [choisi, *trouves]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        self.choisi = value
        liste = super().render(name, value, attrs, renderer)
        champ = getattr(self.choices, "field", None)
        if champ is None or not champ.nombreux:
            return liste
        return format_html(
            '<div class="fr-search-bar fr-mt-1w"><label class="fr-label" for="{ou}">{titre}</label>'
            '<input class="fr-input" type="search" id="{ou}" name="{nom}-{texte}" value="{valeur}" maxlength="{max}" '
            'placeholder="{titre}" autocomplete="off">'
            '<button type="submit" class="fr-btn" name="{nom}-{bouton}" value="oui">Chercher</button></div>'
            '<p class="fr-hint-text fr-mt-1w fr-mb-0" role="status">{dit}</p>{liste}',
            ou=f"{(attrs or {}).get('id') or name}-{TEXTE}",
            titre="Chercher dans la liste",
            nom=name,
            texte=TEXTE,
            bouton=BOUTON,
            valeur=self.texte,
            max=LONGUEUR_MAX,
            dit=champ.dit(self.texte),
            liste=liste,
        )


class ChoixParmiBeaucoup(forms.ModelChoiceField):
    """`cherche`: what a text finds. The queryset may be set later, as long as nothing has been read of it.

    What is chosen is looked for among all the rows, shown or not. Pressing « Chercher » is not sending the form
    (`cherche_t_on`): the page comes back as it was typed, with what was found.
    """

    widget = SelectionCherchee
    iterator = _Proposes

    def __init__(self, queryset: QuerySet[Any], *, cherche: Callable[[str], Q], **options: Any) -> None:
        self.cherche = cherche
        super().__init__(queryset, **options)

    @cached_property
    def premiers(self) -> list[Model]:
        return list(self.queryset[: CHOIX_MAX + 1])  # type: ignore[index]

    @property
    def nombreux(self) -> bool:
        return len(self.premiers) > CHOIX_MAX

    def trouves(self, texte: str) -> list[Model]:
        if not texte:
            return self.premiers[:CHOIX_MAX]
        return list(self.queryset.filter(self.cherche(texte))[: CHOIX_MAX + 1])[:CHOIX_MAX]  # type: ignore[union-attr]

    def celui(self, valeur: Any) -> Model | None:
        """The row of this value, when it may be chosen."""
        if isinstance(valeur, Model):
            return valeur
        try:
            return self.to_python(valeur)
        except forms.ValidationError:
            return None

    def dit(self, texte: str) -> str:
        if not texte:
            return f"La liste montre les {nombre(CHOIX_MAX)} premiers choix\u00a0: cherchez les autres par leur nom."
        return f"La liste montre ce qui répond à «\u00a0{texte}\u00a0», {nombre(CHOIX_MAX)} choix au plus."

    def __deepcopy__(self, memo: dict[int, Any]) -> "ChoixParmiBeaucoup":
        copie: ChoixParmiBeaucoup = super().__deepcopy__(memo)
        copie.__dict__.pop("premiers", None)
        return copie


def cherche_t_on(formulaire: forms.BaseForm) -> bool:
    """Whether the form was sent by the button that searches one of its lists."""
    return formulaire.is_bound and any(
        f"{formulaire.add_prefix(nom)}-{BOUTON}" in formulaire.data
        for nom, champ in formulaire.fields.items()
        if isinstance(champ, ChoixParmiBeaucoup)
    )
