"""The model to sign as a document to write in, DOCX or ODT: the paragraphs of the PDF, word for word.

They are read from its HTML: one text, three formats. What only the authority knows is left as dotted lines.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from candidatures.dossier.groupement.modele_mandat import Mandat, en_html
from rebond.socle.documents.formats import Contenu

POINTILLES = {"court": "………", "moyen": "……………………………", "long": "……………………………………………"}
PARAGRAPHES = ("h1", "p", "li")
LANGUE = "fr-FR"


class FormatDeModele(StrEnum):
    DOCX = "docx"
    ODT = "odt"

    @property
    def contenu(self) -> Contenu:
        return Contenu[self.name]


@dataclass(frozen=True)
class Morceau:
    texte: str
    gras: bool = False


@dataclass(frozen=True)
class Paragraphe:
    morceaux: tuple[Morceau, ...]
    est_le_titre: bool = False

    @property
    def texte(self) -> str:
        return "".join(morceau.texte for morceau in self.morceaux)


def paragraphes(mandat: Mandat) -> list[Paragraphe]:
    """Those of the PDF, in their order."""
    from lxml import html  # late: heavy

    corps = html.document_fromstring(en_html(mandat) or "<p>").find("body")
    lus = []
    for element in corps.iter(*PARAGRAPHES):
        morceaux = _propres(list(_morceaux(element, gras=False)))
        if morceaux:
            lus.append(Paragraphe(tuple(morceaux), est_le_titre=element.tag == "h1"))
    return lus


def en_bureautique(mandat: Mandat, format_: FormatDeModele) -> bytes:
    fabriquer = _en_docx if format_ is FormatDeModele.DOCX else _en_odt
    return fabriquer(paragraphes(mandat))


def _morceaux(element: Any, *, gras: bool) -> Iterator[Morceau]:
    classes = (element.get("class") or "").split()
    if "blanc" in classes:
        yield Morceau(next(points for taille, points in POINTILLES.items() if taille in classes))
    else:
        ici = gras or element.tag == "strong"
        yield Morceau(element.text or "", ici)
        for enfant in element:
            yield from _morceaux(enfant, gras=ici)
            yield Morceau(enfant.tail or "", ici)


def _propres(morceaux: list[Morceau]) -> list[Morceau]:
    """Spaces as a browser shows them: one between two words, none at either end. A no-break one stays."""
    propres: list[Morceau] = []
    blanc = True
    for morceau in morceaux:
        texte = ""
        for signe in morceau.texte:
            espace = signe in " \n\t\r"
            if not (espace and blanc):
                texte += " " if espace else signe
            blanc = espace
        if texte:
            propres.append(Morceau(texte, morceau.gras))
    if propres:
        propres[-1] = Morceau(propres[-1].texte.rstrip(" \n"), propres[-1].gras)
    return propres


def _en_docx(lus: list[Paragraphe]) -> bytes:
    from docx import Document  # late: heavy
    from docx.shared import Cm, Pt  # late: heavy

    from rebond.socle.documents.bureautique.word import parler_francais  # late: heavy

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Arial", Pt(11)
    parler_francais(document)
    document.core_properties.title = _titre(lus)[:255]
    document.core_properties.language = LANGUE
    document.core_properties.author = "Portail Rebond industriel"
    for lu in lus:
        paragraphe = document.add_paragraph(style="Heading 1" if lu.est_le_titre else "Normal")
        for morceau in lu.morceaux:
            paragraphe.add_run(morceau.texte).bold = morceau.gras or None
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _en_odt(lus: list[Paragraphe]) -> bytes:
    from odfdo import Document, Header, Paragraph, Span, Style  # late: heavy

    document = Document("text")
    document.body.clear()
    document.language = LANGUE
    document.meta.title = _titre(lus)
    document.meta.language = LANGUE
    document.insert_style(Style("text", name="gras", bold=True), automatic=True)
    for lu in lus:
        element = Header(1, "") if lu.est_le_titre else Paragraph("")
        for morceau in lu.morceaux:
            if morceau.gras:
                element.append(Span(morceau.texte, style="gras"))
            else:
                element.append_plain_text(morceau.texte)
        document.body.append(element)
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _titre(lus: list[Paragraphe]) -> str:
    return next((lu.texte for lu in lus if lu.est_le_titre), "")
