"""Reading of the official lists of Territoires d’industrie, in the two shapes in which they are published.

- `id_ti;lib_ti;siren_groupement;lib_groupement;nature_juridique`: one line per member.
- `insee_com;lib_com;id_ti;lib_ti`: one line per commune; its members are the EPCI that contain those communes.

Either may hold several `id_ti` in one cell, separated by ` ; `, with as many labels in `lib_ti`.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rebond.socle.caracteres import en_une_ligne
from territoires.etats import NatureMembre
from territoires.regles import siren_compact, siren_valide

COLONNES_MEMBRES = frozenset({"id_ti", "lib_ti", "siren_groupement", "lib_groupement", "nature_juridique"})
COLONNES_COMMUNES = frozenset({"insee_com", "lib_com", "id_ti", "lib_ti"})
SEPARATEUR_CELLULE = " ; "
TAILLE_MAX = 20 * 1024 * 1024


class FichierInvalide(Exception):
    """The file cannot be imported; the message says why and on which line, in French."""


@dataclass(frozen=True, slots=True)
class LigneTI:
    """One member of one territory: by its SIREN (first shape) or by the INSEE code of a commune (second shape)."""

    id_ti: str
    nom: str
    nature: NatureMembre
    libelle: str
    siren: str = ""
    code_commune: str = ""


def lire(contenu: bytes) -> list[LigneTI]:
    """Lines of either shape, in their order, each once. Raises FichierInvalide."""
    if len(contenu) > TAILLE_MAX:
        raise FichierInvalide("Le fichier est trop volumineux pour une liste de Territoires d’industrie.")
    lecteur = csv.reader(io.StringIO(_decoder(contenu), newline=""), delimiter=";", strict=True)
    try:
        colonnes = [nom.strip().lower() for nom in next(lecteur, [])]
        interpreter = _forme(frozenset(colonnes))
        lignes = [
            interpreter(ligne, id_ti, nom, numero)
            for numero, ligne in _lignes(lecteur, colonnes)
            for id_ti, nom in _territoires(ligne, numero)
        ]
    except csv.Error as erreur:
        raise FichierInvalide(f"Ligne {lecteur.line_num} illisible ({erreur}).") from erreur
    if not lignes:
        raise FichierInvalide("Le fichier ne contient aucune ligne.")
    return list(dict.fromkeys(lignes))


def _decoder(contenu: bytes) -> str:
    """UTF-8 with or without BOM, otherwise the Windows-1252 that spreadsheets write."""
    if b"\x00" in contenu:
        raise FichierInvalide("Ce fichier n’est pas un fichier CSV. S’il vient d’un tableur, enregistrez-le en CSV.")
    try:
        return contenu.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return contenu.decode("cp1252")
        except UnicodeDecodeError as erreur:
            raise FichierInvalide("L’encodage du fichier n’est ni UTF-8 ni Windows-1252.") from erreur


def _forme(colonnes: frozenset[str]) -> Callable[[dict[str, str], str, str, int], LigneTI]:
    if colonnes >= COLONNES_MEMBRES:
        return _membre
    if colonnes >= COLONNES_COMMUNES:
        return _commune
    raise FichierInvalide(
        "Les colonnes attendues ne sont pas dans ce fichier. Il faut, séparées par des points-virgules, "
        "id_ti, lib_ti, siren_groupement, lib_groupement et nature_juridique, ou bien insee_com, lib_com, id_ti "
        "et lib_ti."
    )


def _lignes(lecteur: Iterator[list[str]], colonnes: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Non-empty lines by name of column, cells trimmed, with their rank in the file (the header is 1)."""
    for numero, brute in enumerate(lecteur, start=2):
        cellules = _recoller(brute) if len(brute) > len(colonnes) else brute
        if not any(cellule.strip() for cellule in cellules):
            continue
        if len(cellules) != len(colonnes):
            raise FichierInvalide(f"Ligne {numero}\u00a0: {len(cellules)} cellules au lieu de {len(colonnes)}.")
        yield numero, dict(zip(colonnes, (en_une_ligne(cellule).strip() for cellule in cellules), strict=True))


def _recoller(cellules: list[str]) -> list[str]:
    """Puts together again the cells that an unquoted ` ; ` has cut."""
    recollees = cellules[:1]
    for cellule in cellules[1:]:
        if recollees[-1].endswith(" ") and cellule.startswith(" "):
            recollees[-1] += f";{cellule}"
        else:
            recollees.append(cellule)
    return recollees


def _territoires(ligne: dict[str, str], numero: int) -> list[tuple[str, str]]:
    """Identifiers and labels of the line; none for a commune outside the programme."""
    identifiants = [mot.strip() for mot in ligne["id_ti"].split(";") if mot.strip()]
    noms = [ligne["lib_ti"]] if len(identifiants) == 1 else ligne["lib_ti"].split(SEPARATEUR_CELLULE)
    if identifiants and len(noms) != len(identifiants):
        raise FichierInvalide(
            f"Ligne {numero}\u00a0: {len(identifiants)} identifiants dans «\u00a0id_ti\u00a0», "
            f"mais {len(noms)} noms dans «\u00a0lib_ti\u00a0»."
        )
    paires = [(identifiant, nom.strip()) for identifiant, nom in zip(identifiants, noms, strict=False)]
    for identifiant, nom in paires:
        if len(identifiant) > 20 or not nom or len(nom) > 200:
            raise FichierInvalide(
                f"Ligne {numero}\u00a0: l’identifiant ou le nom du territoire d’industrie n’est pas lisible."
            )
    return paires


def _membre(ligne: dict[str, str], id_ti: str, nom: str, numero: int) -> LigneTI:
    siren = siren_compact(ligne["siren_groupement"])
    if not siren_valide(siren):
        raise FichierInvalide(
            f"Ligne {numero}\u00a0: «\u00a0{ligne['siren_groupement']}\u00a0» n’est pas un numéro SIREN."
        )
    if ligne["nature_juridique"] not in NatureMembre.values:
        raise FichierInvalide(
            f"Ligne {numero}\u00a0: la nature juridique «\u00a0{ligne['nature_juridique']}\u00a0» n’est pas connue "
            f"({', '.join(NatureMembre.values)})."
        )
    return LigneTI(
        id_ti, nom, NatureMembre(ligne["nature_juridique"]), ligne["lib_groupement"][:200] or siren, siren=siren
    )


def _commune(ligne: dict[str, str], id_ti: str, nom: str, numero: int) -> LigneTI:
    # Spreadsheets eat the leading zero of Ain to Ariège.
    code = ligne["insee_com"].upper().zfill(5)
    if len(code) != 5 or not code[2:].isdigit():
        raise FichierInvalide(
            f"Ligne {numero}\u00a0: «\u00a0{ligne['insee_com']}\u00a0» n’est pas un code INSEE de commune."
        )
    return LigneTI(id_ti, nom, NatureMembre.COMMUNE, ligne["lib_com"][:200] or code, code_commune=code)
