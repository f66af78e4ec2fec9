"""The form that makes one attachment of several photos, one page each."""

import re
from typing import Any

from django import forms
from django.core.files.base import ContentFile, File

from candidatures.dossier.pieces.emplacements import Emplacement
from candidatures.dossier.pieces.forms import NOM_RECU_MAX, PlaceForm
from rebond.socle.documents.photos import EXTENSIONS, PHOTOS_MAX, TAILLE_MAX, reunir
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.champs_fichiers import ChampFichiers
from rebond.socle.formulaires.formulaire import FormulaireDsfr

MO = 1024 * 1024
CHOISIES, PAR_NOM = "choisies", "nom"
CHIFFRES = re.compile(r"(\d+)")


class PhotosForm(FormulaireDsfr, PlaceForm):
    """Once it is valid, `pdf` is the file to attach, and `noms` the photos in the order of its pages."""

    bouton = "Réunir ces photos en un PDF"

    photos = ChampFichiers(
        label="Photos",
        max_length=NOM_RECU_MAX,
        help_text=f"JPEG, PNG ou HEIC (iPhone). {PHOTOS_MAX} photos au plus, {TAILLE_MAX // MO}\u00a0Mo en tout.",
        error_messages={"required": "Choisissez au moins une photo.", "empty": "Une de ces photos est vide."},
    )
    ordre = forms.ChoiceField(
        label="Dans quel ordre\u00a0?",
        choices=[(CHOISIES, "Celui dans lequel je les ai choisies"), (PAR_NOM, "Celui de leurs noms\u00a0: 1, 2, 3…")],
        initial=CHOISIES,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, place: Emplacement, **kwargs: Any) -> None:
        initial = {"nature": place.attendue.cle, "membre": place.membre, "ordre": CHOISIES}
        super().__init__(*args, places=[place], initial=initial, **kwargs)
        self.emplacement = place
        self.fields["photos"].widget.attrs["accept"] = ",".join(EXTENSIONS)
        self.noms: list[str] = []
        self.pdf: File = ContentFile(b"")

    def clean_photos(self) -> list[File]:
        photos: list[File] = self.cleaned_data["photos"]
        if len(photos) > PHOTOS_MAX:
            raise forms.ValidationError(
                f"C’est trop de photos\u00a0: {PHOTOS_MAX} au plus, vous en avez {len(photos)}."
            )
        if sum(photo.size for photo in photos) > TAILLE_MAX:
            raise forms.ValidationError(
                f"Ces photos pèsent plus de {TAILLE_MAX // MO}\u00a0Mo en tout\u00a0: réunissez-en moins à la fois."
            )
        return photos

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        if self.errors:
            return donnees
        photos = donnees["photos"]
        if donnees["ordre"] == PAR_NOM:
            photos = sorted(photos, key=lambda photo: _par_nombres(photo.name))
        self.noms = [photo.name for photo in photos]
        try:
            self.pdf = ContentFile(reunir(photos, self.noms), name=f"{self.emplacement.attendue.cle}-photos.pdf")
        except RegleEnfreinte as refus:
            self.add_error("photos", refus.message)
        return donnees


def _par_nombres(nom: str) -> list[tuple[int, str]]:
    """« page 2 » before « page 10 »."""
    return [(int(part), "") if part.isdecimal() else (0, part.casefold()) for part in CHIFFRES.split(nom)]
