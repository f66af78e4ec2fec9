"""Which answer a note is written beside."""

from collections.abc import Mapping
from typing import Any

from django import forms

from rebond.socle.formulaires.formulaire import EntreesNettes


class AnnoteeForm(EntreesNettes, forms.Form):
    """`ancre`, as an address or a form says it; empty for what the file does not have."""

    ancre = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, libelles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["ancre"]
        champ.choices = libelles.items()

    @property
    def choisie(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("ancre", ""))


def libelles_de(dossier: Any) -> dict[str, str]:
    """The words of each question, by what names it; `dossier` comes with its `cahier`."""
    sections = dossier.cahier.cahier.sections
    return {f"{section.cle}.{question.cle}": question.libelle for section in sections for question in section.saisies}
