"""Tables that people download: one description, written as CSV or as a workbook."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse

from rebond.socle.temps import PARIS

TYPES_MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MENTION_DEMONSTRATION = "Données de démonstration"
COLONNE_SOURCE = "Source"
# A spreadsheet takes a text that begins so for a formula (OWASP, CSV injection).
DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r")
LARGEUR_MAX = 60


@dataclass(frozen=True)
class Tableau:
    """`mentions`: what the table is, when it was made, and that its data are invented.

    The names of the columns are always the first line, so that any program reads the file: the mentions are in a last
    column, « Source », beside each line, which keeps them wherever it is copied.
    """

    nom: str
    colonnes: Sequence[str]
    lignes: Iterable[Sequence[Any]]
    mentions: Sequence[str] = ()

    @property
    def entete(self) -> list[str]:
        return [*self.colonnes, *(COLONNE_SOURCE for _ in self._source)]

    @property
    def rangees(self) -> Iterator[list[Any]]:
        return ([*ligne, *self._source] for ligne in self.lignes)

    @property
    def _source(self) -> list[str]:
        return [" – ".join(self.mentions)] if self.mentions else []


def reponse(tableau: Tableau, format_: str) -> HttpResponse:
    """The download of `tableau`, named after it; `format_` is « csv » or « xlsx »."""
    contenu = en_csv(tableau) if format_ == "csv" else en_xlsx(tableau)
    return HttpResponse(
        contenu,
        content_type=TYPES_MIME[format_],
        headers={
            "Content-Disposition": f'attachment; filename="{tableau.nom}.{format_}"',
            "Cache-Control": "private, no-store",
        },
    )


def en_csv(tableau: Tableau) -> bytes:
    """Semicolons and a byte order mark, as French spreadsheets want them."""
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";")
    ecrivain.writerow(tableau.entete)
    ecrivain.writerows([_cellule_csv(valeur) for valeur in ligne] for ligne in tableau.rangees)
    return sortie.getvalue().encode("utf-8-sig")


def en_xlsx(tableau: Tableau) -> bytes:
    import xlsxwriter

    sortie = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(sortie, options) as classeur:
        feuille = classeur.add_worksheet("Liste")
        gras = classeur.add_format({"bold": True})
        instant = classeur.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
        feuille.write_row(0, 0, tableau.entete, gras)
        for rang, ligne in enumerate(tableau.rangees, start=1):
            for colonne, valeur in enumerate(ligne):
                if isinstance(valeur, datetime):
                    feuille.write_datetime(rang, colonne, valeur.astimezone(PARIS).replace(tzinfo=None), instant)
                elif isinstance(valeur, date):
                    feuille.write_datetime(rang, colonne, valeur, jour)
                else:
                    feuille.write(rang, colonne, valeur)
        feuille.freeze_panes(1, 0)
        feuille.autofit(LARGEUR_MAX * 7)
    return sortie.getvalue()


def _cellule_csv(valeur: Any) -> Any:
    if isinstance(valeur, datetime):
        return valeur.astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S")
    if isinstance(valeur, date):
        return valeur.strftime("%d/%m/%Y")
    if isinstance(valeur, str) and valeur.startswith(DEBUTS_DE_FORMULE):
        return f"'{valeur}"
    return valeur
