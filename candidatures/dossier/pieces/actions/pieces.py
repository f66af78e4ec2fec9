"""The attachments of a draft: added, replaced, taken off."""

from datetime import datetime

from django.conf import settings
from django.core.files import File
from django.db import transaction

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import conclure, tenir_pour_ecrire
from candidatures.dossier.completude import intitule
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.liens import Lien
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.pieces.actions.reserves import place
from candidatures.dossier.pieces.verification import attendue, formats_de, verifier_piece
from candidatures.dossier.regles import empechement_de_joindre
from candidatures.dossier.regles_de_liens import LIEN_FINI
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.documents.lisibilites import garder as garder_document
from rebond.socle.documents.models import Document
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.documents.stockage import type_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.taches import planifier
from rebond.socle.utilisateur import Utilisateur
from rebond.surveillance.antivirus import EtatAnalyse, etat

CONFLITS = phrases_de(PieceJointe, "piece_jointe_une_seule_fois") | {"piece_par_un_lien_vivant": LIEN_FINI}


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
    lien: Lien | None = None,
) -> PieceJointe:
    """Attach a file of the kind `nature`, from the authority `membre` where one of each is expected.

    `remplace` leaves the draft in the same act; deposits that hold it keep it. `lien`: it came by that link, whose
    maker is `auteur`.

    Raises `RegleEnfreinte` when the content is not one that this kind accepts, too large, already there, or one too
    many, and when the draft is not open to changes by `auteur`.
    """
    document = garder(candidature=candidature, fichier=fichier, nature=nature, auteur=auteur)
    return attacher(
        candidature=candidature,
        document=document,
        nom=nom,
        nature=nature,
        auteur=auteur,
        maintenant=maintenant,
        membre=membre,
        remplace=remplace,
        lien=lien,
    )


def garder(*, candidature: Candidature, fichier: File, nature: str, auteur: Utilisateur) -> Document:
    """Take room for a whole file, check and store its bytes, before anything is locked."""
    with place(candidature=candidature, utilisateur=auteur, octets=fichier.size):
        return garder_sur_place(candidature=candidature, fichier=fichier, nature=nature)


def garder_sur_place(*, candidature: Candidature, fichier: File, nature: str) -> Document:
    """Check and store bytes that have room, which may take a second or two."""
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
    lien: Lien | None = None,
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
            intitule=intitule(attendue(tenue, nature), membre.nom if membre else ""),
            membre=membre,
            nom=details["nom"],
            ajoutee_par=auteur,
            ajoutee_le=maintenant,
            lien=lien,
        )
        if lien is not None:
            details["lien"] = str(lien.pk)
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


def demander_analyse(document: Document) -> None:
    """Wake who looks in it, and the antivirus, once the transaction has committed; what is not known of a document is
    the pending work."""
    planifier("candidatures.tasks.examiner_documents")
    if settings.ANTIVIRUS and not hasattr(document, "analyse"):
        planifier("candidatures.tasks.analyser_documents")


def _oter(candidature: Candidature, piece: PieceJointe) -> dict[str, str]:
    details = {"remplace": piece.nom, "sha256_remplace": piece.document.sha256}
    # Someone else may have taken it off since the page was shown.
    if not PieceJointe.objects.filter(pk=piece.pk, candidature=candidature).delete()[0]:
        raise RegleEnfreinte(
            f"«\u00a0{piece.nom}\u00a0» ne fait plus partie du brouillon\u00a0: joignez votre fichier."
        )
    return details
