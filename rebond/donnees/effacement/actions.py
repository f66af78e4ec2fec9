"""Asking, signing, giving up; then the bytes, which a sweep takes away when a crash left them."""

from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.models.dossiers import Candidature
from candidatures.surveillance.analyses import dossiers_qui_citent, retenir
from rebond.comptes.habilitations import tient_le_role
from rebond.donnees.effacement.actes import ActeDEffacement
from rebond.donnees.effacement.regles import (
    DEJA,
    INCONNU,
    PAR_UN_AUTRE,
    PREUVE,
    RIEN,
    SIGNATAIRE,
    empechement_de_signer,
)
from rebond.socle.bdd import verrous
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.documents.effacements import EffacementDeDocument, verrou_des_octets
from rebond.socle.documents.lectures import apercus
from rebond.socle.documents.models import Document
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.taches import planifier
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

TACHE = "rebond.donnees.tasks.finir_les_effacements"
REFUS = {
    "effacement_de_ce_qui_a_ete_envoye": PREUVE,
    "socle_effacementdedocument_document_id_key": DEJA,
    **PAR_UN_AUTRE,
}


def demander(*, empreinte: str, motif: str, acteur: Utilisateur, maintenant: datetime) -> EffacementDeDocument:
    """Propose that the document of this SHA-256 be erased; nothing of it changes until another person has signed.

    Raises RegleEnfreinte when there is none, when it is asked already, or when it is the proof of an act.
    """
    with traduire(REFUS), transaction.atomic():
        _exiger_le_role(acteur)
        document = Document.objects.filter(sha256=empreinte).first()
        if document is None:
            raise RegleEnfreinte(INCONNU)
        effacement = EffacementDeDocument.objects.create(document=document, motif=motif, demande_par=acteur)
        _consigner(ActeDEffacement.DEMANDE, effacement, acteur, maintenant)
    return effacement


def signer(*, effacement: EffacementDeDocument, acteur: Utilisateur, maintenant: datetime) -> EffacementDeDocument:
    """Erase it: nobody is given it from now on, its bytes go at once, and whoever works on a file that holds it is
    told. Raises RegleEnfreinte for whoever asked, and when it waits no more."""
    with traduire(REFUS), transaction.atomic():
        _exiger_le_role(acteur)
        tenu = _tenir(effacement)
        if refus := empechement_de_signer(tenu, acteur):
            raise RegleEnfreinte(refus)
        document = tenu.document
        # Whoever is keeping the same bytes at this instant ends first; whoever comes next is refused.
        verrous.attendre(verrou_des_octets(document.sha256))
        tenu.signe_par, tenu.signe_le = acteur, HorlogeBase()
        tenu.save(update_fields=["signe_par", "signe_le"])
        for candidature, nom in dossiers_qui_citent(document):
            _dire(candidature, document, nom, maintenant)
        _consigner(ActeDEffacement.SIGNE, tenu, acteur, maintenant)
        planifier(TACHE)
    tenu.refresh_from_db()
    return tenu


def abandonner(*, effacement: EffacementDeDocument, acteur: Utilisateur, maintenant: datetime) -> None:
    """Give up before the signature: the document was never touched."""
    with transaction.atomic():
        _exiger_le_role(acteur)
        tenu = _tenir(effacement)
        if tenu.signe_le is not None:
            raise RegleEnfreinte(RIEN)
        _consigner(ActeDEffacement.ABANDONNE, tenu, acteur, maintenant)
        tenu.delete()


def finir_en_attente() -> int:
    """Take away the bytes of what was signed; return how many documents that was."""
    a_finir = list(EffacementDeDocument.objects.a_finir().select_related("document").order_by("pk"))
    for effacement in a_finir:
        _finir(effacement)
    return len(a_finir)


@transaction.atomic
def _finir(effacement: EffacementDeDocument) -> None:
    """Again is harmless."""
    document = effacement.document
    verrous.attendre(verrou_des_octets(document.sha256))
    default_storage.delete(document.chemin)
    apercus.oter(document.sha256)
    faits = EffacementDeDocument.objects.filter(pk=effacement.pk, octets_effaces_le=None)
    faits.update(octets_effaces_le=HorlogeBase())


def _exiger_le_role(acteur: Utilisateur) -> None:
    if not tient_le_role(acteur, Role.ADMINISTRATEUR):
        raise RegleEnfreinte(SIGNATAIRE)


def _tenir(effacement: EffacementDeDocument) -> EffacementDeDocument:
    tenus = EffacementDeDocument.objects.select_for_update(of=("self",)).select_related("document")
    tenu = tenus.filter(pk=effacement.pk).first()
    if tenu is None:
        raise RegleEnfreinte(RIEN)
    return tenu


def _dire(candidature: Candidature, document: Document, nom: str, maintenant: datetime) -> None:
    retenir(candidature, document)
    consigner(
        ActeDuDossier.EFFACER_PIECE, candidature, acteur=None, fait_le=maintenant, nom=nom, sha256=document.sha256
    )
    for participant in candidature.participants.order_by("pk"):
        mettre_en_file(
            Lettre(
                gabarit="donnees/fichier_efface",
                valeurs={
                    "pk": candidature.pk,
                    "reference": candidature.reference,
                    "territoire": candidature.territoire,
                    "nom": nom,
                },
                cle=f"effacement-{candidature.pk}-{document.pk}-{participant.pk}",
                destinataire=participant.email,
                demonstration=candidature.demonstration,
            )
        )


def _consigner(
    acte: ActeDEffacement, effacement: EffacementDeDocument, acteur: Utilisateur, maintenant: datetime
) -> None:
    consigner(
        acte,
        effacement,
        acteur=acteur,
        fait_le=maintenant,
        sha256=effacement.document.sha256,
        octets=effacement.document.taille,
        motif=effacement.motif,
    )
