"""Freezing a press release (design, invariant 5): a published figure never changes, nor a file that went out."""

from datetime import date, datetime

from django.db import transaction

from projets.communique import editions
from projets.communique.actes import ActeDeCommunique
from projets.communique.annexes import TOUS
from projets.communique.regles import MOTIF_TROP_COURT, motif_suffisant
from projets.publication.models import Communique, FichierDeCommunique
from rebond.socle.bdd import verrous
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.documents import stockage as documents
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.faits.requetes import arreter_les_faits, connu_a
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur

DEVANCE = "Quelqu’un vient d’arrêter un texte à cette date : rechargez la page et relisez-le."
REFUS = {
    "communique_version_unique": DEVANCE,
    "communique_version_suivante": DEVANCE,
    "communique_rectificatif_motive": MOTIF_TROP_COURT,
    "communique_motif_suffisant": MOTIF_TROP_COURT,
    "communique_jour_fini": "Cette journée n’est pas finie : ses chiffres peuvent encore changer.",
    "communique_change": "Rien n’a changé depuis la version précédente : il n’y a rien à arrêter.",
    "communique_contact_reel": "Aucun contact presse n’est renseigné.",
    "communique_adresse_publique": "Le texte imprime l’adresse de ce serveur, que personne n’atteint d’ailleurs.",
    "laureat_nouveau_une_seule_fois": "Un autre communiqué vient d’annoncer l’un de ces nouveaux lauréats : rechargez "
    "la page et relisez le texte.",
}
A_RELIRE = "Le texte ou les chiffres ont changé depuis que vous les avez relus : rien n’est arrêté. Relisez-les."


def figer(*, au: date, acteur: Utilisateur, maintenant: datetime, motif: str = "", relu: str = "") -> Communique:
    """Freeze text, figures, map and files of the date `au` as the facts tell them now, and return the version that
    holds them: the last one again when nothing has changed since, so that several requests at once make one.

    The first version for a date needs no `motif`; the next ones are rectificatifs and do. Raises `RegleEnfreinte` with
    every reason at once: those of `editions.refus`, a missing or empty `motif`, a `motif` given when nothing has
    changed, or `relu`, the seal of the draft that was read (`CommuniquePret.sceau`), when it is not that of the one
    that would be frozen.
    """
    dernier = editions.dernier_fige(au)
    connu_le = arreter_les_faits()
    with connu_a(connu_le):
        pret = editions.projet(au=au, maintenant=maintenant, entier=True)
    if dernier and dernier.empreinte == pret.empreinte:
        return _sans_changement(dernier, motif)
    refus = editions.refus(pret, maintenant=maintenant)
    if dernier and not motif_suffisant(motif):
        refus.append(MOTIF_TROP_COURT)
    if relu and relu != pret.sceau:
        refus.append(A_RELIRE)
    if refus:
        raise RegleEnfreinte(*refus)
    with traduire(REFUS), transaction.atomic():
        verrous.attendre(f"communiqué au {au}")
        entre_temps = editions.dernier_fige(au)
        if entre_temps != dernier:
            if entre_temps and entre_temps.empreinte == pret.empreinte:
                return _sans_changement(entre_temps, motif)
            raise RegleEnfreinte(DEVANCE)
        documents.enregistrer(pret.contenu.carte.encode(), type_mime="image/svg+xml")
        communique = Communique.objects.create(
            au=au,
            version=dernier.version + 1 if dernier else 1,
            **pret.en_json(),
            empreinte=pret.empreinte,
            motif=motif.strip() if dernier else "",
            fige_par=acteur,
            connu_le=connu_le,
        )
        communique.refresh_from_db(fields=["fige_le"])
        _conserver(communique)
        consigner(
            ActeDeCommunique.FIGER_COMMUNIQUE,
            communique,
            acteur=acteur,
            fait_le=maintenant,
            empreinte=communique.empreinte,
        )
    return communique


def conserver_fichiers(*, communique_id: int) -> None:
    """Make and keep the files of a release that was frozen before files were kept. Run twice or at once, it makes them
    once."""
    with transaction.atomic():
        verrous.attendre(f"communique:{communique_id}")
        communique = Communique.objects.legers().get(pk=communique_id)
        if not communique.fichiers.exists():
            _conserver(communique)


def _sans_changement(dernier: Communique, motif: str) -> Communique:
    if motif and motif.strip() != dernier.motif:
        raise RegleEnfreinte(
            f"Rien n’a changé depuis la version {dernier.version} : il n’y a rien à arrêter, "
            "ce motif ne servirait pas."
        )
    return dernier


def _conserver(communique: Communique) -> None:
    for sous_embargo, pret in editions.figes(communique).items():
        for format_ in TOUS.values():
            FichierDeCommunique.objects.create(
                communique=communique,
                cle=format_.cle,
                sous_embargo=sous_embargo,
                nom=format_.nom(pret),
                document=documents.enregistrer(format_.fabriquer(pret), type_mime=format_.type_mime),
            )
