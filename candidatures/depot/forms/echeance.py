"""The porteur's choice for the deadline."""

from django import forms

from rebond.socle.formulaires.formulaire import FormulaireDsfr


class DemandeForm(FormulaireDsfr, forms.Form):
    bouton = "Demander ce dépôt à l’échéance"
    marquer_optionnels = False

    confirmation = forms.BooleanField(
        label="J’ai compris que le portail déposera la dernière version complète, sans me redemander",
        error_messages={"required": "Cochez cette case pour confirmer votre demande."},
    )


class RenonciationForm(FormulaireDsfr, forms.Form):
    """Says what it is for: sent from a page that is out of date, it never means the contrary."""

    bouton = "Renoncer à ce dépôt"

    renoncer = forms.BooleanField(widget=forms.HiddenInput, initial=True)
