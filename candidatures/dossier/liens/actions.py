"""Making a secret link, sending it, taking it back."""

from datetime import datetime, timedelta

from django.core.files import File
from django.db import transaction
from django.db.models import F

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import tenir, tenir_pour_ecrire
from candidatures.dossier.connaissance import etat_connu_du_territoire
from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.jetons import tirer
from candidatures.dossier.liens.requetes import derniers_par_membre, exiger_vivant
from candidatures.dossier.models.contestations import Contestation
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.liens import Lien
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.pieces.actions.pieces import attacher, garder
from candidatures.dossier.regles import empechement_d_inviter
from candidatures.dossier.regles_de_liens import (
    ACCORD_A_SOI,
    DUREE_MAX,
    FOIS_PAR_ENVOI,
    REDACTEURS,
    SEULS_LES_REDACTEURS,
    TROP_D_ENVOIS,
    TROP_DE_LIENS,
    empechement_d_envoyer_par_lien,
    empechement_de_partager,
    empechement_de_relancer,
)
from candidatures.dossier.requetes import qualite_de
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.courriers.envoi import mettre_la_lettre_sous_scelle
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.caracteres import identifiant
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur

CONFLITS = {
    "liens_comptes": TROP_DE_LIENS,
    "lien_fait_par_un_redacteur": SEULS_LES_REDACTEURS,
    "lien_un_seul_par_membre": "Un collègue vient d’envoyer ce lien. Rechargez la page.",
    "lien_envois_comptes": TROP_D_ENVOIS,
    "lien_d_accord_a_un_autre": ACCORD_A_SOI,
}
GABARITS = {GenreDeLien.PIECE: "dossier/lien_de_piece", GenreDeLien.ACCORD: "dossier/lien_d_accord"}


def creer_lien_de_lecture(
    *, candidature: Candidature, pour: str, jours: int, auteur: Utilisateur, maintenant: datetime, cle: str = ""
) -> tuple[Lien, str]:
    """A link to read the file, and its secret, which is told here and never again: but to the same request again
    (`cle`, drawn with the page of the form), which makes no second one.

    Raises `RegleEnfreinte` for a withdrawn file, for whoever does not write in it, and beyond the links of a file.
    """
    with traduire(CONFLITS), transaction.atomic():
        tenue = tenir(candidature)
        etat = etat_connu_du_territoire(tenue, maintenant)
        if refus := empechement_de_partager(etat, qualite_de(tenue, auteur)):
            raise RegleEnfreinte(refus)
        secret = tirer(tenue.pk, auteur.pk, cle, pour, jours) if cle else tirer()
        if deja := Lien.objects.filter(empreinte=secret[1]).first():
            if deja.revoque_le is None:
                return deja, secret[0]
            secret = tirer()
        return _creer(
            tenue,
            auteur,
            maintenant,
            secret,
            expire_le=maintenant + timedelta(days=jours),
            genre=GenreDeLien.LECTURE,
            pour=pour,
        )


def envoyer_lien_a_un_membre(
    *,
    candidature: Candidature,
    membre: Membre,
    genre: GenreDeLien,
    email: str,
    auteur: Utilisateur,
    maintenant: datetime,
) -> Lien:
    """Send `email` a link by which `membre` brings its document, or marks the file. The one before opens nothing more.

    It ends with the deadline. Raises `RegleEnfreinte` when the file is not open to changes by `auteur`, while an
    authority says that it is not its own, and beyond the links and the letters of a day.
    """
    with traduire(CONFLITS), transaction.atomic():
        tenue = tenir_pour_ecrire(candidature, auteur, maintenant)
        signale = Contestation.objects.retenues().filter(candidature=tenue).exists()
        if refus := empechement_d_inviter(signale=signale):
            raise RegleEnfreinte(refus)
        Lien.objects.filter(candidature=tenue, genre=genre, siren=membre.siren, revoque_le=None).update(
            revoque_le=maintenant
        )
        lien, jeton = _creer(
            tenue,
            auteur,
            maintenant,
            tirer(),
            expire_le=min(tenue.echeance, maintenant + DUREE_MAX),
            genre=genre,
            siren=membre.siren,
            nom=membre.nom[:160],
            email=identifiant(email).lower(),
        )
        _ecrire(tenue, lien, jeton, auteur)
    return lien


