"""The attachments of a draft: added, replaced, taken off."""

from collections.abc import Collection
from datetime import datetime
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction

from candidatures.actions.ecriture import conclure, tenir_pour_ecrire
from candidatures.cahier import LIBELLES_FORMATS, Format, PieceAttendue
from candidatures.models import Candidature, Membre, PieceJointe
from candidatures.regles import intitule
from rebond.socle.antivirus import EtatAnalyse, etat
from rebond.socle.contraintes import traduire
from rebond.socle.documents import enregistrer_fichier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formats import EXTENSIONS, Contenu, plausible, reconnaitre
from rebond.socle.journal import consigner
from rebond.socle.models import Document, Utilisateur
from rebond.socle.taches import planifier

CONTENUS = {
    Format.PDF: (Contenu.PDF,),
    Format.IMAGE: (Contenu.JPEG, Contenu.PNG),
    Format.TEXTE: (Contenu.DOCX, Contenu.ODT),
    Format.TABLEUR: (Contenu.XLSX, Contenu.ODS),
}
NOM_MAX = 200
CONFLITS = {"piece_jointe_une_seule_fois": "Ce fichier est déjà joint au dossier."}


def joindre_piece(
    *,
    candidature: Candidature,
    fichier: File,
    nom: str,
    nature: str,
    auteur: Utilisateur,
    maintenant: datetime,
    membre: Membre | None = None,
    remplace: PieceJointe | None = None,
) -> PieceJointe:
    """Attach a file of the kind `nature`, from the authority `membre` where one of each is expected.

    `remplace` leaves the draft in the same act; deposits that hold it keep it.

    Raises `RegleEnfreinte` when the content is not one that this kind accepts, too large, already there, or one too
    many, and when the draft is not open to changes by `auteur`.
    """
    document = garder(candidature=candidature, fichier=fichier, nature=nature)
    return attacher(
        candidature=candidature,
        document=document,
        nom=nom,
        nature=nature,
        auteur=auteur,
        maintenant=maintenant,
        membre=membre,
        remplace=remplace,
    )


def garder(*, candidature: Candidature, fichier: File, nature: str) -> Document:
    """Check and store the bytes, which may take a second or two, before anything is locked."""
    contenu = verifier_piece(fichier, formats_de(candidature, nature))
    document = enregistrer_fichier(fichier, type_mime=contenu)
    if etat(document) is EtatAnalyse.INFECTEE:
        raise RegleEnfreinte(
            "L’antivirus a trouvé un programme malveillant dans ce fichier\u00a0: il ne peut pas être joint."
        )
    return document


def attacher(
    *,
    candidature: Candidature,
    document: Document,
    nom: str,
    nature: str,
    auteur: Utilisateur,
    maintenant: datetime,
    membre: Membre | None = None,
    remplace: PieceJointe | None = None,
) -> PieceJointe:
    """The second half of `joindre_piece`: put what was stored in the draft."""
    with traduire(CONFLITS), transaction.atomic():
        tenue = tenir_pour_ecrire(candidature, auteur, maintenant)
        details = {"nom": nom_propre(nom), "nature": nature, "sha256": document.sha256}
        if remplace is not None:
            details |= _oter(tenue, remplace)
        elif tenue.pieces.count() >= settings.PIECES_NOMBRE_MAX:
            raise RegleEnfreinte(f"Un dossier compte au plus {settings.PIECES_NOMBRE_MAX} pièces jointes.")
        piece = PieceJointe.objects.create(
            candidature=tenue,
            document=document,
            nature=nature,
            intitule=intitule(_attendue(tenue, nature), membre.nom if membre else ""),
            membre=membre,
            nom=details["nom"],
            ajoutee_par=auteur,
            ajoutee_le=maintenant,
        )
        conclure(tenue, auteur=auteur, maintenant=maintenant)
        acte = "remplacer" if remplace else "joindre"
        consigner(acte, tenue, acteur=auteur, fait_le=maintenant, **details)
        demander_analyse(document)
    return piece


