"""The authorities behind a file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.actions.ecriture import conclure, tenir_pour_ecrire
from candidatures.dossier.groupement.requetes import (
    Collectivite,
    collectivite_de,
    membres_de_la_tenue,
    refuser_les_finies,
)
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.groupements import Membre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actes import Acte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.actions import declarer_petr, territoire_de_travail
from territoires.models import Epci, Petr, Territoire
from territoires.regles import cle_de

DESTINATAIRE_PARTI = "La collectivité dont c’était la pièce a quitté le groupement pendant l’envoi."
MEMBRE_PARTI = "Cette collectivité ne fait plus partie du groupement. Rechargez la page."


def composer(
    *,
    candidature: Candidature,
    membres: Sequence[Collectivite],
    chef_de_file: Collectivite,
    auteur: Utilisateur,
    maintenant: datetime,
    nom: str = "",
) -> Candidature:
    """Give the file exactly these members; those who stay keep their attachments, those who leave take them along.

    The file's territory becomes the one made of all their EPCI, under the name `nom` (theirs by default), whatever
    other files speak of the same ones.

    Raises `EcheanceDepassee` after the deadline; `RegleEnfreinte` when the file is not open to changes, for an empty
    or overlong list, a lead out of it, or an EPCI that comes twice.
    """
    with modifier(candidature, auteur, maintenant) as tenue:
        refuser_les_finies((membre for membre in membres if membre not in membres_de_la_tenue(tenue)[0]), maintenant)
        composer_tenue(tenue, membres, chef_de_file, nom, auteur, maintenant)
        consigner(
            ActeDuDossier.COMPOSER,
            tenue,
            acteur=auteur,
            fait_le=maintenant,
            membres=[membre.siren for membre in membres],
        )
    return tenue


def ajouter_membre(
    *,
    candidature: Candidature,
    collectivite: Collectivite,
    auteur: Utilisateur,
    maintenant: datetime,
    nom: str = "",
    prend_la_place: bool = False,
) -> Candidature:
    """One more member, beside whoever joined since the page was read.

    A PETR that `prend_la_place` of its EPCI sends out those of them that were members; it leads if one of them did.
    Raises as `composer` does.
    """
    with modifier(candidature, auteur, maintenant) as tenue:
        membres, chef = membres_de_la_tenue(tenue)
        if collectivite in membres:
            raise RegleEnfreinte(f"{collectivite.nom} fait déjà partie du groupement.")
        refuser_les_finies([collectivite], maintenant)
        remplaces = set(collectivite.epcis.all()) if prend_la_place and isinstance(collectivite, Petr) else set()
        restants = [membre for membre in membres if membre not in remplaces]
        mene = collectivite if chef in remplaces else chef
        composer_tenue(tenue, [*restants, collectivite], mene, nom, auteur, maintenant)
        _consigner(ActeDuDossier.AJOUTER_MEMBRE, tenue, collectivite, auteur, maintenant)
    return tenue


def retirer_membre(
    *, candidature: Candidature, collectivite: Collectivite, auteur: Utilisateur, maintenant: datetime, nom: str = ""
) -> Candidature:
    """One member less, with its attachments. Raises as `composer` does, and for the lead."""
    with modifier(candidature, auteur, maintenant) as tenue:
        membres, chef = membres_de_la_tenue(tenue)
        if collectivite not in membres:
            raise RegleEnfreinte(MEMBRE_PARTI)
        if collectivite == chef:
            raise RegleEnfreinte(
                f"{collectivite.nom} est le chef de file\u00a0: désignez-en un autre avant de la retirer."
            )
        restants = [membre for membre in membres if membre != collectivite]
        composer_tenue(tenue, restants, chef, nom, auteur, maintenant)
        _consigner(ActeDuDossier.RETIRER_MEMBRE, tenue, collectivite, auteur, maintenant)
    return tenue


def designer_chef_de_file(
    *, candidature: Candidature, collectivite: Collectivite, auteur: Utilisateur, maintenant: datetime
) -> Candidature:
    """Another member leads. Raises as `composer` does."""
    with modifier(candidature, auteur, maintenant) as tenue:
        membres, chef = membres_de_la_tenue(tenue)
        if collectivite not in membres:
            raise RegleEnfreinte(MEMBRE_PARTI)
        if collectivite != chef:
            composer_tenue(tenue, membres, collectivite, "", auteur, maintenant)
            _consigner(ActeDuDossier.DESIGNER_CHEF_DE_FILE, tenue, collectivite, auteur, maintenant)
    return tenue


def declarer_membre_petr(
    *,
    candidature: Candidature,
    siren: str,
    nom_du_petr: str,
    epcis: Iterable[Epci],
    auteur: Utilisateur,
    maintenant: datetime,
    nom: str = "",
) -> Candidature:
    """Declare a PETR and make it a member, in the place of those of its EPCI that were.

    Its list may be corrected as long as no other file of theirs has it as a member. Raises as `declarer_petr` and
    `composer` do.
    """
    with modifier(candidature, auteur, maintenant) as tenue:
        deja = Membre.objects.filter(candidature=tenue, petr__siren=siren).select_related("petr").first()
        petr = declarer_petr(
            siren=siren,
            nom=nom_du_petr,
            epcis=epcis,
            acteur=auteur,
            maintenant=maintenant,
            deja=deja.petr if deja else None,
            corrigeable=lambda petr: not Membre.objects.filter(petr=petr).exclude(candidature=tenue).exists(),
        )
        membres, chef = membres_de_la_tenue(tenue)
        remplaces = set(petr.epcis.all())
        restants = [membre for membre in membres if membre not in remplaces and membre != petr]
        composer_tenue(tenue, [*restants, petr], petr if chef in remplaces else chef, nom, auteur, maintenant)
        _consigner(ActeDuDossier.DECLARER_PETR, tenue, petr, auteur, maintenant)
    return tenue


@contextmanager
def modifier(candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> Iterator[Candidature]:
    with transaction.atomic():
        yield tenir_pour_ecrire(candidature, auteur, maintenant)


def _consigner(
    acte: Acte, tenue: Candidature, collectivite: Collectivite, auteur: Utilisateur, maintenant: datetime
) -> None:
    consigner(acte, tenue, acteur=auteur, fait_le=maintenant, siren=collectivite.siren, nom=collectivite.nom)


def composer_tenue(
    tenue: Candidature,
    membres: Sequence[Collectivite],
    chef_de_file: Collectivite,
    nom: str,
    auteur: Utilisateur,
    maintenant: datetime,
) -> None:
    if not membres:
        raise RegleEnfreinte("Un groupement compte au moins une collectivité.")
    if chef_de_file not in membres:
        raise RegleEnfreinte("Le chef de file doit faire partie du groupement.")
    perimetres = _perimetres(membres)
    _refuser_les_doublons(perimetres)
    _etablir(tenue, membres, chef_de_file)
    epcis = [epci for perimetre in perimetres.values() for epci in perimetre]
    mene = max(perimetres[chef_de_file], key=lambda epci: (epci.population, epci.siren))
    tenue.territoire = _territoire(tenue, epcis, mene, nom)
    conclure(tenue, "territoire", auteur=auteur, maintenant=maintenant)


def _perimetres(membres: Iterable[Collectivite]) -> dict[Collectivite, list[Epci]]:
    """The EPCI of each member. The PETR are held meanwhile: nobody corrects the list that is being relied on."""
    pks = [membre.pk for membre in membres if isinstance(membre, Petr)]
    tenus = Petr.objects.select_for_update().filter(pk__in=pks).order_by("pk").prefetch_related("epcis__region")
    listes = {petr: list(petr.epcis.all()) for petr in tenus}
    return {membre: listes[membre] if isinstance(membre, Petr) else [membre] for membre in membres}


def _refuser_les_doublons(perimetres: Mapping[Collectivite, Iterable[Epci]]) -> None:
    """An EPCI speaks for itself or through one PETR: nobody signs twice for the same inhabitants."""
    portes: dict[Epci, Collectivite] = {}
    for membre, epcis in perimetres.items():
        for epci in epcis:
            if (autre := portes.setdefault(epci, membre)) != membre:
                raise RegleEnfreinte(_deux_fois(epci, autre, membre))


def _deux_fois(epci: Epci, un: Collectivite, autre: Collectivite) -> str:
    if isinstance(un, Petr) and isinstance(autre, Petr):
        return f"{epci.nom} figure à la fois dans {un.nom} et dans {autre.nom}\u00a0: gardez un seul des deux."
    petr = un if isinstance(un, Petr) else autre
    return (
        f"{epci.nom} fait partie de {petr.nom}\u00a0: elle ne peut pas être aussi membre du groupement à elle seule."
    )


def _etablir(tenue: Candidature, membres: Sequence[Collectivite], chef_de_file: Collectivite) -> None:
    """The rows of the members."""
    actuels = {collectivite_de(membre): membre for membre in tenue.membres.select_related("epci", "petr")}
    _rattacher_au_chef(tenue, actuels.values())
    tenue.membres.update(chef_de_file=False)
    partis = [membre.pk for collectivite, membre in actuels.items() if collectivite not in membres]
    # Left without a member they would pass for the lead's own; deposited versions keep them.
    tenue.pieces.filter(membre__in=partis).delete()
    tenue.televersements.filter(membre__in=partis, piece=None, refus="").update(refus=DESTINATAIRE_PARTI)
    tenue.membres.filter(pk__in=partis).delete()
    Membre.objects.bulk_create(
        Membre(
            candidature=tenue,
            epci=collectivite if isinstance(collectivite, Epci) else None,
            petr=collectivite if isinstance(collectivite, Petr) else None,
        )
        for collectivite in dict.fromkeys(membres)
        if collectivite not in actuels
    )
    chef = {"petr": chef_de_file} if isinstance(chef_de_file, Petr) else {"epci": chef_de_file}
    tenue.membres.filter(**chef).update(chef_de_file=True)


def _rattacher_au_chef(tenue: Candidature, membres: Iterable[Membre]) -> None:
    """What was attached before there was a grouping is of whoever led then, and stays so when another leads."""
    natures = [piece.cle for piece in tenue.cahier.cahier.pieces_attendues if piece.par_membre]
    chef = next((membre for membre in membres if membre.chef_de_file), None)
    tenue.pieces.filter(membre=None, nature__in=natures).update(membre=chef)


def _territoire(tenue: Candidature, epcis: Sequence[Epci], mene: Epci, nom: str) -> Territoire:
    """The territory of the file, changed; a new one when others speak of the row that it has."""
    actuel = tenue.territoire
    meme = actuel.cle == cle_de(epci.siren for epci in epcis)
    if meme and actuel.chef_de_file == mene:
        return actuel
    return territoire_de_travail(
        epcis=epcis,
        chef_de_file=mene,
        nom=actuel.nom if meme else nom,
        demonstration=actuel.demonstration,
        remplace=None if _partage(tenue, actuel) else actuel,
    )


def _partage(tenue: Candidature, territoire: Territoire) -> bool:
    """Whether anything but this file speaks of `territoire`."""
    return not territoire.prive or Candidature.objects.filter(territoire=territoire).exclude(pk=tenue.pk).exists()
