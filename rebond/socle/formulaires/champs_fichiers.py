"""A file, in a form: the field of every one that is received."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from rebond.socle.documents.espace import SANS_PLACE
from rebond.socle.requete.reception import FichierSansPlace


class ChampFichier(forms.FileField):
    """Says so when the portal had no room left to receive it."""

    def to_python(self, data: Any) -> UploadedFile | None:
        if isinstance(data, FichierSansPlace):
            raise forms.ValidationError(SANS_PLACE, code="sans_place")
        recu: UploadedFile | None = super().to_python(data)
        return recu
