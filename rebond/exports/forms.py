"""What comes in: the address of the list that is to be written."""

from django import forms

from rebond.exports.models import CHEMIN_MAX, DEMANDE_MAX
from rebond.socle.formulaires.formulaire import FormulaireDsfr


class DemandeForm(FormulaireDsfr, forms.Form):
    """`adresse` is that of a page of the portal, with its search: the page that offers it writes it."""

    adresse = forms.CharField(widget=forms.HiddenInput, max_length=CHEMIN_MAX + DEMANDE_MAX + 1)
