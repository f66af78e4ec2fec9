"""Which intercommunalités a dossier speaks for."""

import re
from collections.abc import Iterator

from candidatures.reprise.brut import Objet, objet, texte, textes
from candidatures.reprise.champs import code_epci, dire, rangees, siret
from candidatures.reprise.correspondance import Correction, Correspondance, cle_de_libelle
from candidatures.reprise.referentiel import Referentiel
from rebond.socle.erreurs import RegleEnfreinte
from territoires.models import Epci

SEPARATEURS = re.compile(r"\s*[;\n]\s*")
NUMERO = re.compile(r"(?<![0-9])[0-9]{3}[ \u00a0\u202f]?[0-9]{3}[ \u00a0\u202f]?[0-9]{3}(?![0-9])")
NEANT = frozenset({"", "aucun", "aucune", "neant", "non", "sans objet", "so", "na", "n a"})
REMEDE = "Indiquez son territoire dans la correspondance, sous [dossiers.…]."


def groupement(
    origine: Objet,
    champs: list[Objet],
    correspondance: Correspondance,
    correction: Correction,
    referentiel: Referentiel,
) -> tuple[Epci, ...]:
    """The EPCI, the lead first: the applicant when it is one of them, otherwise the first one named.

    Raises `RegleEnfreinte` when there is none, or when one of them is not in the reference: a file is never attached
    to half of its territory.
    """
    if correction.territoire:
        return _uniques(_reconnus(correction.territoire, referentiel))
    demandeur = _demandeur(origine, referentiel) if correspondance.demandeur else ()
    nommes = [dit for champ in champs_de_territoire(champs, correspondance) for dit in _designes(champ)]
    epcis = _uniques([*demandeur, *_reconnus(nommes, referentiel)])
    if not epcis:
        raise RegleEnfreinte(f"Aucun de ses champs ne désigne une intercommunalité connue. {REMEDE}")
    return epcis


def _demandeur(origine: Objet, referentiel: Referentiel) -> tuple[Epci, ...]:
    demandeur = objet(origine, "demandeur")
    for numero in (texte(demandeur, "siret"), texte(demandeur, "entreprise", "siren")):
        if trouves := referentiel.par_numero(numero):
            return trouves
    return ()


def champs_de_territoire(champs: list[Objet], correspondance: Correspondance) -> Iterator[Objet]:
    noms = {cle for nom in correspondance.territoire if (cle := cle_de_libelle(nom))}
    for champ in champs:
        if (
            cle_de_libelle(texte(champ, "label")) in noms
            or texte(champ, "champDescriptorId") in correspondance.territoire
        ):
            yield champ


def _designes(champ: Objet) -> Iterator[str]:
    """Each intercommunalité that the field names: by code, by number in a text, or by name."""
    if lignes := rangees(champ):
        for ligne in lignes:
            # The other columns of a row (a role, a date) name nobody.
            yield from next((noms for autre in ligne if (noms := _codes(autre))), _premier_nom(ligne))
    elif codes := _codes_du_champ(champ):
        yield from codes
    else:
        for dit in textes(champ, "values") or SEPARATEURS.split(dire(champ)):
            yield from _numeros(dit) or ([] if cle_de_libelle(dit) in NEANT else [dit])


def _codes(champ: Objet) -> list[str]:
    return _codes_du_champ(champ) or _numeros(dire(champ))


def _codes_du_champ(champ: Objet) -> list[str]:
    """What the field holds as a code of its own, beside what it says."""
    if code := code_epci(champ):
        return [code]
    return [siret(champ)] if objet(champ, "etablissement") else []


def _numeros(dit: str) -> list[str]:
    return NUMERO.findall(dit) or ([dit] if dit.isdecimal() else [])


def _premier_nom(ligne: list[Objet]) -> list[str]:
    return [dit for champ in ligne if cle_de_libelle(dit := dire(champ)) not in NEANT][:1]


def _reconnus(designes: Iterator[str] | list[str] | tuple[str, ...], referentiel: Referentiel) -> list[Epci]:
    reconnus: list[Epci] = []
    for designe in designes:
        trouves = referentiel.par_numero(designe) or referentiel.par_nom(designe)
        if trouves is None:
            nom = " ".join(designe.split())[:80]
            raise RegleEnfreinte(f"L’intercommunalité «\u00a0{nom}\u00a0» n’est pas dans le référentiel. {REMEDE}")
        reconnus += trouves
    return reconnus


def _uniques(epcis: list[Epci]) -> tuple[Epci, ...]:
    return tuple({epci.pk: epci for epci in epcis}.values())
