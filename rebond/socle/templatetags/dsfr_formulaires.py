"""What the crispy template pack `dsfr` needs to know of a field: its kind, its target and its DSFR classes."""

import re
from typing import TYPE_CHECKING, Any

from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rebond.socle.formulaires.lignes import LignesDsfr

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()

# Checked in this order: CheckboxSelectMultiple subclasses RadioSelect, RadioSelect subclasses Select's base.
GENRES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "cases"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "case"),
    (forms.FileInput, "fichier"),
    (forms.Select, "selection"),
    (forms.Textarea, "zone"),
)
# An option that can be chosen: the one that invites to choose has no value.
OFFERTE = re.compile(r'<option value="[^"]')
RIEN = "Il n’y a rien à choisir pour l’instant."
TOUS_OBLIGATOIRES = "Tous les champs sont obligatoires."
SAUF_OPTIONNELS = "Sauf mention contraire, tous les champs sont obligatoires."
#: A form of one field needs no sentence.
A_PARTIR_DE = 2
CLASSE_SAISIE = {"case": "", "cases": "", "radios": "", "fichier": "fr-upload", "selection": "fr-select"}


@register.filter
def genre(champ: BoundField) -> str:
    """`cases`, `radios`, `case`, `fichier`, `selection`, `zone` or `saisie` (any other one-line input)."""
    return next((nom for type_, nom in GENRES if isinstance(champ.field.widget, type_)), "saisie")


@register.filter
def cible(champ: BoundField) -> str:
    """The id that a link of the error summary points to: the control, or the fieldset of a group."""
    return f"{champ.auto_id}_groupe" if genre(champ) in {"cases", "radios"} else champ.id_for_label


@register.filter
def optionnel(champ: BoundField) -> bool:
    """Whether to write « (optionnel) »; a form opts out with `marquer_optionnels = False` (search forms), and for the
    fields of a group that says once when they are filled in, with `dits_ensemble`."""
    if champ.name in getattr(champ.form, "dits_ensemble", ()):
        return False
    marquer = getattr(champ.form, "marquer_optionnels", getattr(settings, "DSFR_MARK_OPTIONAL_FIELDS", False))
    return bool(marquer) and not champ.field.required and genre(champ) != "case"


@register.filter
def mention(formulaire: forms.BaseForm) -> str:
    """What is to be filled in, said once above the fields of a form that marks those which may be left out."""
    if not getattr(formulaire, "marquer_optionnels", False):
        return ""
    exiges = [champ.field.required for champ in formulaire.visible_fields() if genre(champ) != "case"]
    if len(exiges) < A_PARTIR_DE or not any(exiges):
        return ""
    return TOUS_OBLIGATOIRES if all(exiges) else SAUF_OPTIONNELS


@register.filter
def limite(champ: BoundField) -> int | None:
    """The greatest number of characters of a text area, when it has one."""
    return getattr(champ.field, "max_length", None) if genre(champ) == "zone" else None


@register.simple_tag
def saisie(champ: BoundField) -> SafeString:
    """The control, its DSFR class, the ids of the texts that describe it; a list that offers nothing says why."""
    nature = genre(champ)
    classe = CLASSE_SAISIE.get(nature, "fr-input")
    attributs: dict[str, Any] = {}
    if classe:
        attributs["class"] = " ".join(filter(None, [classe, champ.field.widget.attrs.get("class")]))
    if decrit_par := descriptions(champ):
        attributs["aria-describedby"] = decrit_par
    rendu = champ.as_widget(attrs=attributs)
    if nature != "selection" or OFFERTE.search(rendu) or not (pourquoi := _rien_a_choisir(champ)):
        return rendu
    ancre = f"{champ.auto_id}_vide"
    attributs["aria-describedby"] = f"{attributs.get('aria-describedby', '')} {ancre}".strip()
    rendu = champ.as_widget(attrs=attributs)
    return format_html('{}<p class="fr-message fr-message--info" id="{}">{}</p>', rendu, ancre, pourquoi)


def _rien_a_choisir(champ: BoundField) -> str:
    phrases: Mapping[str, str] = getattr(champ.form, "vides", {})
    return phrases.get(champ.name, RIEN if champ.field.required else "")


@register.filter
def descriptions(champ: BoundField) -> str:
    """Ids of the help, of the limit and of the error message, in reading order."""
    ids = []
    if champ.help_text and genre(champ) not in {"cases", "radios"}:
        ids.append(f"{champ.auto_id}_helptext")
    if limite(champ):
        ids.append(f"{champ.auto_id}_limite")
    if champ.errors:
        ids.append(f"{champ.auto_id}_error")
    return " ".join(ids)


@register.filter
def a_resumer(formulaire: forms.BaseForm) -> bool:
    """Whether the form lists its own errors; a page made of several forms lists them together."""
    return bool(getattr(formulaire, "resumer_erreurs", True))


@register.filter
def nombre_erreurs(formulaire: forms.BaseForm) -> int:
    """How many things are wrong: the lines of the error summary."""
    return len(formulaire.non_field_errors()) + sum(1 for champ in formulaire if champ.errors)


@register.filter
def classes_bouton(bouton: Any) -> str:
    """DSFR classes of a crispy button, without those that crispy-forms writes for Bootstrap."""
    propres = [mot for mot in bouton.field_classes.split() if mot != "btn" and not mot.startswith("btn-")]
    return " ".join(["fr-btn", *propres])


@register.filter
def rang(formulaire: forms.BaseForm) -> str:
    """The index of a row in its formset, as its prefix says it."""
    return str(formulaire.prefix).rpartition("-")[2]


@register.filter
def au_dessus(lignes: LignesDsfr, formulaire: forms.BaseForm) -> str:
    return lignes.voisine(formulaire, -1)


@register.filter
def au_dessous(lignes: LignesDsfr, formulaire: forms.BaseForm) -> str:
    return lignes.voisine(formulaire, 1)
