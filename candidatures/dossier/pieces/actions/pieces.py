"""The attachments of a draft: added, replaced, taken off."""

from collections.abc import Collection
from datetime import datetime
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction

from candidatures.cahier import LIBELLES_FORMATS, Format, PieceAttendue
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import conclure, tenir_pour_ecrire
from candidatures.dossier.completude import intitule
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.regles import empechement_de_joindre
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.documents.etrangers import Etranger, d_apres_le_debut, nommer
from rebond.socle.documents.formats import DEBUT, EXTENSIONS, Contenu, plausible, reconnaitre_le_debut
from rebond.socle.documents.lisibilites import garder as garder_document
from rebond.socle.documents.models import Document
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.documents.ouverture import Examen, examiner
from rebond.socle.documents.stockage import type_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.taches import planifier
from rebond.socle.utilisateur import Utilisateur
from rebond.surveillance.antivirus import EtatAnalyse, etat

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
CONFLITS = phrases_de(PieceJointe, "piece_jointe_une_seule_fois")


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
    document = garder_document(fichier, verifier_piece(fichier, formats_de(candidature, nature)))
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
        details = {"nom": nom_propre(nom, type_de(document)), "nature": nature, "sha256": document.sha256}
        if remplace is not None:
            details |= _oter(tenue, remplace)
        elif refus := empechement_de_joindre(tenue.pieces.count(), au_plus=settings.PIECES_NOMBRE_MAX):
            raise RegleEnfreinte(refus)
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
        acte = ActeDuDossier.REMPLACER if remplace else ActeDuDossier.JOINDRE
        consigner(acte, tenue, acteur=auteur, fait_le=maintenant, **details)
        demander_analyse(document)
    return piece


def enlever_piece(*, piece: PieceJointe, auteur: Utilisateur, maintenant: datetime) -> None:
    """Take an attachment off the draft; deposits that hold it keep it."""
    with transaction.atomic():
        tenue = tenir_pour_ecrire(piece.candidature, auteur, maintenant)
        consigner(
            ActeDuDossier.ENLEVER,
            tenue,
            acteur=auteur,
            fait_le=maintenant,
            nom=piece.nom,
            sha256=piece.document.sha256,
        )
        piece.delete()
        conclure(tenue, auteur=auteur, maintenant=maintenant)


def verifier_piece(fichier: File | IO[bytes], formats: Collection[Format]) -> Examen:
    """What `fichier`, left at its beginning, is and how it can be read.

    Raises `RegleEnfreinte`, with the cause and the remedy, when it is empty, too large, of none of the `formats`
    whatever its name says, or when nobody could read it.
    """
    fichier.seek(0, 2)
    verifier_taille(fichier.tell())
    examen = examiner(fichier)
    if examen.contenu not in contenus_permis(formats):
        raise _format_refuse(formats, examen.contenu or nommer(fichier))
    if examen.refus:
        raise RegleEnfreinte(examen.refus)
    return examen


def verifier_debut(debut: bytes, formats: Collection[Format]) -> None:
    """Refuse, from its first bytes, what could not become any of the `formats`: no need to send the rest."""
    if not plausible(debut, contenus_permis(formats)):
        raise _format_refuse(formats, reconnaitre_le_debut(debut) or d_apres_le_debut(debut[:DEBUT]))


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
    return _attendue(candidature, nature).formats


def contenus_permis(formats: Collection[Format]) -> list[Contenu]:
    return [contenu for format_ in formats for contenu in CONTENUS[format_]]


def extensions_permises(formats: Collection[Format]) -> list[str]:
    """What browsers propose to choose among: a help, which decides nothing."""
    return [extension for contenu in contenus_permis(formats) for extension in EXTENSIONS[contenu]]


def noms_des_formats(formats: Collection[Format]) -> str:
    """« PDF, image (JPEG ou PNG) »."""
    return ", ".join(LIBELLES_FORMATS[format_] for format_ in formats)


def demander_analyse(document: Document) -> None:
    """Wake the antivirus once the transaction has committed; a document without `Analyse` is the pending work."""
    if settings.ANTIVIRUS and not hasattr(document, "analyse"):
        planifier("candidatures.tasks.analyser_documents")


def _format_refuse(formats: Collection[Format], trouve: Contenu | Etranger | None) -> RegleEnfreinte:
    acceptes = f"Formats acceptés\u00a0: {noms_des_formats(formats)}."
    if trouve is None:
        return RegleEnfreinte(
            f"Le contenu de ce fichier n’est pas d’un format accepté ici, quel que soit son nom. {acceptes}"
        )
    if isinstance(trouve, Etranger):
        return RegleEnfreinte(f"Ce fichier est {trouve.nom}. {trouve.remede} {acceptes}")
    nom, remede = next(AUTRES_FORMATS[format_] for format_, contenus in CONTENUS.items() if trouve in contenus)
    return RegleEnfreinte(f"Ce fichier est {nom}, quel que soit son nom. {remede} {acceptes}")


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