def enlever_piece(*, piece: PieceJointe, auteur: Utilisateur, maintenant: datetime) -> None:
    """Take an attachment off the draft; deposits that hold it keep it."""
    with transaction.atomic():
        tenue = tenir_pour_ecrire(piece.candidature, auteur, maintenant)
        consigner("enlever", tenue, acteur=auteur, fait_le=maintenant, nom=piece.nom, sha256=piece.document.sha256)
        piece.delete()
        conclure(tenue, auteur=auteur, maintenant=maintenant)


def verifier_piece(fichier: File | IO[bytes], formats: Collection[Format]) -> Contenu:
    """The content of `fichier`, left at its beginning.

    Raises `RegleEnfreinte` when it is empty, too large, or of none of the `formats`, whatever its name says.
    """
    fichier.seek(0, 2)
    verifier_taille(fichier.tell())
    contenu = reconnaitre(fichier)
    if contenu is None or contenu not in contenus_permis(formats):
        raise _format_refuse(formats)
    return contenu


def verifier_debut(debut: bytes, formats: Collection[Format]) -> None:
    """Refuse, from its first bytes, what could not become any of the `formats`: no need to send the rest."""
    if not plausible(debut, contenus_permis(formats)):
        raise _format_refuse(formats)


def verifier_pdf(fichier: File | IO[bytes]) -> None:
    verifier_piece(fichier, [Format.PDF])


def verifier_taille(taille: int) -> None:
    """`taille` in bytes."""
    if not taille:
        raise RegleEnfreinte("Ce fichier est vide.")
    if taille > settings.PIECE_TAILLE_MAX:
        raise RegleEnfreinte(
            f"Ce fichier dépasse la taille permise, {settings.PIECE_TAILLE_MAX // 1024 // 1024}\u00a0Mo. "
            "Réduisez-le, ou partagez-le en plusieurs fichiers."
        )


def formats_de(candidature: Candidature, nature: str) -> Collection[Format]:
    return _attendue(candidature, nature).formats


def contenus_permis(formats: Collection[Format]) -> list[Contenu]:
    return [contenu for format_ in formats for contenu in CONTENUS[format_]]


def extensions_permises(formats: Collection[Format]) -> list[str]:
    """What browsers propose to choose among: a help, which decides nothing."""
    return [extension for contenu in contenus_permis(formats) for extension in EXTENSIONS[contenu]]


def noms_des_formats(formats: Collection[Format]) -> str:
    """« PDF, image (JPEG ou PNG) »."""
    return ", ".join(LIBELLES_FORMATS[format_] for format_ in formats)


def nom_propre(nom: str) -> str:
    """The file's own name, without folders nor control characters, at most 200 characters, its end kept."""
    dernier = nom.replace("\\", "/").rsplit("/", 1)[-1]
    lisible = "".join(lettre for lettre in dernier if lettre.isprintable()).strip()
    return lisible[-NOM_MAX:] or "piece"


def demander_analyse(document: Document) -> None:
    """Wake the antivirus once the transaction has committed; a document without `Analyse` is the pending work."""
    if settings.ANTIVIRUS and not hasattr(document, "analyse"):
        planifier("candidatures.tasks.analyser_documents")


def _format_refuse(formats: Collection[Format]) -> RegleEnfreinte:
    return RegleEnfreinte(
        "Le contenu de ce fichier n’est pas d’un format accepté ici, quel que soit son nom. "
        f"Formats acceptés\u00a0: {noms_des_formats(formats)}."
    )


def _attendue(candidature: Candidature, nature: str) -> PieceAttendue:
    attendue = candidature.cahier.cahier.piece(nature)
    if attendue is None:
        raise RegleEnfreinte("Le cahier des charges ne prévoit pas cette pièce.")
    return attendue


def _oter(candidature: Candidature, piece: PieceJointe) -> dict[str, str]:
    details = {"remplace": piece.nom, "sha256_remplace": piece.document.sha256}
    # Someone else may have taken it off since the page was shown.
    if not PieceJointe.objects.filter(pk=piece.pk, candidature=candidature).delete()[0]:
        raise RegleEnfreinte(
            f"«\u00a0{piece.nom}\u00a0» ne fait plus partie du brouillon\u00a0: joignez votre fichier."
        )
    return details
