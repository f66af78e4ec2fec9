"""What was ticked in a list, and what to do of it."""

from typing import Any

from django import forms
from django.http import QueryDict

from candidatures.instruction.vues_enregistrees.models import DEMANDE_MAX
from rebond.socle.formulaires.entrees import EntreesNettes
from rebond.socle.texte.nombres import entier_de_machine

CLE_MAX = 2**62
TELECHARGER = "telecharger_"


class ChoixForm(EntreesNettes, forms.Form):
    """`dossiers`, or all those of the list that `demande` gives when `tous`. `relu`: the preview was read, and
    `empreinte` is that of what it showed."""

    acte = forms.CharField(max_length=40)
    tous = forms.BooleanField(required=False)
    relu = forms.BooleanField(required=False)
    demande = forms.CharField(max_length=DEMANDE_MAX, required=False)
    empreinte = forms.CharField(max_length=64, required=False)
    data: QueryDict

    @property
    def cles(self) -> list[int]:
        lues = [entier_de_machine(lu, maximum=CLE_MAX) for lu in self.data.getlist("dossiers")]
        return sorted({cle for cle in lues if cle is not None})

    @property
    def de_la_liste(self) -> str:
        """What the list was asked."""
        return str(self.data.get("demande", ""))[:DEMANDE_MAX]

    @property
    def telecharge(self) -> bool:
        return str(self.cleaned_data["acte"]).startswith(TELECHARGER)

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or self.cleaned_data
        if not lues.get("tous") and not self.cles:
            raise forms.ValidationError("Cochez au moins un dossier.")
        return lues
