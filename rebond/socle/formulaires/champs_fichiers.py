"""A file, in a form: the field of every one that is received."""

from typing import Any

from django import forms

from rebond.socle.documents.espace import SANS_PLACE
from rebond.socle.requete.reception import FichierSansPlace


class ChampFichier(forms.FileField):
    """Says so when the portal had no room left to receive it."""

    def to_python(self, data: Any) -> Any:
        if isinstance(data, FichierSansPlace):
            raise forms.ValidationError(SANS_PLACE, code="sans_place")
        return super().to_python(data)
