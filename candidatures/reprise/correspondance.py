"""Whose field is whose: the file that an administrateur edits (`correspondance.toml` is the one by default)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from candidatures.dossier.etats import EtatCandidature
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import PARIS
from rebond.socle.texte.encodages import EncodageInconnu, decoder
from rebond.socle.texte.noms import nom_nu

PAR_DEFAUT = Path(__file__).with_name("correspondance.toml")
E = EtatCandidature
ETATS_REPRENABLES = (E.DEPOSEE, E.EN_INSTRUCTION, E.LAUREATE, E.NON_RETENUE, E.AJOURNEE, E.RETIREE)
ETATS_DE_DEMARCHES = ("en_construction", "en_instruction", "accepte", "refuse", "sans_suite")


class CorrespondanceIllisible(RegleEnfreinte):
    """The file cannot be used; the message names what is wrong in it."""


@dataclass(frozen=True)
class Champs:
    """Where the answer to one of our questions is found: labels or identifiers of their fields, by preference.

    `choix`: our choice, by its key or label, for theirs (normalised). `colonnes`: for a block, their fields by column.
    """

    noms: tuple[str, ...] = ()
    choix: Mapping[str, str] = field(default_factory=dict)
    colonnes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Correction:
    """What the administrateur settles by hand for one dossier, by its number."""

    territoire: tuple[str, ...] = ()
    porteur: str = ""
    etat: EtatCandidature | None = None


@dataclass(frozen=True)
class Correspondance:
    """`reponses` by « section.question », `pieces` by kind of attachment, `annonces` by number of wave."""

    territoire: tuple[str, ...]
    demandeur: bool
    etats: Mapping[str, EtatCandidature]
    reponses: Mapping[str, Champs]
    pieces: Mapping[str, tuple[str, ...]]
    annonces: Mapping[int, datetime]
    dossiers: Mapping[str, Correction]

    def de(self, numero: str) -> Correction:
        return self.dossiers.get(numero, SANS_CORRECTION)


SANS_CORRECTION = Correction()


def cle_de_libelle(libelle: str) -> str:
    """« Filières touchées : » and « filieres touchees » are the same label."""
    return nom_nu(libelle)


def lire_correspondance(chemin: Path = PAR_DEFAUT) -> Correspondance:
    """Raises `CorrespondanceIllisible`, whose sentence says what to correct."""
    try:
        brut = tomllib.loads(decoder(chemin.read_bytes())[0])
    except OSError:
        raise CorrespondanceIllisible(f"Le fichier de correspondance «\u00a0{chemin}\u00a0» ne se lit pas.") from None
    except (tomllib.TOMLDecodeError, EncodageInconnu) as erreur:
        raise CorrespondanceIllisible(
            f"Le fichier de correspondance «\u00a0{chemin}\u00a0» n’est pas du TOML\u00a0: {erreur}."
        ) from None
    return depuis_toml(brut)


def depuis_toml(brut: Mapping[str, Any]) -> Correspondance:
    _connues(brut, "", ("territoire", "etats", "reponses", "pieces", "annonces", "dossiers"))
    territoire = _table(brut, "territoire")
    _connues(territoire, "territoire", ("champs", "demandeur"))
    return Correspondance(
        territoire=_noms(territoire.get("champs", []), "territoire.champs"),
        demandeur=_booleen(territoire.get("demandeur", True), "territoire.demandeur"),
        etats=_etats(_table(brut, "etats")),
        reponses={cle: _champs(valeur, f"reponses.{cle}") for cle, valeur in _table(brut, "reponses").items()},
        pieces={cle: _noms(valeur, f"pieces.{cle}") for cle, valeur in _table(brut, "pieces").items()},
        annonces=dict(_annonce(vague, quand) for vague, quand in _table(brut, "annonces").items()),
        dossiers={numero: _correction(valeur, numero) for numero, valeur in _table(brut, "dossiers").items()},
    )


def _etats(table: Mapping[str, Any]) -> dict[str, EtatCandidature]:
    _connues(table, "etats", ETATS_DE_DEMARCHES)
    if absents := [etat for etat in ETATS_DE_DEMARCHES if etat not in table]:
        raise CorrespondanceIllisible(f"Correspondance, «\u00a0etats\u00a0»\u00a0: il manque {', '.join(absents)}.")
    return {leur: _etat(notre, f"etats.{leur}") for leur, notre in table.items()}


def _etat(valeur: Any, ou: str) -> EtatCandidature:
    if valeur not in [etat.value for etat in ETATS_REPRENABLES]:
        permis = ", ".join(ETATS_REPRENABLES)
        raise CorrespondanceIllisible(f"Correspondance, «\u00a0{ou}\u00a0»\u00a0: écrivez l’un de {permis}.")
    return EtatCandidature(valeur)


def _champs(valeur: Any, ou: str) -> Champs:
    if ou.count(".") != 2:
        raise CorrespondanceIllisible(f'Correspondance, «\u00a0{ou}\u00a0»\u00a0: écrivez "rubrique.question".')
    if not isinstance(valeur, Mapping):
        return Champs(noms=_noms(valeur, ou))
    _connues(valeur, ou, ("champs", "choix", "colonnes"))
    choix = _table(valeur, "choix", ou)
    if not all(isinstance(notre, str) for notre in choix.values()):
        raise CorrespondanceIllisible(f"Correspondance, «\u00a0{ou}.choix\u00a0»\u00a0: un texte est attendu.")
    return Champs(
        noms=_noms(valeur.get("champs", []), f"{ou}.champs"),
        choix={cle_de_libelle(leur): notre for leur, notre in choix.items()},
        colonnes={cle: _noms(noms, f"{ou}.colonnes.{cle}") for cle, noms in _table(valeur, "colonnes", ou).items()},
    )


def _correction(valeur: Any, numero: str) -> Correction:
    ou = f"dossiers.{numero}"
    table = _table({ou: valeur}, ou)
    _connues(table, ou, ("territoire", "porteur", "etat"))
    porteur = table.get("porteur", "")
    if not isinstance(porteur, str):
        raise CorrespondanceIllisible(f"Correspondance, «\u00a0{ou}.porteur\u00a0»\u00a0: un texte est attendu.")
    return Correction(
        territoire=_noms(table.get("territoire", []), f"{ou}.territoire"),
        porteur=porteur.strip(),
        etat=_etat(table["etat"], f"{ou}.etat") if "etat" in table else None,
    )


def _annonce(vague: str, quand: Any) -> tuple[int, datetime]:
    if not vague.isdecimal() or not isinstance(quand, datetime):
        raise CorrespondanceIllisible(
            f"Correspondance, «\u00a0annonces.{vague}\u00a0»\u00a0: écrivez le numéro de la vague et l’instant de "
            "l’annonce, par exemple 3 = 2023-08-28T12:00:00."
        )
    return int(vague), quand if quand.tzinfo else quand.replace(tzinfo=PARIS)


def _table(brut: Mapping[str, Any], cle: str, ou: str = "") -> Mapping[str, Any]:
    table = brut.get(cle, {})
    if not isinstance(table, Mapping):
        nom = f"{ou}.{cle}" if ou else cle
        raise CorrespondanceIllisible(f"Correspondance, «\u00a0{nom}\u00a0»\u00a0: une table est attendue.")
    return table


def _connues(table: Mapping[str, Any], ou: str, permises: tuple[str, ...]) -> None:
    """A key that is not read is a mistake: nobody would see that it does nothing."""
    for cle in table:
        if cle not in permises:
            nom = f"{ou}.{cle}" if ou else cle
            raise CorrespondanceIllisible(
                f"Correspondance, «\u00a0{nom}\u00a0» est inconnu\u00a0: on attend {', '.join(permises)}."
            )


def _noms(valeur: Any, ou: str) -> tuple[str, ...]:
    liste = [valeur] if isinstance(valeur, str) else valeur
    if not isinstance(liste, list) or not all(isinstance(nom, str) and nom.strip() for nom in liste):
        raise CorrespondanceIllisible(f"Correspondance, «\u00a0{ou}\u00a0»\u00a0: une liste de libellés est attendue.")
    return tuple(liste)


def _booleen(valeur: Any, ou: str) -> bool:
    if not isinstance(valeur, bool):
        raise CorrespondanceIllisible(f"Correspondance, «\u00a0{ou}\u00a0»\u00a0: écrivez true ou false.")
    return valeur
