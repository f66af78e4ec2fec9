"""Files that arrive piece by piece, in as many requests as it takes, across lost connections.

The bytes received so far lie in `settings.TELEVERSEMENTS`, under the identifier of their row, which counts them. A
piece is written before it is counted: bytes that were not counted are written over.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import transaction

from candidatures.dossier.actions.ecriture import tenir, tenir_pour_ecrire
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.pieces import PieceJointe, Televersement
from candidatures.dossier.models.reserves import Reserve
from candidatures.dossier.pieces.actions import reserves
from candidatures.dossier.pieces.actions.pieces import attacher, garder_sur_place
from candidatures.dossier.pieces.requetes import chemin, est_regle, octets_recus
from candidatures.dossier.pieces.verification import formats_de, verifier_debut
from candidatures.dossier.regles import empechement_de_joindre
from rebond.socle.documents.espace import empechement_de_recevoir
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.utilisateur import Utilisateur

CONSERVATION = timedelta(hours=48)
EN_COURS_MAX = 40
REFUS_MAX = 900


class DecalageInattendu(Exception):
    """The piece does not follow what was received: `attendu` bytes are here."""

    def __init__(self, attendu: int) -> None:
        super().__init__(attendu)
        self.attendu = attendu


def commencer(
    *,
    candidature: Candidature,
    utilisateur: Utilisateur,
    nom: str,
    nature: str,
    taille: int,
    maintenant: datetime,
    membre: Membre | None = None,
    remplace: PieceJointe | None = None,
) -> Televersement:
    """Announce a file of `taille` bytes, for which room is taken.

    Raises `RegleEnfreinte` when it could not be attached anyway, or when no room is left.
    """
    with transaction.atomic():
        tenue = tenir_pour_ecrire(candidature, utilisateur, maintenant)
        presentes = 0 if remplace else tenue.pieces.count()
        if refus := empechement_de_joindre(presentes, au_plus=settings.PIECES_NOMBRE_MAX):
            raise RegleEnfreinte(refus)
        en_cours = Televersement.objects.filter(candidature=tenue, piece=None, refus="")
        if en_cours.count() >= EN_COURS_MAX:
            raise RegleEnfreinte(
                "Trop d’envois de fichiers sont commencés sur ce dossier. Terminez-en quelques-uns d’abord."
            )
        annonce = Televersement.objects.create(
            candidature=tenue,
            utilisateur=utilisateur,
            nom=nom,
            nature=nature,
            membre=membre,
            remplace=remplace,
            taille=taille,
            commence_le=maintenant,
            touche_le=maintenant,
        )
        reserves.prendre(candidature=tenue, utilisateur=utilisateur, octets=taille, televersement=annonce)
    return annonce


def recevoir(*, televersement: Televersement, debut: int, morceau: bytes, maintenant: datetime) -> Televersement:
    """Add `morceau`, which begins at byte `debut`. Of two requests at once, the second finds its place taken.

    Raises `DecalageInattendu` when it does not follow what was received, `RegleEnfreinte` when it goes beyond the size
    announced, or when the beginning of the file already says that it will be refused.
    """
    with transaction.atomic():
        tenu = _tenir(televersement)
        presents = octets_recus(tenu)
        if debut != presents:
            raise DecalageInattendu(presents)
        if debut + len(morceau) > tenu.taille:
            raise RegleEnfreinte("Ce fichier est plus gros que la taille annoncée au début de l’envoi.")
        if refus := empechement_de_recevoir():
            raise RegleEnfreinte(refus)
        if debut == 0:
            verifier_debut(morceau, formats_de(tenu.candidature, tenu.nature), photos=True)
        if morceau:
            _ecrire(tenu, debut, morceau)
        tenu.recus = debut + len(morceau)
        tenu.touche_le = maintenant
        tenu.save(update_fields=["recus", "touche_le"])
    return tenu


def terminer(*, televersement: Televersement, maintenant: datetime) -> Televersement:
    """Attach the file once it is whole, or note why it is refused. Done again, it changes nothing."""
    actuel = Televersement.objects.select_related("candidature__cahier", "remplace").get(pk=televersement.pk)
    if est_regle(actuel) or octets_recus(actuel) < actuel.taille:
        return actuel
    try:
        with File(chemin(actuel).open("rb")) as fichier:
            document = garder_sur_place(candidature=actuel.candidature, fichier=fichier, nature=actuel.nature)
    except FileNotFoundError:
        # Another request has just settled it.
        return Televersement.objects.get(pk=actuel.pk)
    except RegleEnfreinte as refus:
        return _conclure(actuel, refus=refus.message)
    with transaction.atomic():
        # The file before the upload, as whoever takes an attachment off: never the other way round.
        tenir(actuel.candidature)
        tenu = _tenir(actuel)
        if est_regle(tenu):
            return tenu
        if reserve := Reserve.objects.filter(televersement=tenu).first():
            reserves.consommer(reserve)
        try:
            piece = attacher(
                candidature=tenu.candidature,
                document=document,
                nom=tenu.nom,
                nature=tenu.nature,
                membre=tenu.membre,
                remplace=tenu.remplace,
                auteur=tenu.utilisateur,
                maintenant=maintenant,
            )
        except RegleEnfreinte as refus:
            return _conclure(tenu, refus=refus.message)
        return _conclure(tenu, piece=piece)


def abandonner(*, televersement: Televersement) -> None:
    """Forget an upload, its bytes included. What was attached stays."""
    with transaction.atomic():
        Televersement.objects.filter(pk=televersement.pk).delete()
        _oublier_les_octets(televersement)


def oublier_les_anciens(*, maintenant: datetime) -> int:
    """Forget uploads that nobody has touched for `CONSERVATION`, and return how many."""
    limite = maintenant - CONSERVATION
    anciens = list(Televersement.objects.filter(touche_le__lt=limite).order_by("pk"))
    for ancien in anciens:
        abandonner(televersement=ancien)
    reserves.oublier_les_anciennes(maintenant=maintenant)
    _balayer(limite)
    return len(anciens)


def _tenir(televersement: Televersement) -> Televersement:
    tenus = Televersement.objects.select_for_update(of=("self",))
    return tenus.select_related("candidature__cahier", "membre", "remplace", "utilisateur").get(pk=televersement.pk)


def _ecrire(televersement: Televersement, debut: int, morceau: bytes) -> None:
    fichier = chemin(televersement)
    fichier.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fichier.touch(mode=0o600)
    with fichier.open("r+b") as sortie:
        sortie.truncate(debut)
        sortie.seek(debut)
        sortie.write(morceau)


def _conclure(televersement: Televersement, *, piece: PieceJointe | None = None, refus: str = "") -> Televersement:
    televersement.piece = piece
    televersement.refus = refus[:REFUS_MAX]
    with transaction.atomic():
        # Only if nobody else has settled it meanwhile.
        Televersement.objects.filter(pk=televersement.pk, piece=None, refus="").update(
            piece=piece, refus=televersement.refus
        )
        # What was kept is no longer reserved; what was refused gives its room back.
        reserves.rendre(televersement)
        _oublier_les_octets(televersement)
    return televersement


def _oublier_les_octets(televersement: Televersement) -> None:
    fichier = chemin(televersement)
    transaction.on_commit(lambda: fichier.unlink(missing_ok=True))


def _balayer(limite: datetime) -> None:
    """Remove old bytes without a row: their file was deleted, or a crash came in between."""
    dossier = Path(settings.TELEVERSEMENTS)
    if not dossier.is_dir():
        return
    connus = {str(pk) for pk in Televersement.objects.values_list("pk", flat=True)}
    for fichier in dossier.iterdir():
        if fichier.name not in connus and fichier.stat().st_mtime < limite.timestamp():
            fichier.unlink(missing_ok=True)
