"""The one reader of the tables that people import: read whole, every fault named, nothing guessed in silence.

Spreadsheets write the same table in many ways: its encoding, its separator, title lines above it, empty columns at its
end. All of them are read, by evidence, and what was found is said (`Table.remarques`).
"""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from rebond.socle.documents.etrangers import nommer
from rebond.socle.documents.formats import reconnaitre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.texte.caracteres import nettoyer
from rebond.socle.texte.encodages import EncodageInconnu, decoder
from rebond.socle.texte.typographie import compte

SEPARATEURS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
# Where the names of the columns are looked for, under titles, dates and notes.
ENTETE_AVANT = 30
TAILLE_MAX = 20 * 1024 * 1024
LIGNE_SEP = re.compile(r'"?sep=(.)"?[;,\s]*', re.IGNORECASE)
# 2,00069E+08 has lost digits; 200068500.0 was taken for a quantity; ##### and #REF! are what Excel shows of nothing.
EN_PUISSANCE = re.compile(r"-?\d+(?:[.,]\d+)?[eE][+-]?\d+")
EN_DECIMALE = re.compile(r"-?\d+[.,]0+")
ERREUR_DE_TABLEUR = re.compile(r"#+|#(?:REF|N/A|NOM|NAME|VALEUR|VALUE|DIV/0|NUL|NOMBRE)\b.*", re.IGNORECASE)
# UTF-8 that was read as Windows-1252 and saved so: « CaraÃ¯be ».
MAL_CONVERTI = re.compile("\ufffd|\u00c3[\u00a0-\u00bf\u20ac]|\u00e2\u20ac[\u0153\u2122\u02dc\u201c]")
# Spreadsheets are told ="059" to leave a text as it is.
FORMULE_DE_TEXTE = re.compile(r'="([^"]*)"')
VALEUR_MONTREE = 60
MAL_LU = "des lettres ont été perdues dans une conversion\u00a0; reprenez le fichier d’origine"


class TableIllisible(RegleEnfreinte):
    """Nothing of the file can be read as the table that was expected; the message says why."""


@dataclass(frozen=True)
class Faute:
    """What is wrong in a cell, or in a whole line when `colonne` is empty. `ligne` counts as a spreadsheet does."""

    ligne: int
    cause: str
    colonne: str = ""
    valeur: str = ""

    def __str__(self) -> str:
        colonne = f", colonne «\u00a0{self.colonne}\u00a0»" if self.colonne else ""
        court = self.valeur if len(self.valeur) <= VALEUR_MONTREE else f"{self.valeur[:VALEUR_MONTREE]}…"
        lisible = "".join(lettre if lettre.isprintable() else " " for lettre in court)
        valeur = f", «\u00a0{lisible}\u00a0»" if self.colonne else ""
        return f"Ligne {self.ligne}{colonne}{valeur}\u00a0: {self.cause}."


@dataclass(frozen=True)
class Ligne:
    """`cellules` are trimmed, by name of column in lower case."""

    numero: int
    cellules: dict[str, str]

    def faute(self, colonne: str, cause: str) -> Faute:
        return Faute(self.numero, cause, colonne, self.cellules[colonne])


@dataclass
class Table:
    """Lines that read, and the faults of the others, in the order of the file."""

    colonnes: tuple[str, ...]
    lignes: list[Ligne] = field(default_factory=list)
    fautes: list[Faute] = field(default_factory=list)
    remarques: list[str] = field(default_factory=list)


# Given a line of too many cells, the same line put right when its reader knows how.
Recollage = Callable[[list[str]], list[str]]


def lire_table(contenu: bytes, formes: Sequence[Collection[str]], *, recoller: Recollage | None = None) -> Table:
    """The table whose columns are at least those of one of `formes` (in lower case), whatever their order.

    Raises `TableIllisible` when the file is no table, or when none of `formes` is found in it.
    """
    _refuser_ce_qui_n_est_pas_du_texte(contenu)
    try:
        texte, encodage = decoder(contenu)
    except EncodageInconnu as refus:
        raise TableIllisible(refus.message) from None
    # The ends of line of the csv module, and no other: line numbers are those of a spreadsheet.
    lignes = list(io.StringIO(texte, newline=""))
    annonce = LIGNE_SEP.fullmatch(lignes[0])
    lus = lignes[1:] if annonce else lignes
    decale = 1 if annonce else 0
    separateur, rang, colonnes = _entete(lus, formes, annonce.group(1) if annonce else "")
    table = Table(colonnes)
    table.remarques.append(f"Encodage\u00a0: {encodage}\u00a0; séparateur\u00a0: {_nom(separateur)}.")
    if rang:
        table.remarques.append(f"{compte(rang, 'ligne passée', 'lignes passées')} au-dessus du nom des colonnes.")
    _remplir(table, lus[rang + 1 :], separateur, rang + 2 + decale, recoller)
    return table


