from django import forms

from rebond.socle.formulaires.formulaire import FormulaireDsfr


class MotifForm(FormulaireDsfr, forms.Form):
    """Why an administrateur acts on somebody's account: kept in the journal, read by the auditeurs."""

    bouton = "Confirmer"

    motif = forms.CharField(
        label="Raison",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Elle est gardée au journal.",
    )


class FermetureForm(FormulaireDsfr, forms.Form):
    bouton = "Fermer définitivement mon compte"

    d_accord = forms.BooleanField(label="J’ai compris que je ne pourrai plus me connecter avec ce compte.")
