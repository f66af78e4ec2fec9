from django import forms

from rebond.comptes.connexion import FormulaireCompte


class CodeDeLiaisonForm(FormulaireCompte, forms.Form):
    code = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))