def abime_par_le_tableur(valeur: str) -> str:
    """Why an identifier is not what was typed; empty when nothing shows it. No digit is ever put back."""
    if EN_PUISSANCE.fullmatch(valeur):
        return (
            "abîmé par le tableur, qui en a fait un nombre et en a perdu des chiffres\u00a0; mettez la colonne au "
            "format «\u00a0Texte\u00a0» avant d’y coller les numéros"
        )
    if EN_DECIMALE.fullmatch(valeur):
        return (
            "abîmé par le tableur, qui en a fait un nombre à virgule\u00a0; mettez la colonne au format "
            "«\u00a0Texte\u00a0»"
        )
    return "une erreur du tableur, et non une valeur" if ERREUR_DE_TABLEUR.fullmatch(valeur) else ""


def _refuser_ce_qui_n_est_pas_du_texte(contenu: bytes) -> None:
    if not contenu.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise TableIllisible("Ce fichier est vide.")
    if len(contenu) > TAILLE_MAX:
        raise TableIllisible(f"Ce fichier dépasse {TAILLE_MAX // 1024 // 1024}\u00a0Mo.")
    trouve = reconnaitre(io.BytesIO(contenu))
    etranger = None if trouve else nommer(io.BytesIO(contenu))
    if trouve or (etranger and etranger.extension not in {".txt", ".eml", ""}):
        nom = trouve.name if trouve else etranger.nom if etranger else ""
        raise TableIllisible(
            f"Ce fichier n’est pas un fichier CSV ({nom}). S’il vient d’un tableur, enregistrez-le au format "
            "«\u00a0CSV UTF-8\u00a0»."
        )


def _entete(
    lignes: Sequence[str], formes: Sequence[Collection[str]], annonce: str
) -> tuple[str, int, tuple[str, ...]]:
    """The separator, the rank of the line that names the columns, and their names."""
    proche: tuple[int, list[str]] = (0, [])
    for separateur in dict.fromkeys([annonce, *SEPARATEURS] if annonce else SEPARATEURS):
        for rang, ligne in enumerate(lignes[:ENTETE_AVANT]):
            noms = _noms(ligne, separateur)
            for forme in formes:
                absents = [nom for nom in forme if nom not in noms]
                if not absents:
                    return separateur, rang, _uniques(noms, forme, rang)
                if len(forme) - len(absents) > proche[0]:
                    proche = (len(forme) - len(absents), sorted(absents))
    attendues = ", ou bien ".join(", ".join(forme) for forme in formes)
    manque = f" Il y manque {', '.join(proche[1])}." if proche[0] else ""
    raise TableIllisible(
        f"Les colonnes attendues ne sont pas dans ce fichier.{manque} Il faut\u00a0: {attendues}. Le nom des colonnes "
        f"doit être dans les {ENTETE_AVANT} premières lignes."
    )


def _noms(ligne: str, separateur: str) -> list[str]:
    try:
        cellules = next(csv.reader([ligne], delimiter=separateur), [])
    except csv.Error:
        return []
    noms = [cellule.strip("\ufeff \t\u00a0\r\n").lower() for cellule in cellules]
    while noms and not noms[-1]:
        noms.pop()
    return noms


def _uniques(noms: list[str], forme: Collection[str], rang: int) -> tuple[str, ...]:
    doubles = [nom for nom in forme if noms.count(nom) > 1]
    if doubles:
        raise TableIllisible(f"La colonne «\u00a0{doubles[0]}\u00a0» est deux fois dans le fichier, ligne {rang + 1}.")
    return tuple(noms)


def _remplir(table: Table, lignes: Sequence[str], separateur: str, premiere: int, recoller: Recollage | None) -> None:
    largeur = len(table.colonnes)
    for numero, brutes in _enregistrements(lignes, separateur, premiere, table):
        cellules = [_valeur(cellule) for cellule in brutes]
        if len(cellules) > largeur and recoller is not None:
            cellules = [_valeur(cellule) for cellule in recoller(brutes)]
        while len(cellules) > largeur and not cellules[-1]:
            cellules.pop()
        if not any(cellules):
            continue
        if len(cellules) != largeur:
            table.fautes.append(Faute(numero, f"{compte(len(cellules), 'cellule')} au lieu de {largeur}"))
            continue
        ligne = Ligne(numero, dict(zip(table.colonnes, cellules, strict=True)))
        fautes = [ligne.faute(nom, MAL_LU) for nom in table.colonnes if MAL_CONVERTI.search(ligne.cellules[nom])]
        table.fautes += fautes
        if not fautes:
            table.lignes.append(ligne)


def _enregistrements(
    lignes: Sequence[str], separateur: str, premiere: int, table: Table
) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line, with its number; a line that the rules of quotes refuse is a fault, and the next one is
    read."""
    lecteur = csv.reader(lignes, delimiter=separateur, strict=True)
    while True:
        numero = premiere + lecteur.line_num
        try:
            cellules = next(lecteur)
        except StopIteration:
            return
        except csv.Error:
            table.fautes.append(Faute(numero, "des guillemets ouverts ne sont pas fermés, ou sont mal placés"))
        else:
            yield numero, cellules


def _valeur(cellule: str) -> str:
    nette = nettoyer(cellule).strip()
    formule = FORMULE_DE_TEXTE.fullmatch(nette)
    return formule.group(1).strip() if formule else nette


def _nom(separateur: str) -> str:
    return SEPARATEURS.get(separateur, f"«\u00a0{separateur}\u00a0»")
