"""Which two versions of a section are read side by side."""

from django import forms

from rebond.socle.formulaires.formulaire import EntreesNettes


class ComparaisonForm(EntreesNettes, forms.Form):
    autre = forms.IntegerField(min_value=1, required=False)

    @property
    def avec(self) -> int | None:
        """The other revision; None for the present one."""
        return self.cleaned_data.get("autre") if self.is_valid() else None
