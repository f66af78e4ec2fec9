"""One choice for each kind of comfort letter."""

from typing import Any

from django import forms

from rebond.socle.courriers.natures import CONFORT, Rythme
from rebond.socle.formulaires.formulaire import FormulaireDsfr


class PreferencesForm(FormulaireDsfr, forms.Form):
    bouton = "Enregistrer mes choix"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for sorte, contenu in CONFORT.items():
            self.fields[sorte.value] = forms.ChoiceField(
                label=sorte.label, help_text=contenu, choices=Rythme.choices, widget=forms.RadioSelect
            )
