"""What today's data say otherwise than a published figure (design, invariant 5)."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from projets.chiffres.definitions import PREFIXE_ENSEMBLE
from projets.chiffres.lignes import lire_ensemble, sceller
from projets.chiffres.temoins import CARTE
from projets.chiffres.valeurs import Chiffre, Chiffres, Ligne, Temoin
from rebond.socle.preuve.empreintes import empreinte

ABSENT = "–"


@dataclass(frozen=True, slots=True)
class Ecart:
    """One figure or fact that differs, and the rows (their labels) that explain it.

    The total may be the same: rows that make up for each other, a territory renamed, an axis rewritten, another map.
    """

    libelle: str
    publie: str
    recompte: str
    ajoutees: tuple[str, ...] = ()
    retirees: tuple[str, ...] = ()
    modifiees: tuple[str, ...] = ()


def ecarts(publies: Chiffres, recomptes: Chiffres) -> list[Ecart]:
    """What a new count of the same date contradicts: a value, a row or its name, an axis, a funder, the map.

    A figure for all missions together that only repeats what the same figure of the last restitution says is left
    out, and so is one that was frozen under another definition of « all ».
    """
    differents = list(_differents(publies, recomptes))
    avant, apres = (
        lire_ensemble({cle: chiffres[cle].lignes for cle in differents}) for chiffres in (publies, recomptes)
    )
    trouves = {cle: _ecart(publies[cle], recomptes[cle], avant[cle], apres[cle]) for cle in differents}
    lus = [
        ecart
        for cle, ecart in trouves.items()
        if not (cle.startswith(PREFIXE_ENSEMBLE) and _repete(ecart, trouves.get(cle.removeprefix(PREFIXE_ENSEMBLE))))
    ]
    return [*lus, *_temoins(publies.temoins, recomptes.temoins)]


def empreinte_des_ecarts(trouves: list[Ecart]) -> str:
    """The same for the same contradictions."""
    return empreinte([asdict(ecart) for ecart in trouves])


def _differents(publies: Chiffres, recomptes: Chiffres) -> Iterator[str]:
    """The keys of the figures whose value or rows differ."""
    for cle, publie in publies.items():
        recompte = recomptes.get(cle)
        if recompte is None or (cle.startswith(PREFIXE_ENSEMBLE) and publie.definition != recompte.definition):
            continue
        if cle.startswith(PREFIXE_ENSEMBLE) and _repetes(cle, publies, recomptes):
            continue
        if publie.valeur != recompte.valeur or sceller(publie.lignes) != sceller(recompte.lignes):
            yield cle


def _repetes(cle: str, publies: Chiffres, recomptes: Chiffres) -> bool:
    """Whether both counts say the same of all missions as of the last restitution: so would what differs."""
    seule = cle.removeprefix(PREFIXE_ENSEMBLE)
    return seule in recomptes and all(
        seule in chiffres
        and str(chiffres[seule]) == str(chiffres[cle])
        and sceller(chiffres[seule].lignes) == sceller(chiffres[cle].lignes)
        for chiffres in (publies, recomptes)
    )


def _ecart(publie: Chiffre, recompte: Chiffre, publiees: Iterable[Ligne], recomptees: Iterable[Ligne]) -> Ecart:
    avant = {ligne.pk: ligne for ligne in publiees}
    apres = {ligne.pk: ligne for ligne in recomptees}
    return Ecart(
        libelle=publie.libelle,
        publie=str(publie),
        recompte=str(recompte),
        ajoutees=tuple(ligne.libelle for pk, ligne in apres.items() if pk not in avant),
        retirees=tuple(ligne.libelle for pk, ligne in avant.items() if pk not in apres),
        modifiees=tuple(
            _changement(avant[pk], ligne) for pk, ligne in apres.items() if pk in avant and avant[pk] != ligne
        ),
    )


def _changement(avant: Ligne, apres: Ligne) -> str:
    return apres.libelle if avant.libelle == apres.libelle else f"{avant.libelle} → {apres.libelle}"


def _repete(ecart: Ecart, autre: Ecart | None) -> bool:
    return autre is not None and asdict(ecart) | {"libelle": ""} == asdict(autre) | {"libelle": ""}


def _temoins(publies: tuple[Temoin, ...] | None, recomptes: tuple[Temoin, ...] | None) -> Iterator[Ecart]:
    """Nothing when the release was frozen before such facts were kept."""
    if publies is None:
        return
    avant = {temoin.cle: temoin for temoin in publies}
    apres = {temoin.cle: temoin for temoin in recomptes or ()}
    for cle, temoin in (apres | avant).items():
        ancien, nouveau = avant.get(cle), apres.get(cle)
        if ancien != nouveau:
            yield Ecart(temoin.libelle, _texte(ancien), _texte(nouveau, autre=ancien is not None))


def _texte(temoin: Temoin | None, *, autre: bool = False) -> str:
    """A layer of the map says by its fingerprint that it is another one: there are no words for it but these."""
    if temoin is None:
        return ABSENT
    if temoin.cle.startswith(CARTE):
        return f"dessinée autrement ({temoin.libelle})" if autre else "sur la carte"
    return temoin.texte
