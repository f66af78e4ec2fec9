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


class SaisieDeFichiers(forms.FileInput):
    """Several files in one control, in the order in which the browser sends them."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"multiple": True, **(attrs or {})})

    def value_from_datadict(self, _data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class ChampFichiers(ChampFichier):
    """Several files; the first that is refused refuses them all."""

    widget = SaisieDeFichiers

    def clean(self, data: Any, initial: Any = None) -> Any:
        recus = data if isinstance(data, list | tuple) else [data]
        if not recus:
            return [super().clean(None, initial)]
        return [super(ChampFichiers, self).clean(un, initial) for un in recus]
