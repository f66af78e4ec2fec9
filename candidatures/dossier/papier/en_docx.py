"""The form on paper for Word: a table for each question, its answer in the cell below."""

from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from candidatures.dossier.papier.formulaire import (
    AVANT_LE_REPERE,
    CONSIGNES,
    HAUTEUR_CM,
    TITRE,
    TITRE_DES_PIECES,
    Case,
    Formulaire,
)
from rebond.socle.documents.bureautique.word import BLEU_FRANCE, Styles, en_octets, habiller, nommer
from rebond.socle.texte.typographie import sur_une_ligne

GRIS, PALE = RGBColor(0x66, 0x66, 0x66), "F5F5FE"
# Black, and smaller than a text to read: it is filled in by hand, or typed over.
STYLES: Styles = {"Normal": (10.5, None), "Heading 1": (18, BLEU_FRANCE), "Heading 2": (14, BLEU_FRANCE)}


def en_docx(formulaire: Formulaire) -> bytes:
    document = Document()
    habiller(document, styles=STYLES, cotes_cm=2)
    interligne = document.styles["Normal"].paragraph_format
    interligne.space_after, interligne.line_spacing = Pt(3), 1.0
    nommer(document, titre=f"{TITRE} – {formulaire.reference}", avis="", le=datetime.now(UTC))
    document.add_heading(TITRE, level=1)
    entete = _tableau(document, rangees=0, colonnes=2)
    for libelle, valeur in formulaire.entete:
        cellules = entete.add_row().cells
        cellules[0].text, cellules[1].text = libelle, sur_une_ligne(valeur)
    document.add_paragraph()
    for consigne in CONSIGNES:
        document.add_paragraph(consigne)
    for rubrique in formulaire.rubriques:
        document.add_heading(rubrique.titre, level=2)
        if rubrique.introduction:
            document.add_paragraph(rubrique.introduction).paragraph_format.keep_with_next = True
        for case in rubrique.cases:
            _question(document, case)
            # Two tables that touch become one.
            document.add_paragraph()
    if formulaire.pieces:
        document.add_heading(TITRE_DES_PIECES, level=2)
    for piece in formulaire.pieces:
        document.add_paragraph(piece, style="List Bullet")
    return en_octets(document)


def _tableau(document: Any, *, rangees: int, colonnes: int) -> Any:
    """With air around the texts."""
    tableau = document.add_table(rows=rangees, cols=colonnes, style="Table Grid")
    marges = OxmlElement("w:tblCellMar")
    for cote in ("top", "bottom"):
        marge = OxmlElement(f"w:{cote}")
        marge.set(qn("w:w"), "85")
        marge.set(qn("w:type"), "dxa")
        marges.append(marge)
    proprietes = tableau._tbl.tblPr  # noqa: SLF001
    proprietes.insert_element_before(marges, "w:tblLook", "w:tblCaption", "w:tblDescription", "w:tblPrChange")
    return tableau


def _question(document: Any, case: Case) -> None:
    largeur = max(len(case.colonnes), 1)
    tableau = _tableau(document, rangees=1, colonnes=largeur)
    haut = tableau.rows[0].cells[0]
    if largeur > 1:
        haut = haut.merge(tableau.rows[0].cells[-1])
    _ombrer(haut)
    haut.paragraphs[0].add_run(case.libelle).bold = True
    if case.aide:
        haut.add_paragraph(case.aide)
    repere = haut.add_paragraph().add_run(f"{AVANT_LE_REPERE}{case.repere}")
    repere.font.size, repere.font.color.rgb = Pt(7), GRIS
    # The question is never parted from its answer.
    for paragraphe in haut.paragraphs:
        paragraphe.paragraph_format.keep_with_next = True
    if case.colonnes:
        titres = tableau.add_row().cells
        for cellule, colonne in zip(titres, case.colonnes, strict=True):
            cellule.paragraphs[0].add_run(colonne).bold = True
            _ombrer(cellule)
        for rangee in case.rangees:
            for cellule, texte in zip(tableau.add_row().cells, rangee, strict=True):
                _remplir(cellule, texte.split("\n"))
        return
    rangee = tableau.add_row()
    if case.longue:
        rangee.height, rangee.height_rule = Cm(HAUTEUR_CM), WD_ROW_HEIGHT_RULE.AT_LEAST
    _remplir(rangee.cells[0], case.lignes)


def _remplir(cellule: Any, lignes: Any) -> None:
    premiere, *suivantes = lignes or ("",)
    cellule.paragraphs[0].add_run(premiere)
    for ligne in suivantes:
        cellule.add_paragraph(ligne)


def _ombrer(cellule: Any) -> None:
    fond = OxmlElement("w:shd")
    fond.set(qn("w:val"), "clear")
    fond.set(qn("w:fill"), PALE)
    cellule._tc.get_or_add_tcPr().append(fond)  # noqa: SLF001
