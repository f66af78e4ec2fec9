"""What people write about personal data."""

from django import forms

from rebond.socle.formulaires.formulaire import FormulaireDsfr


class ExportPourForm(FormulaireDsfr, forms.Form):
    """Why an administrateur has the data of somebody prepared: kept in the journal."""

    bouton = "Préparer et prévenir la personne"

    motif = forms.CharField(
        label="Sa demande",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Quand et comment cette personne l’a demandé, et comment vous savez que c’est elle. C’est gardé au "
        "journal.",
    )