def relancer(
    *, candidature: Candidature, membre: Membre, genre: GenreDeLien, auteur: Utilisateur, maintenant: datetime
) -> Lien:
    """Write again to where the last link of that kind was sent, with a new one.

    Raises `RegleEnfreinte` within a day of the last, when there was none, and as `envoyer_lien_a_un_membre` does.
    """
    with transaction.atomic():
        tenir(candidature)
        dernier = derniers_par_membre(candidature).get((membre.siren, genre))
        if dernier is None or not dernier.email:
            raise RegleEnfreinte(f"Nous ne savons pas à qui écrire pour {membre.nom}\u00a0: envoyez-lui un lien.")
        if refus := empechement_de_relancer(dernier.fait_le, maintenant):
            raise RegleEnfreinte(refus)
        return envoyer_lien_a_un_membre(
            candidature=candidature,
            membre=membre,
            genre=genre,
            email=dernier.email,
            auteur=auteur,
            maintenant=maintenant,
        )


def revoquer_lien(*, lien: Lien, auteur: Utilisateur, maintenant: datetime) -> None:
    """The link opens nothing any more; taken back twice, once. Raises `RegleEnfreinte` for whoever does not write."""
    with transaction.atomic():
        tenue = tenir(lien.candidature)
        if qualite_de(tenue, auteur) not in REDACTEURS:
            raise RegleEnfreinte(SEULS_LES_REDACTEURS)
        if Lien.objects.filter(pk=lien.pk, revoque_le=None).update(revoque_le=maintenant):
            consigner(ActeDuDossier.REVOQUER_LIEN, tenue, acteur=auteur, fait_le=maintenant, **_dit(lien))


def joindre_par_lien(
    *, lien: Lien, fichier: File, nature: str, membre: Membre, maintenant: datetime, marque: str = ""
) -> PieceJointe:
    """Attach what the holder of the link sends for its authority; every try counts among those of the link, but the
    same request again (`marque`, of its form and its bytes), which a double click sends.

    The bytes weigh on whoever made the link. The same file sent twice is attached once. Raises `RegleEnfreinte` as
    `joindre_piece` does, beyond `ENVOIS_MAX`, and for a link that ended while the file came.
    """
    with traduire(CONFLITS), transaction.atomic():
        tenu = Lien.objects.select_for_update().get(pk=lien.pk)
        if marque and 0 < tenu.recus.count(marque) < FOIS_PAR_ENVOI:
            Lien.objects.filter(pk=lien.pk).update(recus=[*tenu.recus, marque])
        elif refus := empechement_d_envoyer_par_lien(tenu.envois):
            raise RegleEnfreinte(refus)
        else:
            Lien.objects.filter(pk=lien.pk).update(envois=F("envois") + 1, recus=[*tenu.recus, marque])
    document = garder(candidature=lien.candidature, fichier=fichier, nature=nature, auteur=lien.fait_par)
    with transaction.atomic():
        tenir(lien.candidature)
        exiger_vivant(lien, maintenant)
        deja = PieceJointe.objects.filter(candidature=lien.candidature, document=document, nature=nature, lien=lien)
        return deja.filter(membre=membre).first() or attacher(
            candidature=lien.candidature,
            document=document,
            nom=fichier.name or "",
            nature=nature,
            membre=membre,
            auteur=lien.fait_par,
            lien=lien,
            maintenant=maintenant,
        )


def _creer(
    tenue: Candidature,
    auteur: Utilisateur,
    maintenant: datetime,
    secret: tuple[str, str],
    *,
    expire_le: datetime,
    **champs: str,
) -> tuple[Lien, str]:
    jeton, empreinte = secret
    lien = Lien.objects.create(candidature=tenue, fait_par=auteur, empreinte=empreinte, expire_le=expire_le, **champs)
    consigner(ActeDuDossier.CREER_LIEN, tenue, acteur=auteur, fait_le=maintenant, **_dit(lien))
    return lien, jeton


def _dit(lien: Lien) -> dict[str, object]:
    return {
        "lien": lien.pk,
        "genre": lien.genre,
        "pour": lien.nom or lien.pour,
        "expire_le": lien.expire_le.isoformat(),
    }


def _ecrire(tenue: Candidature, lien: Lien, jeton: str, auteur: Utilisateur) -> None:
    lettre = Lettre(
        gabarit=GABARITS[GenreDeLien(lien.genre)],
        valeurs={
            "auteur": str(auteur),
            "email_de_l_auteur": auteur.email,
            "collectivite": lien.nom,
            "reference": tenue.reference,
            "territoire": tenue.territoire.nom,
            "vague": tenue.vague.numero,
            "expire": instant_fr(lien.expire_le),
            "jeton": jeton,
        },
        cle=lien.cle_de_la_lettre,
        destinataire=lien.email,
        demonstration=tenue.demonstration,
        demande_par=auteur,
    )
    mettre_la_lettre_sous_scelle(lettre, perime_le=lien.expire_le)
