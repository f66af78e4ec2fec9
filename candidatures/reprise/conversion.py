"""From their fields to the values that our questions keep: a value is taken only if our own form would take it.

Two exceptions, because nothing is typed any more: a long text and a block keep their length whatever our limits.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from candidatures.cahier import Question, Type
from candidatures.cahier.forms.champs import champ_de, vers_json
from candidatures.dossier.completude import est_vide
from candidatures.reprise.brut import Objet, instant, texte, textes
from candidatures.reprise.champs import code_epci, dire, libelle, rangees, siret
from candidatures.reprise.correspondance import Champs, cle_de_libelle
from candidatures.reprise.referentiel import Referentiel
from rebond.socle.formulaires.champs_nombres import ChampNombre
from rebond.socle.horloge.temps import jour_de_paris
from rebond.socle.texte.caracteres import en_une_ligne, identifiant
from rebond.socle.texte.nombres import INVERSION, en_une_ligne_tel_qu_on_le_voit, lire_machine

ESPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
SIREN = 9
CITATION = 80
SEPARATEURS = re.compile(r"\s*[;,\n]\s*")


class Inconvertible(Exception):
    """The value has no equivalent; the message is a short French sentence."""


@dataclass(frozen=True)
class Conversion:
    """`valeur` as a file keeps it (None: nothing was answered); `reserves`: what of it could not be taken; `lus`: how
    numbers that could be written otherwise were read.
    """

    valeur: Any
    reserves: tuple[str, ...] = ()
    lus: tuple[str, ...] = ()


def convertir(question: Question, champ: Objet, regle: Champs, referentiel: Referentiel) -> Conversion:
    """Raises `Inconvertible` when the answer says something that the question cannot keep."""
    if question.type is Type.BLOC:
        return _bloc(question, champ, regle, referentiel)
    if question.type is Type.CHOIX_MULTIPLE:
        return _choix_multiple(question, champ, regle)
    if question.type is Type.EPCI:
        return Conversion(_epci(champ, referentiel))
    if question.type is Type.CHOIX:
        return Conversion(_choix(question, dire(champ), regle))
    if question.type is Type.TEXTE_LONG:
        return Conversion(dire(champ))
    saisie = SAISIES.get(question.type, dire)(champ)
    if isinstance(saisie, str):
        saisie = en_une_ligne_tel_qu_on_le_voit(saisie) if question.type in NOMBRES else en_une_ligne(saisie)
    valeur, notre = _comme_saisi(question, saisie), _champ(question)
    lu = notre.relire(saisie) if isinstance(notre, ChampNombre) else ""
    return Conversion(valeur, lus=(f"«\u00a0{saisie}\u00a0» lu {lu}",) if lu else ())


def _nombre(champ: Objet) -> str | Decimal:
    """What a program wrote is a number already; what a person wrote is read as our own fields read it."""
    for cle in ("integerNumber", "decimalNumber"):
        if (ecrit := lire_machine(texte(champ, cle))) is not None:
            return ecrit.normalize()
    for cle in ("integerNumber", "decimalNumber", "stringValue"):
        if INVERSION in (brut := texte(champ, cle)):
            return brut
    return texte(champ, "integerNumber") or texte(champ, "decimalNumber") or dire(champ)


def _date(champ: Objet) -> str:
    if texte(champ, "datetime"):
        lu = instant(champ, "datetime")
        return jour_de_paris(lu).isoformat() if isinstance(lu, datetime) else dire(champ)
    # Read by the field of our own form.
    return texte(champ, "date") or dire(champ)


def _siren(champ: Objet) -> str:
    saisi = identifiant(siret(champ))
    return saisi[:SIREN] if len(saisi) > SIREN and saisi.isdecimal() else saisi


def _courriel(champ: Objet) -> str:
    return identifiant(dire(champ))


NOMBRES = frozenset({Type.ENTIER, Type.MONTANT, Type.DECIMAL})
SAISIES: Mapping[Type, Callable[[Objet], str | Decimal]] = {
    **dict.fromkeys(NOMBRES, _nombre),
    Type.DATE: _date,
    Type.SIREN: _siren,
    Type.COURRIEL: _courriel,
}


def _comme_saisi(question: Question, saisie: str | Decimal) -> Any:
    if saisie == "":
        return None
    try:
        return vers_json(_champ(question).clean(saisie))
    except ValidationError as erreur:
        raise Inconvertible(" ".join(erreur.messages)) from None


@lru_cache(maxsize=512)
def _champ(question: Question) -> forms.Field:
    # Whether a question is put does not change what it accepts.
    return champ_de(replace(question, condition=None))


def _choix(question: Question, dit: str, regle: Champs) -> str | None:
    if not dit:
        return None
    cle = cle_de_libelle(dit)
    voulu = cle_de_libelle(regle.choix.get(cle, dit))
    for choix in question.choix:
        if voulu in {cle_de_libelle(choix.cle), cle_de_libelle(choix.libelle)}:
            return choix.cle
    raise Inconvertible("Ce choix n’est pas dans la liste.")


def _choix_multiple(question: Question, champ: Objet, regle: Champs) -> Conversion:
    dits = textes(champ, "values") or _decouper(question, dire(champ), regle)
    trouves, inconnus = [], []
    for dit in dits:
        try:
            choisi = _choix(question, dit, regle)
        except Inconvertible:
            inconnus.append(dit)
        else:
            if choisi and choisi not in trouves:
                trouves.append(choisi)
    if inconnus and not trouves:
        raise Inconvertible("Aucun de ces choix n’est dans la liste.")
    reserves = tuple(f"«\u00a0{inconnu[:CITATION]}\u00a0» n’est pas dans la liste." for inconnu in inconnus)
    ordre = [choix.cle for choix in question.choix]
    return Conversion(sorted(trouves, key=ordre.index) or None, reserves)


def _decouper(question: Question, dit: str, regle: Champs) -> list[str]:
    """Choices written one after the other; a label may itself hold a comma."""
    if not dit:
        return []
    try:
        _choix(question, dit, regle)
    except Inconvertible:
        return [morceau for morceau in SEPARATEURS.split(dit) if morceau]
    return [dit]


def _epci(champ: Objet, referentiel: Referentiel) -> dict[str, str] | None:
    dit = code_epci(champ) or dire(champ)
    if not dit:
        return None
    trouves = referentiel.par_numero(dit) or referentiel.par_nom(dit)
    if not trouves or len(trouves) > 1:
        raise Inconvertible("Cette intercommunalité n’est pas dans le référentiel.")
    return {"siren": trouves[0].siren, "nom": trouves[0].nom}


def _bloc(question: Question, champ: Objet, regle: Champs, referentiel: Referentiel) -> Conversion:
    if not rangees(champ):
        if dire(champ):
            raise Inconvertible("Un bloc de plusieurs lignes est attendu.")
        return Conversion(None)
    lignes, reserves, lus = [], [], []
    for rang, champs in enumerate(rangees(champ), start=1):
        ligne, dites, lues = _ligne(question, champs, regle, referentiel)
        reserves += [f"Ligne {rang}, {dite}" for dite in dites]
        lus += [f"ligne {rang}, {lue}" for lue in lues]
        if not all(est_vide(valeur) for valeur in ligne.values()):
            lignes.append(ligne)
    if reserves and not lignes:
        raise Inconvertible(" ".join(reserves))
    return Conversion(lignes or None, tuple(reserves), tuple(lus))


def _ligne(
    question: Question, champs: list[Objet], regle: Champs, referentiel: Referentiel
) -> tuple[dict[str, Any], list[str], list[str]]:
    """One row of ours, what of theirs it does not hold, and how its numbers were read."""
    reserves: list[str] = []
    lus: list[str] = []
    ligne: dict[str, Any] = {colonne.cle: None for colonne in question.champs}
    restants = list(champs)
    for colonne in question.champs:
        noms = {cle_de_libelle(nom) for nom in (*regle.colonnes.get(colonne.cle, ()), colonne.libelle)}
        leur = next((autre for autre in restants if _nomme(autre, noms) and dire(autre)), None)
        if leur is None:
            continue
        restants.remove(leur)
        try:
            conversion = convertir(colonne, leur, Champs(), referentiel)
        except Inconvertible as motif:
            reserves.append(f"{_cite(leur)}\u00a0: {motif}")
            continue
        ligne[colonne.cle] = conversion.valeur
        lus += [f"{libelle(leur)[:CITATION]} {lu}" for lu in conversion.lus]
    reserves += [f"{_cite(reste)}\u00a0: sans place." for reste in restants if dire(reste)]
    return ligne, reserves, lus


def _cite(champ: Objet) -> str:
    return f"{libelle(champ)[:CITATION]} «\u00a0{dire(champ)[:CITATION]}\u00a0»"


def _nomme(champ: Objet, noms: set[str]) -> bool:
    return cle_de_libelle(libelle(champ)) in noms
