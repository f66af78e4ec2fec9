"""An OpenDocument spreadsheet written row after row: no library does it in constant memory with French dates.

Sources: OASIS, *OpenDocument 1.3*, part 2 (packages, § 3.3: `mimetype` first and not compressed) and part 3 (schema,
§ 9 tables, § 19.385 office:value-type).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from rebond.socle.horloge.temps import PARIS

TYPE_MIME = "application/vnd.oasis.opendocument.spreadsheet"
MANIFESTE = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{TYPE_MIME}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
JOUR = (
    '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/>'
    '<number:text>/</number:text><number:year number:style="long"/>'
)
HEURE = (
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/><number:text>:</number:text><number:seconds number:style="long"/>'
)
DEBUT = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.3" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">
<office:automatic-styles>
<number:date-style style:name="N-jour">{JOUR}</number:date-style>
<number:date-style style:name="N-instant">{JOUR}{HEURE}</number:date-style>
<style:style style:name="jour" style:family="table-cell" style:data-style-name="N-jour"/>
<style:style style:name="instant" style:family="table-cell" style:data-style-name="N-instant"/>
<style:style style:name="titre" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="colonne" style:family="table-column"><style:table-column-properties
 style:column-width="5cm"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>"""
FIN = "</table:table></office:spreadsheet></office:body></office:document-content>"
# XML 1.0, § 2.2: no document may hold them.
INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ESPACES = re.compile(" {2,}")


def ecrire(sortie: IO[bytes], feuille: str, titres: Sequence[str], rangees: Iterable[Sequence[Any]]) -> None:
    """One sheet: the titles, then the rows, which are read once."""
    with ZipFile(sortie, "w") as archive:
        archive.writestr(_entree("mimetype", ZIP_STORED), TYPE_MIME)
        archive.writestr(_entree("META-INF/manifest.xml"), MANIFESTE)
        with archive.open(_entree("content.xml"), "w") as contenu:
            for morceau in _contenu(feuille, titres, rangees):
                contenu.write(morceau.encode())


def _entree(nom: str, compression: int = ZIP_DEFLATED) -> ZipInfo:
    """The same rows make the same bytes: no entry has the date of its writing."""
    entree = ZipInfo(nom)
    entree.compress_type = compression
    return entree


def _contenu(feuille: str, titres: Sequence[str], rangees: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f"{DEBUT}<table:table table:name={quoteattr(feuille)}>"
    yield f'<table:table-column table:style-name="colonne" table:number-columns-repeated="{len(titres)}"/>'
    yield f"<table:table-header-rows>{_rangee(_texte(titre, 'titre') for titre in titres)}</table:table-header-rows>"
    for rangee in rangees:
        yield _rangee(map(_cellule, rangee))
    yield FIN


def _rangee(cellules: Iterable[str]) -> str:
    return f"<table:table-row>{''.join(cellules)}</table:table-row>"


def _cellule(valeur: Any) -> str:
    if valeur is None or valeur == "":
        return "<table:table-cell/>"
    if isinstance(valeur, datetime):
        a_paris = valeur.astimezone(PARIS).replace(tzinfo=None)
        montre = f"{a_paris:%d/%m/%Y %H:%M:%S}"
        return _typee("date", "date-value", a_paris.isoformat(timespec="seconds"), montre, "instant")
    if isinstance(valeur, date):
        return _typee("date", "date-value", valeur.isoformat(), f"{valeur:%d/%m/%Y}", "jour")
    if isinstance(valeur, int | float | Decimal) and not isinstance(valeur, bool):
        return _typee("float", "value", str(valeur), str(valeur).replace(".", ","))
    return _texte(str(valeur))


def _typee(genre: str, attribut: str, valeur: str, montre: str, style: str = "") -> str:
    habit = f' table:style-name="{style}"' if style else ""
    return (
        f'<table:table-cell office:value-type="{genre}" office:{attribut}="{valeur}"{habit}>'
        f"<text:p>{montre}</text:p></table:table-cell>"
    )


def _texte(texte: str, style: str = "") -> str:
    """A text, whatever it begins with, is never a formula: its cell says that it is a text."""
    habit = f' table:style-name="{style}"' if style else ""
    alineas = "".join(
        f"<text:p>{_espace(escape(alinea))}</text:p>" for alinea in INTERDITS.sub("", texte).splitlines()
    )
    return f'<table:table-cell office:value-type="string"{habit}>{alineas}</table:table-cell>'


def _espace(texte: str) -> str:
    """OpenDocument, like HTML, makes one space of several (part 3, § 6.1.2)."""
    return ESPACES.sub(lambda lues: f' <text:s text:c="{len(lues[0]) - 1}"/>', texte.replace("\t", " "))
