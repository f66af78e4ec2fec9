"""Marking a version « bon pour dépôt », and reminding whoever has not."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from candidatures.depot.accords.differences import lecture_gardee
from candidatures.depot.relecture import lecture_du_brouillon
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import tenir, tenir_pour_ecrire
from candidatures.dossier.completude import manques
from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.instantane import composition_de, membres_de, pieces_de
from candidatures.dossier.liens.actions import relancer
from candidatures.dossier.liens.requetes import exiger_vivant
from candidatures.dossier.models.accords import Accord
from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.liens import Lien
from candidatures.dossier.regles_de_liens import DEJA_ECRIT, est_ouvert
from candidatures.dossier.requetes import qualite_de
from rebond.comptes.rattachements.requetes import est_rattache
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Rattachement

PAS_DE_SA_COLLECTIVITE = (
    "Seule une personne dont nous savons qu’elle travaille pour cette collectivité donne son bon pour dépôt. Vous "
    "pouvez aussi lui envoyer un lien."
)
NE_PEUT_PLUS = "Ce dossier ne change plus\u00a0: il n’attend plus de bon pour dépôt."
INCOMPLET = "Ce dossier n’est pas complet\u00a0: le bon pour dépôt se donne sur une version qui peut être déposée."
CONFLITS = {
    "accord_sur_cette_version": "Le dossier a changé\u00a0: relisez-le avant de donner votre bon pour dépôt.",
    "accord_d_un_membre": "Cette collectivité ne fait plus partie du groupement.",
    "accord_de_sa_collectivite": PAS_DE_SA_COLLECTIVITE,
}


class VersionDepassee(RegleEnfreinte):
    """The file is no longer the version that was read."""

    def __init__(self) -> None:
        super().__init__(
            "Le dossier vient de changer\u00a0: votre bon pour dépôt n’est pas enregistré. Lisez ce qui a changé, "
            "puis donnez-le sur cette nouvelle version."
        )


@dataclass(frozen=True)
class Signature:
    """Who signs, in their own words, and the version that they have read."""

    signataire: str
    fonction: str
    empreinte: str


def donner_accord(
    *,
    candidature: Candidature,
    membre: Membre,
    signature: Signature,
    maintenant: datetime,
    auteur: Utilisateur | None = None,
    lien: Lien | None = None,
) -> Accord:
    """Mark the version that was read for `membre`, by an account that is known to work for it, or by its link.

    The same version marked twice is marked once. Raises `VersionDepassee` when the file has changed since it was read,
    `RegleEnfreinte` when it takes no mark any more, is not complete, for somebody else's authority, and for a link
    that has ended since.
    """
    with traduire(CONFLITS), transaction.atomic():
        tenue = tenir(candidature)
        if not est_ouvert(GenreDeLien.ACCORD, tenue.etat, tenue.phase(maintenant)):
            raise RegleEnfreinte(NE_PEUT_PLUS)
        if auteur is not None and (qualite_de(tenue, auteur) is None or not est_rattache(auteur, [membre.siren])):
            raise RegleEnfreinte(PAS_DE_SA_COLLECTIVITE)
        if lien is not None:
            exiger_vivant(lien, maintenant)
        pieces, membres = pieces_de(tenue), membres_de(tenue)
        lue = lecture_du_brouillon(tenue, pieces, membres)
        if lue.empreinte != signature.empreinte:
            raise VersionDepassee
        if manques(composition_de(tenue, pieces, membres)):
            raise RegleEnfreinte(INCOMPLET)
        if deja := Accord.objects.filter(candidature=tenue, siren=membre.siren, empreinte=lue.empreinte).first():
            return deja
        return _marquer(tenue, membre, signature, lecture_gardee(lue), maintenant, auteur, lien)


def _marquer(
    tenue: Candidature,
    membre: Membre,
    signature: Signature,
    lecture: dict[str, object],
    maintenant: datetime,
    auteur: Utilisateur | None,
    lien: Lien | None,
) -> Accord:
    accord = Accord.objects.create(
        candidature=tenue,
        siren=membre.siren,
        nom=membre.nom[:160],
        empreinte=signature.empreinte,
        lecture=lecture,
        par=auteur,
        lien=lien,
        signataire=signature.signataire,
        fonction=signature.fonction,
    )
    consigner(
        ActeDuDossier.DONNER_ACCORD,
        tenue,
        acteur=auteur,
        fait_le=maintenant,
        siren=membre.siren,
        nom=membre.nom,
        empreinte=accord.empreinte,
        signataire=accord.signataire,
        lien=lien.pk if lien else None,
    )
    return accord


def rappeler(*, candidature: Candidature, membre: Membre, auteur: Utilisateur, maintenant: datetime) -> int:
    """Write to whoever may mark for `membre`: those of the file who are known to work for it, and where the last link
    was sent. At most once a day each. Return how many letters left.

    Raises `RegleEnfreinte` when the portal knows nobody to write to, or has written today already.
    """
    with transaction.atomic():
        tenue = tenir_pour_ecrire(candidature, auteur, maintenant)
        connus = Rattachement.objects.prouves().filter(siren=membre.siren).values("utilisateur")
        parts = Participation.objects.filter(candidature=tenue, utilisateur__in=connus).exclude(utilisateur=auteur)
        lettres = [
            _lettre(tenue, membre, part.utilisateur, auteur, maintenant)
            for part in parts.select_related("utilisateur").order_by("pk")
        ]
        deja = set(Courrier.objects.filter(cle__in=[lettre.cle for lettre in lettres]).values_list("cle", flat=True))
        nouvelles = [lettre for lettre in lettres if lettre.cle not in deja]
        for lettre in nouvelles:
            mettre_en_file(lettre)
        ecrites = len(nouvelles) + _relancer(tenue, membre, auteur, maintenant, seul=not lettres)
        if not ecrites:
            raise RegleEnfreinte(DEJA_ECRIT)
        consigner(ActeDuDossier.RAPPELER_ACCORD, tenue, acteur=auteur, fait_le=maintenant, nom=membre.nom)
    return ecrites


def _relancer(tenue: Candidature, membre: Membre, auteur: Utilisateur, maintenant: datetime, *, seul: bool) -> int:
    """One when a new link was sent. With nobody else to write to (`seul`), why not is said."""
    try:
        relancer(candidature=tenue, membre=membre, genre=GenreDeLien.ACCORD, auteur=auteur, maintenant=maintenant)
    except RegleEnfreinte:
        if seul:
            raise
        return 0
    return 1


def _lettre(
    tenue: Candidature, membre: Membre, personne: Utilisateur, auteur: Utilisateur, maintenant: datetime
) -> Lettre:
    return Lettre(
        gabarit="depot/accord_rappel",
        valeurs={
            "auteur": str(auteur),
            "collectivite": membre.nom,
            "reference": tenue.reference,
            "territoire": tenue.territoire.nom,
            "pk": tenue.pk,
            "cloture": instant_fr(tenue.echeance),
        },
        cle=f"accord-{tenue.pk}-{membre.siren}-{personne.pk}-{jour_de_paris(maintenant).isoformat()}",
        destinataire=personne.email,
        demonstration=tenue.demonstration,
        demande_par=auteur,
    )
