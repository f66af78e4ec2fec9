"""Tables that people download: one description, written as CSV or as a workbook, of Excel's or of LibreOffice's.

Rows are written as they are read and none is kept: a table of any length costs the web process the same memory.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.http import StreamingHttpResponse

from rebond.socle.documents.noms_de_fichiers import disposition
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import PARIS
from rebond.socle.listes import ods

TYPES_MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "ods": ods.TYPE_MIME,
}
MENTION_DEMONSTRATION = "Données de démonstration"
COLONNE_SOURCE = "Source"
# A spreadsheet takes a text that begins so for a formula, whatever the width of the sign (OWASP, CSV injection).
DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
LARGEUR_MAX = 60
LARGEUR_INSTANT = 19
MORCEAU = 64 * 1024
#: What Excel and LibreOffice open: what is beyond would be lost without a word.
LIGNES_D_UNE_FEUILLE = 1_048_576
FEUILLE_PLEINE = (
    "Cette liste a plus de lignes qu’une feuille de calcul n’en ouvre (1\u202f048\u202f575)\u00a0: demandez-la en CSV."
)


@dataclass(frozen=True)
class Tableau:
    """`mentions`: what the table is, when it was made, and that its data are invented.

    The names of the columns are always the first line, so that any program reads the file: the mentions are in a last
    column, « Source », beside each line, which keeps them wherever it is copied.

    `lignes` is read once, and only when the download begins: give it an iterator.
    """

    nom: str
    colonnes: Sequence[str]
    lignes: Iterable[Sequence[Any]]
    mentions: Sequence[str] = ()
    #: The name of its sheet.
    feuille: str = "Liste"

    @property
    def entete(self) -> list[str]:
        return [*self.colonnes, *(COLONNE_SOURCE for _ in self._source)]

    @property
    def rangees(self) -> Iterator[list[Any]]:
        source = self._source
        return ([*ligne, *source] for ligne in self.lignes)

    @property
    def _source(self) -> list[str]:
        return [" – ".join(self.mentions)] if self.mentions else []


def reponse(tableau: Tableau, format_: str) -> StreamingHttpResponse:
    """The download of `tableau`, named after it; `format_` is one of `TYPES_MIME`."""
    return StreamingHttpResponse(
        ECRITURES[format_](tableau),
        content_type=TYPES_MIME[format_],
        headers={
            "Content-Disposition": disposition(f"{tableau.nom}.{format_}"),
            "Cache-Control": "private, no-store",
        },
    )


def en_csv(tableau: Tableau) -> Iterator[bytes]:
    """Semicolons and a byte order mark, as French spreadsheets want them."""
    sortie = io.StringIO()
    sortie.write("\ufeff")
    ecrivain = csv.writer(sortie, delimiter=";")
    ecrivain.writerow(tableau.entete)
    for ligne in tableau.rangees:
        ecrivain.writerow([_cellule_csv(valeur) for valeur in ligne])
        if sortie.tell() >= MORCEAU:
            yield _vider(sortie)
    yield _vider(sortie)


def _vider(sortie: io.StringIO) -> bytes:
    texte = sortie.getvalue()
    sortie.seek(0)
    sortie.truncate()
    return texte.encode()


def en_xlsx(*feuilles: Tableau, proprietes: Mapping[str, Any] | None = None) -> Iterator[bytes]:
    """One sheet a table; `proprietes` are those of the document (title, comments, creation)."""
    return _en_entier(lambda sortie: _ecrire_le_classeur(sortie, feuilles, proprietes or {}))


def en_ods(tableau: Tableau) -> Iterator[bytes]:
    return _en_entier(lambda sortie: ods.ecrire(sortie, tableau.feuille, tableau.entete, _bornees(tableau.rangees)))


def _bornees(rangees: Iterable[list[Any]]) -> Iterator[list[Any]]:
    for rang, rangee in enumerate(rangees, start=1):
        if rang >= LIGNES_D_UNE_FEUILLE:
            raise RegleEnfreinte(FEUILLE_PLEINE)
        yield rangee


def _en_entier(ecrire: Callable[[IO[bytes]], None]) -> Iterator[bytes]:
    """A workbook, row after row on disk: its directory stands at its end, so nothing leaves before it is whole."""
    with SpooledTemporaryFile(MORCEAU) as sortie:
        ecrire(sortie)
        sortie.seek(0)
        while morceau := sortie.read(MORCEAU):
            yield morceau


def _ecrire_le_classeur(sortie: IO[bytes], feuilles: Sequence[Tableau], proprietes: Mapping[str, Any]) -> None:
    import xlsxwriter  # late: heavy

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(sortie, options) as classeur:
        if proprietes:
            classeur.set_properties(proprietes)
        gras = classeur.add_format({"bold": True})
        instant = classeur.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
        for tableau in feuilles:
            feuille = classeur.add_worksheet(tableau.feuille)
            feuille.write_row(0, 0, tableau.entete, gras)
            _ecrire_les_rangees(feuille, tableau.entete, _bornees(tableau.rangees), jour=jour, instant=instant)
            feuille.freeze_panes(1, 0)


def _ecrire_les_rangees(
    feuille: Any, entete: Sequence[str], rangees: Iterable[list[Any]], *, jour: Any, instant: Any
) -> None:
    largeurs = [len(colonne) for colonne in entete]
    for rang, ligne in enumerate(rangees, start=1):
        for colonne, valeur in enumerate(ligne):
            if isinstance(valeur, str):
                largeur = len(valeur)
                if valeur:
                    feuille.write_string(rang, colonne, valeur)
            elif isinstance(valeur, datetime):
                largeur = LARGEUR_INSTANT
                feuille.write_datetime(rang, colonne, valeur.astimezone(PARIS).replace(tzinfo=None), instant)
            elif isinstance(valeur, date):
                largeur = LARGEUR_INSTANT
                feuille.write_datetime(rang, colonne, valeur, jour)
            else:
                largeur = len(str(valeur))
                feuille.write(rang, colonne, valeur)
            largeurs[colonne] = max(largeurs[colonne], largeur)
    for colonne, largeur in enumerate(largeurs):
        feuille.set_column(colonne, colonne, min(largeur, LARGEUR_MAX) + 2)


def _cellule_csv(valeur: Any) -> Any:
    # Texts first: most cells are.
    if isinstance(valeur, str):
        return f"'{valeur}" if valeur.startswith(DEBUTS_DE_FORMULE) else valeur
    if isinstance(valeur, datetime):
        return valeur.astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S")
    if isinstance(valeur, date):
        return valeur.strftime("%d/%m/%Y")
    return valeur


ECRITURES: dict[str, Callable[[Tableau], Iterator[bytes]]] = {"csv": en_csv, "xlsx": en_xlsx, "ods": en_ods}
