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


class AnonymisationForm(FormulaireDsfr, forms.Form):
    """Why a person is made anonymous before its time."""

    bouton = "Rendre anonyme pour toujours"

    motif = forms.CharField(
        label="Raison",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Quand et comment on l’a demandé. N’y écrivez pas son nom\u00a0: c’est gardé au journal.",
    )


class OubliForm(FormulaireDsfr, forms.Form):
    """Why whoever asked without an account is forgotten."""

    bouton = "Effacer pour toujours"

    motif = forms.CharField(
        label="Raison",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Quand et comment cette personne l’a demandé, et comment vous savez que c’est elle. N’y écrivez pas "
        "son nom\u00a0: c’est gardé au journal.",
    )
