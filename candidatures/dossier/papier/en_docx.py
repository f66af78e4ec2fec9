"""The form on paper for Word: a table for each question, its answer in the cell below."""

import io
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
from rebond.socle.documents.bureautique.word import parler_francais
from rebond.socle.texte.typographie import sur_une_ligne

BLEU_FRANCE, GRIS, PALE = RGBColor(0x00, 0x00, 0x91), RGBColor(0x66, 0x66, 0x66), "F5F5FE"
POLICE = "Arial"


def en_docx(formulaire: Formulaire) -> bytes:
    document = Document()
    _habiller(document, formulaire)
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
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _habiller(document: Any, formulaire: Formulaire) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    for nom, taille, couleur in (
        ("Normal", 10.5, None),
        ("Heading 1", 18, BLEU_FRANCE),
        ("Heading 2", 14, BLEU_FRANCE),
    ):
        style = document.styles[nom]
        style.font.name, style.font.size = POLICE, Pt(taille)
        if couleur is not None:
            style.font.color.rgb = couleur
        # Theme fonts win over the name unless they are named too.
        polices = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribut in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            polices.attrib.pop(qn(attribut), None)
        polices.set(qn("w:hAnsi"), POLICE)
    interligne = document.styles["Normal"].paragraph_format
    interligne.space_after, interligne.line_spacing = Pt(3), 1.0
    parler_francais(document)
    proprietes = document.core_properties
    proprietes.title = f"{TITRE} – {formulaire.reference}"
    proprietes.author = proprietes.last_modified_by = "Rebond industriel"
    proprietes.comments, proprietes.language = "", "fr-FR"
    proprietes.created = proprietes.modified = datetime.now(UTC)


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
