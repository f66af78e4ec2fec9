"""Forms of the attachments: where a file goes, and the file."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files import File

from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.pieces.emplacements import PLUS_DEMANDEE, Emplacement
from candidatures.dossier.pieces.verification import VIDE, verifier_piece, verifier_taille
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.champs_fichiers import ChampFichier
from rebond.socle.formulaires.formulaire import EntreesNettes, FormulaireDsfr

MO = 1024 * 1024
NOM_RECU_MAX = 1000


class PlaceForm(EntreesNettes, forms.Form):
    """Which place of the page a file goes to; `place` once it is valid."""

    nature = forms.CharField(max_length=60, widget=forms.HiddenInput)
    membre = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, places: Iterable[Emplacement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {(place.attendue.cle, place.membre): place for place in places}
        self.place: Emplacement | None = None

    def clean(self) -> dict[str, Any]:
        donnees = self.cleaned_data
        self.place = self.places.get((donnees.get("nature", ""), donnees.get("membre")))
        if self.place is None:
            raise forms.ValidationError(PLUS_DEMANDEE)
        return donnees


class PieceForm(FormulaireDsfr, PlaceForm):
    """One file for one place, judged by its content."""

    bouton = "Joindre ce fichier"
    # Whether whoever fills it in may have photos made into a PDF instead.
    photos = True

    fichier = ChampFichier(
        max_length=NOM_RECU_MAX,
        error_messages={"empty": VIDE, "required": "Choisissez un fichier."},
    )

    def __init__(self, *args: Any, place: Emplacement, **kwargs: Any) -> None:
        initial = {"nature": place.attendue.cle, "membre": place.membre}
        super().__init__(*args, places=[place], auto_id=f"{place.ancre}-%s", initial=initial, **kwargs)
        self.emplacement = place
        fichier = self.fields["fichier"]
        fichier.label = f"Fichier pour «\u00a0{place.titre}\u00a0»"
        fichier.help_text = (
            f"Formats acceptés\u00a0: {place.formats}. {settings.PIECE_TAILLE_MAX // MO}\u00a0Mo au plus par fichier."
        )
        fichier.widget.attrs["accept"] = place.extensions

    def clean_fichier(self) -> File:
        fichier: File = self.cleaned_data["fichier"]
        try:
            verifier_piece(fichier, self.emplacement.attendue.formats, photos=self.photos)
        except RegleEnfreinte as erreur:
            raise forms.ValidationError(erreur.message) from erreur
        return fichier


class PieceDeLienForm(PieceForm):
    """Whoever holds a secret link has no page of photos."""

    photos = False


class RemplacementForm(PieceForm):
    bouton = "Remplacer"


class TeleversementForm(PlaceForm):
    """What a browser says of a file before it sends it piece by piece. Sizes are in bytes."""

    remplace = forms.ModelChoiceField(PieceJointe.objects.none(), required=False)
    nom = forms.CharField(max_length=NOM_RECU_MAX)
    taille = forms.IntegerField(min_value=0)

    def __init__(self, *args: Any, candidature: Candidature, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remplace: Any = self.fields["remplace"]
        remplace.queryset = candidature.pieces.all()

    def clean_nom(self) -> str:
        return nom_propre(self.cleaned_data["nom"])

    def clean_taille(self) -> int:
        taille: int = self.cleaned_data["taille"]
        try:
            verifier_taille(taille)
        except RegleEnfreinte as erreur:
            raise forms.ValidationError(erreur.message, code="trop_gros" if taille else "vide") from erreur
        return taille

    @property
    def trop_gros(self) -> bool:
        return self.has_error("taille", "trop_gros")

    @property
    def refus(self) -> str:
        """Why it is refused, in sentences."""
        return " ".join(str(erreur) for erreurs in self.errors.values() for erreur in erreurs)
