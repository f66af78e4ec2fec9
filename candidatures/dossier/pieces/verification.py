"""Whether a file may be attached: its formats, its size, whether it opens."""

from collections.abc import Collection
from typing import IO

from django.conf import settings
from django.core.files import File

from candidatures.cahier import LIBELLES_FORMATS, Format, PieceAttendue
from candidatures.dossier.models.dossiers import Candidature
from rebond.socle.documents.etrangers import HEIC, Etranger, d_apres_le_debut, nommer
from rebond.socle.documents.formats import DEBUT, EXTENSIONS, Contenu, plausible, reconnaitre_le_debut
from rebond.socle.documents.ouverture import Examen, examiner
from rebond.socle.erreurs import RegleEnfreinte

CONTENUS = {
    Format.PDF: (Contenu.PDF,),
    Format.IMAGE: (Contenu.JPEG, Contenu.PNG),
    Format.TEXTE: (Contenu.DOCX, Contenu.ODT),
    Format.TABLEUR: (Contenu.XLSX, Contenu.ODS),
}
# What each kind that is refused here is, and what to do about it.
AUTRES_FORMATS = {
    Format.PDF: ("un PDF", "Joignez le document d’origine."),
    Format.IMAGE: (
        "une image",
        "Enregistrez-la au format PDF\u00a0: «\u00a0Imprimer\u00a0», puis «\u00a0Enregistrer en PDF\u00a0».",
    ),
    Format.TEXTE: ("un document Word ou LibreOffice", "Ouvrez-le, «\u00a0Enregistrer sous\u00a0», puis PDF."),
    Format.TABLEUR: ("un tableur", "Ouvrez-le, «\u00a0Enregistrer sous\u00a0», puis PDF."),
}
VIDE = (
    "Ce fichier est vide. S’il vient d’un espace en ligne (OneDrive, Drive…), attendez qu’il soit tout entier sur "
    "votre appareil, et joignez-le de nouveau."
)
# The page that makes a PDF of photos, HEIC among them (`pieces.photos`), as its link is read.
REUNIR_DES_PHOTOS = "Je n’ai que des photos\u00a0: les réunir en un PDF"
A_REUNIR = (
    "Le portail sait la lire et en faire un PDF\u00a0: sur la page des pièces jointes, suivez "
    f"«\u00a0{REUNIR_DES_PHOTOS}\u00a0»."
)


def verifier_piece(fichier: File | IO[bytes], formats: Collection[Format], *, photos: bool = False) -> Examen:
    """What `fichier`, left at its beginning, is and how it can be read. `photos`: whoever sends it may have photos
    made into a PDF.

    Raises `RegleEnfreinte`, with the cause and the remedy, when it is empty, too large, of none of the `formats`
    whatever its name says, or when nobody could read it.
    """
    fichier.seek(0, 2)
    verifier_taille(fichier.tell())
    examen = examiner(fichier)
    if examen.contenu not in contenus_permis(formats):
        raise _format_refuse(formats, examen.contenu or nommer(fichier), photos=photos)
    if examen.refus:
        raise RegleEnfreinte(examen.refus)
    return examen


def verifier_debut(debut: bytes, formats: Collection[Format], *, photos: bool = False) -> None:
    """Refuse, from its first bytes, what could not become any of the `formats`: no need to send the rest."""
    if not plausible(debut, contenus_permis(formats)):
        trouve = reconnaitre_le_debut(debut) or d_apres_le_debut(debut[:DEBUT])
        raise _format_refuse(formats, trouve, photos=photos)


def verifier_taille(taille: int) -> None:
    """`taille` in bytes."""
    if not taille:
        raise RegleEnfreinte(VIDE)
    if taille > settings.PIECE_TAILLE_MAX:
        raise RegleEnfreinte(
            f"Ce fichier dépasse la taille permise, {settings.PIECE_TAILLE_MAX // 1024 // 1024}\u00a0Mo. "
            "Réduisez-le, ou partagez-le en plusieurs fichiers."
        )


def formats_de(candidature: Candidature, nature: str) -> Collection[Format]:
    return attendue(candidature, nature).formats


def contenus_permis(formats: Collection[Format]) -> list[Contenu]:
    return [contenu for format_ in formats for contenu in CONTENUS[format_]]


def extensions_permises(formats: Collection[Format]) -> list[str]:
    """What browsers propose to choose among: a help, which decides nothing."""
    return [extension for contenu in contenus_permis(formats) for extension in EXTENSIONS[contenu]]


def noms_des_formats(formats: Collection[Format]) -> str:
    """« PDF, image (JPEG ou PNG) »."""
    return ", ".join(LIBELLES_FORMATS[format_] for format_ in formats)


def _format_refuse(formats: Collection[Format], trouve: Contenu | Etranger | None, *, photos: bool) -> RegleEnfreinte:
    acceptes = f"Formats acceptés\u00a0: {noms_des_formats(formats)}."
    if trouve is None:
        return RegleEnfreinte(
            f"Le contenu de ce fichier n’est pas d’un format accepté ici, quel que soit son nom. {acceptes}"
        )
    # What the page of photos takes, where a PDF is expected.
    reunie = photos and Format.PDF in formats and trouve in (HEIC, *CONTENUS[Format.IMAGE])
    if isinstance(trouve, Etranger):
        return RegleEnfreinte(f"Ce fichier est {trouve.nom}. {A_REUNIR if reunie else trouve.remede} {acceptes}")
    nom, remede = next(AUTRES_FORMATS[format_] for format_, contenus in CONTENUS.items() if trouve in contenus)
    return RegleEnfreinte(f"Ce fichier est {nom}, quel que soit son nom. {A_REUNIR if reunie else remede} {acceptes}")


def attendue(candidature: Candidature, nature: str) -> PieceAttendue:
    attendue = candidature.cahier.cahier.piece(nature)
    if attendue is None:
        raise RegleEnfreinte("Le cahier des charges ne prévoit pas cette pièce.")
    return attendue
