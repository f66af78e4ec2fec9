"""Writing a file: opening it, filling in its sections, attaching its documents, withdrawing it."""

from datetime import datetime

import puremagic
from django.conf import settings
from django.core.files import File
from django.db import transaction

from candidatures.actions.rappels import oublier_rappels
from candidatures.actions.cahiers import cahier_en_vigueur
from candidatures.actions.ecriture import conclure, qualite_de, tenir, tenir_pour_ecrire
from candidatures.actions.groupements import membres_initiaux
from candidatures.etats import Qualite
from candidatures.models import Candidature, Membre, Participation, PieceJointe, Vague
from candidatures.regles import intitule, peut_retirer, recu_a_temps
from rebond.socle.contraintes import traduire
from rebond.socle.documents import enregistrer_fichier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal import consigner
from rebond.socle.models import Utilisateur
from rebond.socle.transitions import appliquer
from territoires.models import Territoire

TYPE_PDF = "application/pdf"
ENTETE_PDF = b"%PDF-"
CONFLITS = {
    "candidature_unique_par_territoire_et_vague": "Un dossier existe déjà pour ce territoire dans cette vague. "
    "Rapprochez-vous de la collectivité chef de file pour y participer.",
    "piece_jointe_une_seule_fois": "Ce fichier est déjà joint au dossier.",
}


def ouvrir_candidature(
    *,
    vague: Vague,
    territoire: Territoire,
    auteur: Utilisateur,
    maintenant: datetime,
    demonstration: bool = False,
) -> Candidature:
    """Open an empty draft of which `auteur` is the porteur.

    Raises `RegleEnfreinte` when the wave is not open at `maintenant`, or when this territory already has a file.
    """
    if not recu_a_temps(maintenant, vague.ouverture, vague.cloture):
        raise RegleEnfreinte(f"La vague {vague.numero} n’est pas ouverte : aucun dossier ne peut y être commencé.")
    with traduire(CONFLITS), transaction.atomic():
        candidature = Candidature.objects.create(
            vague=vague,
            cahier=cahier_en_vigueur(vague=vague),
            territoire=territoire,
            modifiee_le=maintenant,
            demonstration=demonstration,
        )
        membres_initiaux(candidature=candidature)
        Participation.objects.create(candidature=candidature, utilisateur=auteur, qualite=Qualite.PORTEUR)
        consigner("ouvrir", candidature, acteur=auteur, fait_le=maintenant, territoire=territoire.cle)
    return candidature

        oublier_rappels(verrouillee)

def joindre_piece(
    *,
    candidature: Candidature,
    fichier: File,
    nom: str,
    nature: str,
    auteur: Utilisateur,
    maintenant: datetime,
    membre: Membre | None = None,
) -> PieceJointe:
    """Attach a PDF, judged by its content. Sizes are in bytes.

    Raises `RegleEnfreinte` when it is not a PDF, too large, already there, or one too many.
    """
    verifier_pdf(fichier)
    document = enregistrer_fichier(fichier, type_mime=TYPE_PDF)
    with traduire(CONFLITS), transaction.atomic():
        verrouillee = tenir_pour_ecrire(candidature, auteur, maintenant)
        attendue = verrouillee.cahier.cahier.piece(nature)
        if attendue is None:
            raise RegleEnfreinte("Le cahier des charges ne prévoit pas cette pièce.")
        if verrouillee.pieces.count() >= settings.PIECES_NOMBRE_MAX:
            raise RegleEnfreinte(f"Un dossier compte au plus {settings.PIECES_NOMBRE_MAX} pièces jointes.")
        piece = PieceJointe.objects.create(
            candidature=verrouillee,
            document=document,
            nature=nature,
            intitule=intitule(attendue, membre.nom if membre else ""),
            membre=membre,
            nom=nom_propre(nom),
            ajoutee_par=auteur,
            ajoutee_le=maintenant,
        )
        conclure(verrouillee, auteur=auteur, maintenant=maintenant)
        consigner("joindre", verrouillee, acteur=auteur, fait_le=maintenant, nom=piece.nom, sha256=document.sha256)
    return piece


def enlever_piece(*, piece: PieceJointe, auteur: Utilisateur, maintenant: datetime) -> None:
    """Take an attachment off the draft; deposits that hold it keep it."""
    with transaction.atomic():
        verrouillee = tenir_pour_ecrire(piece.candidature, auteur, maintenant)
        consigner("enlever", verrouillee, acteur=auteur, fait_le=maintenant, nom=piece.nom)
        piece.delete()
        conclure(verrouillee, auteur=auteur, maintenant=maintenant)


def retirer(*, candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> Candidature:
    """Withdraw the file, until the deadline. Its deposits stay, and no longer count."""
    with transaction.atomic():
        verrouillee = tenir(candidature)
        if not peut_retirer(verrouillee.etat, verrouillee.vague.phase(maintenant), qualite_de(verrouillee, auteur)):
            raise RegleEnfreinte("Ce dossier ne peut plus être retiré, ou vous n’en êtes pas le porteur.")
        return appliquer(verrouillee, "retirer", acteur=auteur, maintenant=maintenant)


def verifier_pdf(fichier: File) -> None:
    """Refuse what is empty, too large, or not a PDF whatever its name says."""
    if not fichier.size:
        raise RegleEnfreinte("Ce fichier est vide.")
    if fichier.size > settings.PIECE_TAILLE_MAX:
        raise RegleEnfreinte(
            f"Ce fichier dépasse la taille permise, {settings.PIECE_TAILLE_MAX // 1024 // 1024} Mo. "
            "Réduisez-le, ou partagez-le en plusieurs fichiers."
        )
    fichier.seek(0)
    debut = fichier.read(8192)
    fichier.seek(0)
    reconnus = {essai.mime_type for essai in puremagic.magic_string(debut)} if debut.startswith(ENTETE_PDF) else set()
    if TYPE_PDF not in reconnus:
        raise RegleEnfreinte("Ce fichier n’est pas un PDF. Enregistrez votre document au format PDF, puis joignez-le.")


def nom_propre(nom: str) -> str:
    """The file's own name, without folders nor control characters, at most 200 characters."""
    dernier = nom.replace("\\", "/").rsplit("/", 1)[-1]
    lisible = "".join(lettre for lettre in dernier if lettre.isprintable()).strip()
    return lisible[-200:] or "piece.pdf"
