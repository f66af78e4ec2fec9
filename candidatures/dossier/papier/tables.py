"""What stands in a text of Word or LibreOffice, as tables of plain cells: only what its reader sees.

What was struck out under « suivi des modifications » is not read, what was added is; comments, notes and pictures are
told apart: they are no part of an answer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from rebond.socle.documents.bureautique.texte import partie_principale
from rebond.socle.documents.formats import Contenu

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
TEXTE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DESSIN = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
BUREAU = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
# LibreOffice writes « 3 spaces » by a number, which a file may make a billion.
ESPACES_MAX = 1000
PUCE = "– "


@dataclass(frozen=True)
class Cellule:
    texte: str
    # « une image », « un commentaire »: what it holds besides its text.
    pertes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DocumentLu:
    """`tables`, row by row, and the paragraphs that stand outside of them."""

    tables: list[list[list[Cellule]]] = field(default_factory=list)
    hors: list[Cellule] = field(default_factory=list)


@dataclass(frozen=True)
class Grammaire:
    """How a format says it; names are those of XML elements."""

    paragraphes: frozenset[str]
    table: str
    rangee: str
    cellules: frozenset[str]
    ignores: frozenset[str]
    pertes: dict[str, str]
    signe: Callable[[Any], str | None]
    puce: Callable[[Any], bool]


def lire(fichier: IO[bytes], contenu: Contenu) -> DocumentLu:
    """Raises RegleEnfreinte for a document that is not sound (`partie_principale`)."""
    racine = partie_principale(fichier, contenu)
    grammaire = WORD if contenu is Contenu.DOCX else LIBREOFFICE
    lu = DocumentLu()
    _parcourir(racine, grammaire, lu)
    return lu


def _parcourir(noeud: Any, g: Grammaire, lu: DocumentLu) -> None:
    for enfant in noeud:
        if enfant.tag in g.ignores:
            continue
        if enfant.tag == g.table:
            lu.tables.append([[_cellule(c, g) for c in _dans(r, g.cellules, g)] for r in _dans(enfant, {g.rangee}, g)])
        elif enfant.tag in g.paragraphes:
            lu.hors.append(_cellule(enfant, g))
        else:
            _parcourir(enfant, g, lu)


def _dans(noeud: Any, noms: Any, g: Grammaire) -> Iterator[Any]:
    """The nearest elements of these names: content controls, headers and revisions may stand between."""
    for enfant in noeud:
        if enfant.tag in noms:
            yield enfant
        elif enfant.tag not in g.ignores:
            yield from _dans(enfant, noms, g)


def _cellule(noeud: Any, g: Grammaire) -> Cellule:
    lignes: list[list[str]] = []
    pertes: set[str] = set()
    if noeud.tag in g.paragraphes:
        _ecrire(noeud, g, lignes, pertes, ouvrir=True)
    else:
        _ecrire(noeud, g, lignes, pertes)
    return Cellule("\n".join("".join(ligne) for ligne in lignes), frozenset(pertes))


def _ecrire(noeud: Any, g: Grammaire, lignes: list[list[str]], pertes: set[str], *, ouvrir: bool = False) -> None:
    if ouvrir:
        lignes.append([PUCE] if g.puce(noeud) else [])
    dans_un_paragraphe = ouvrir or bool(lignes)
    if g is LIBREOFFICE and dans_un_paragraphe and noeud.text and _porte_du_texte(noeud):
        lignes[-1].append(_replie(noeud.text))
    for enfant in noeud:
        if enfant.tag in g.pertes:
            pertes.add(g.pertes[enfant.tag])
        elif enfant.tag in g.ignores or not isinstance(enfant.tag, str):
            pass
        elif enfant.tag in g.paragraphes:
            _ecrire(enfant, g, lignes, pertes, ouvrir=True)
        elif (signe := g.signe(enfant)) is not None:
            (lignes or _ouverte(lignes))[-1].append(signe)
        else:
            _ecrire(enfant, g, lignes, pertes)
        if g is LIBREOFFICE and lignes and enfant.tail and _porte_du_texte(noeud):
            lignes[-1].append(_replie(enfant.tail))


def _ouverte(lignes: list[list[str]]) -> list[list[str]]:
    lignes.append([])
    return lignes


def _porte_du_texte(noeud: Any) -> bool:
    """Between the other elements of OpenDocument, white space is that of the file."""
    return isinstance(noeud.tag, str) and noeud.tag.startswith((TEXTE, "{urn:org:documentfoundation"))


def _replie(texte: str) -> str:
    """OpenDocument 1.3, part 3, 6.1.2: white space collapses; more is written by elements."""
    replie = "".join(" " if lettre in " \t\r\n" else lettre for lettre in texte)
    while "  " in replie:
        replie = replie.replace("  ", " ")
    return replie


def _signe_word(noeud: Any) -> str | None:
    match noeud.tag.removeprefix(W):
        case "t":
            return str(noeud.text or "")
        case "tab":
            return "\t"
        case "br" | "cr":
            return "\n"
        case "noBreakHyphen":
            return "-"
        case "softHyphen":
            return ""
    return None


def _puce_word(paragraphe: Any) -> bool:
    return paragraphe.find(f"{W}pPr/{W}numPr") is not None


def _signe_odf(noeud: Any) -> str | None:
    match noeud.tag.removeprefix(TEXTE):
        case "s":
            compte = noeud.get(f"{TEXTE}c", "1")
            return " " * (min(int(compte), ESPACES_MAX) if compte.isdecimal() and len(compte) < 9 else 1)
        case "tab":
            return "\t"
        case "line-break":
            return "\n"
    return None


def _puce_odf(paragraphe: Any) -> bool:
    return paragraphe.getparent() is not None and paragraphe.getparent().tag == f"{TEXTE}list-item"


IMAGE, NOTE, COMMENTAIRE = "une image", "une note de bas de page", "un commentaire"
WORD = Grammaire(
    paragraphes=frozenset({f"{W}p"}),
    table=f"{W}tbl",
    rangee=f"{W}tr",
    cellules=frozenset({f"{W}tc"}),
    # Properties, what was struck out or moved away, and what a text is replaced by in older programs.
    ignores=frozenset(f"{W}{nom}" for nom in ("pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "del", "moveFrom"))
    | frozenset({f"{W}instrText", f"{W}sectPr", f"{MC}Fallback"}),
    pertes={
        f"{W}drawing": IMAGE,
        f"{W}pict": IMAGE,
        f"{W}object": IMAGE,
        f"{W}footnoteReference": NOTE,
        f"{W}endnoteReference": NOTE,
        f"{W}commentReference": COMMENTAIRE,
    },
    signe=_signe_word,
    puce=_puce_word,
)
LIBREOFFICE = Grammaire(
    paragraphes=frozenset({f"{TEXTE}p", f"{TEXTE}h"}),
    table=f"{TABLE}table",
    rangee=f"{TABLE}table-row",
    cellules=frozenset({f"{TABLE}table-cell"}),
    ignores=frozenset(
        {
            f"{TEXTE}tracked-changes",
            f"{TEXTE}sequence-decls",
            f"{BUREAU}automatic-styles",
            f"{BUREAU}font-face-decls",
            f"{BUREAU}scripts",
            f"{BUREAU}forms",
        }
    ),
    pertes={f"{DESSIN}frame": IMAGE, f"{TEXTE}note": NOTE, f"{BUREAU}annotation": COMMENTAIRE},
    signe=_signe_odf,
    puce=_puce_odf,
)
