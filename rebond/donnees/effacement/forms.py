"""The form of an erasure."""

from django import forms
from django.core.validators import RegexValidator

from rebond.socle.formulaires.formulaire import FormulaireDsfr

MAL_ECRITE = "Ce code a 64 caractères, chiffres et lettres de a à f."


class EffacementForm(FormulaireDsfr, forms.Form):
    """Which document, and why."""

    bouton = "Demander l’effacement"

    empreinte = forms.CharField(
        label="Code de vérification (SHA-256) du document",
        max_length=64,
        validators=[RegexValidator(r"^[0-9a-fA-F]{64}$", MAL_ECRITE)],
        help_text="Les personnes du dossier le lisent sous chaque pièce, et sur l’accusé de réception.",
    )
    motif = forms.CharField(
        label="Raison",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dites de quelle sorte de données il s’agit, sans les recopier. C’est gardé pour toujours.",
    )

    def clean_empreinte(self) -> str:
        return str(self.cleaned_data["empreinte"]).lower()
