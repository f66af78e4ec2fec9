"""What the press office types."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from projets.communique.actions import A_RELIRE
from projets.communique.editions import ProjetDeCommunique
from projets.communique.regles import MOTIF_TROP_COURT, motif_suffisant
from projets.rapport.forms import DateDesChiffresForm
from rebond.socle.formulaires.formulaire import FormulaireDsfr


class ChoixDeDateForm(DateDesChiffresForm):
    """In the query string of the press page."""

    methode = "get"
    bouton = "Afficher les chiffres"
    marquer_optionnels = False


class FigerForm(FormulaireDsfr, forms.Form):
    """What freezes `projet`, the draft on the page: another one than was read is refused, and asks to read again.

    What keeps it from being frozen is said along with what is wrong in the form. A rectificatif says why it follows.
    """

    bouton = "Arrêter ce texte"

    motif = forms.CharField(
        label="Raison de la correction",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text="Ce motif figure en tête du communiqué rectificatif : dites en une phrase ce qui a changé.",
    )
    relu = forms.BooleanField(
        label="J’ai relu le texte et les chiffres",
        error_messages={"required": "Relisez le texte et les chiffres, puis cochez cette case."},
    )
    empreinte = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, projet: ProjetDeCommunique, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refus = projet.refus
        self.actuelle = self.fields["empreinte"].initial = projet.pret.sceau
        if not projet.figes or projet.inchange:
            del self.fields["motif"]
        else:
            self.bouton = "Arrêter le texte corrigé"  # type: ignore[misc]

    def clean_motif(self) -> str:
        motif: str = self.cleaned_data["motif"]
        if not motif_suffisant(motif):
            raise ValidationError(MOTIF_TROP_COURT)
        return motif

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        for raison in self.refus:
            self.add_error(None, raison)
        if donnees.get("empreinte") != self.actuelle:
            saisie = {cle: valeur for cle, valeur in self.data.items() if cle != "relu"}
            self.data = saisie | {"empreinte": self.actuelle}
            raise ValidationError(A_RELIRE)
        return donnees
