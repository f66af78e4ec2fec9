"""What whoever instructs says of the link between a porteur and an authority."""

from django import forms

from rebond.socle.formulaires.formulaire import FormulaireDsfr


class LeveeForm(FormulaireDsfr, forms.Form):
    bouton = "Lever la réserve"

    motif = forms.CharField(
        label="Comment savez-vous que cette personne travaille pour cette collectivité\u00a0?",
        help_text="Par exemple «\u00a0Appel au secrétariat de la collectivité, le 3 juin, Mme la directrice "
        "confirme\u00a0». Cela reste au journal.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez ce qui vous permet de le dire."},
    )
