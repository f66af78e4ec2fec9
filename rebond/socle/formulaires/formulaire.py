"""Forms that look and behave alike in every app: the mixin, the inputs and the layout objects of the portal.

    class RencontreForm(FormulaireDsfr, forms.ModelForm):
        bouton = "Enregistrer la rencontre"

        def disposition(self) -> Layout:
            return Layout(Fieldset("L'entreprise", "siren", "nom"), Avec("montant", unite="euros"))

Then `{% load crispy_forms_tags %}{% crispy form %}`. Browser validation is off: the server's messages are in
French, kept together in a summary, and tied to their fields.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Hidden, Layout, LayoutObject, Submit, TemplateNameMixin
from crispy_forms.utils import render_field
from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.utils import ErrorDict
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from rebond.socle.formulaires.champs_nombres import ChampNombre, EntierFr, MontantFr
from rebond.socle.formulaires.choix import cherche_t_on
from rebond.socle.formulaires.entrees import EntreesNettes
from rebond.socle.formulaires.relecture import Relecture


class FormulaireDsfr(EntreesNettes):
    """Mixin, written first among the bases of a form."""

    avec_balise: ClassVar[bool] = True
    methode: ClassVar[str] = "post"
    #: Label of the submit button; empty for none (several forms in one page, or buttons in the Layout).
    bouton: ClassVar[str] = "Enregistrer"
    #: Where it is sent; the address of its page by default.
    destination: str = ""
    #: « (optionnel) » after the labels that need it; search forms turn it off.
    marquer_optionnels: ClassVar[bool] = True
    #: Fields of a group that says itself, once, when they are to be filled in.
    dits_ensemble: ClassVar[Collection[str]] = ()
    #: The list of what is to be corrected, above the form; off where the page makes one of several forms.
    resumer_erreurs: ClassVar[bool] = True
    #: Fields about the person who types, by HTML autocomplete token (RGAA 11.13): {"courriel": "email"}.
    remplissage: ClassVar[Mapping[str, str]] = {}
    #: What the page adds beside the button: other buttons, and what it has to be told again.
    complements: Sequence[Any] = ()
    #: What to read beside a list that offers nothing, by field: why, and what to do.
    vides: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            _adopter_les_saisies(champ)
        for nom, jeton in self.remplissage.items():
            self.fields[nom].widget.attrs["autocomplete"] = jeton

    def is_valid(self) -> bool:
        return not cherche_t_on(self) and super().is_valid()

    def full_clean(self) -> None:
        """What is only searched for is not corrected yet."""
        if not cherche_t_on(self):
            super().full_clean()
            return
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    def disposition(self) -> Layout:
        """The order and the groups of the fields; every field in its order by default."""
        return Layout(*(nom for nom in self.fields if nom != DELETION_FIELD_NAME))

    @property
    def relecture(self) -> Relecture | None:
        """What is read back before an act that cannot be undone, once the form is valid; nothing by default."""
        return None

    @property
    def relus(self) -> list[str]:
        """How numbers that could be written otherwise were read: « 12 000 000 € pour « Montant en euros » »."""
        champs = [(self[nom], champ) for nom, champ in self.fields.items() if isinstance(champ, ChampNombre)]
        lus = [(saisi, champ.relire(saisi.data)) for saisi, champ in champs if saisi.name not in self.errors]
        return [f"{lu} pour «\u00a0{self.nom_en_clair(saisi.name)}\u00a0»" for saisi, lu in lus if lu]

    def nom_en_clair(self, nom: str) -> str:
        """The field in a sentence."""
        return strip_tags(str(self[nom].label))

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = self.avec_balise
        helper.form_method = self.methode
        helper.form_action = self.destination
        helper.attrs = {"novalidate": True}
        helper.layout = self.disposition()
        helper.render_hidden_fields = True
        if self.bouton:
            helper.add_input(Bouton(self.bouton))
        for entree in self.complements:
            helper.add_input(entree)
        return helper


def _adopter_les_saisies(champ: forms.Field) -> None:
    """Django's default file input becomes the browser's; a widget chosen by the form stays."""
    if type(champ.widget) is forms.ClearableFileInput:
        champ.widget = _remplacer(champ, forms.FileInput())


def _remplacer(champ: forms.Field, widget: forms.Widget) -> forms.Widget:
    widget.attrs = {**champ.widget.attrs, **widget.attrs}
    widget.is_required = champ.widget.is_required
    return widget


class Bouton(Submit):
    """A submit button; `secondaire` for whatever is not the page's main act. Sends its name when it has one."""

    def __init__(self, libelle: str, *, name: str = "", secondaire: bool = False, css_class: str = "") -> None:
        classes = f"fr-btn--secondary {css_class}" if secondaire else css_class
        super().__init__(name, libelle, css_class=classes.strip() or None, css_id=f"bouton-{name}" if name else None)


class Lien(TemplateNameMixin):
    """A link dressed as a button, beside the submit button: « Annuler », « Revenir à la liste »."""

    template = "%s/layout/lien.html"

    def __init__(self, libelle: str, url: str) -> None:
        self.libelle = libelle
        self.url = url

    def render(self, _form: forms.BaseForm, _context: Any, template_pack: str = "dsfr", **_kwargs: Any) -> SafeString:
        return render_to_string(self.get_template_name(template_pack), {"lien": self})


class Avec(LayoutObject):
    """A field with an option of presentation: `unite` beside the control, `en_ligne` for short radio choices.

    The unit is hidden from screen readers: say it in the label or the help text too.
    """

    def __init__(self, champ: str, *, unite: str = "", en_ligne: bool = False) -> None:
        self.fields = [champ]
        self.options = {"unite": unite, "en_ligne": en_ligne}

    def render(self, form: forms.BaseForm, context: Any, template_pack: str = "dsfr", **kwargs: Any) -> SafeString:
        rendu = render_field(
            self.fields[0], form, context, template_pack=template_pack, extra_context=dict(self.options), **kwargs
        )
        return SafeString(rendu)


__all__ = [
    "Avec",
    "Bouton",
    "EntierFr",
    "EntreesNettes",
    "Field",
    "FormulaireDsfr",
    "Hidden",
    "Layout",
    "Lien",
    "MontantFr",
]
