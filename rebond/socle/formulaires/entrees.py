"""What every form receives, cleaned once."""

from typing import Any

from django import forms

from rebond.socle.formulaires.champs_nombres import SaisieNombre
from rebond.socle.formulaires.obligations import dire
from rebond.socle.texte.caracteres import en_une_ligne, identifiant, nettoyer
from rebond.socle.texte.nombres import en_une_ligne_tel_qu_on_le_voit


class EntreesNettes(forms.BaseForm):
    """Mixin of every form: what is received is cleaned before any field reads it, and shown again so cleaned; what is
    missing is asked for in the question's own words.
    """

    def full_clean(self) -> None:
        if self.is_bound:
            dire(self)
        super().full_clean()

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        # Fields, `BoundField.data` and changes all read what was sent through this method of Django's.
        return _nette(super()._widget_data_value(widget, html_name), widget)  # type: ignore[misc]


def _nette(valeur: Any, widget: forms.Widget) -> Any:
    if isinstance(valeur, list):
        return [_nette(une, widget) for une in valeur]
    if not isinstance(valeur, str) or isinstance(widget, forms.PasswordInput):
        return valeur
    if getattr(widget, "input_type", "") == "email":
        return identifiant(valeur)
    if isinstance(widget, SaisieNombre):
        return en_une_ligne_tel_qu_on_le_voit(valeur)
    # A hidden input may carry a text of several lines.
    plusieurs_lignes = isinstance(widget, forms.Textarea | forms.HiddenInput)
    return nettoyer(valeur) if plusieurs_lignes else en_une_ligne(valeur)
