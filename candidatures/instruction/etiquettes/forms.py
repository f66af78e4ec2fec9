"""What is typed of a label: on one file."""

from typing import Any

from django import forms

from candidatures.instruction.etiquettes.regles import LONGUEUR_MAX, nette
from rebond.socle.formulaires.formulaire import EntreesNettes, FormulaireDsfr

AIDE = (
    "Un ou deux mots, choisis entre vous. Tous ceux qui lisent l’instruction de ce dossier la lisent\u00a0; ni le "
    "territoire ni les experts. Comme toute pièce de l’administration, elle peut être communiquée à qui la demande."
)


class ChampEtiquette(forms.CharField):
    """A short text; `proposees`, those that are in use, which its page lists beside it."""

    def __init__(self, **options: Any) -> None:
        manque = {"required": "Écrivez une étiquette."}
        super().__init__(max_length=LONGUEUR_MAX, error_messages=manque, **options)
        self.widget.attrs.update(autocomplete="off", list="etiquettes-proposees")

    def clean(self, value: Any) -> str:
        return nette(super().clean(value))


class EtiquetteForm(FormulaireDsfr, forms.Form):
    bouton = "Ajouter cette étiquette"

    etiquette = ChampEtiquette(label="Étiquette", help_text=AIDE)


class OterForm(EntreesNettes, forms.Form):
    etiquette = forms.CharField(max_length=LONGUEUR_MAX)
