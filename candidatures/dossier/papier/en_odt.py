"""The form on paper for LibreOffice: the same tables as for Word."""

import io
from typing import TYPE_CHECKING, Any, cast

from odfdo import Cell, Column, Document, Element, Header, Paragraph, Row, Table

from candidatures.dossier.papier.formulaire import (
    AVANT_LE_REPERE,
    CONSIGNES,
    HAUTEUR_CM,
    TITRE,
    TITRE_DES_PIECES,
    Case,
    Formulaire,
)
from rebond.socle.texte.typographie import sur_une_ligne

if TYPE_CHECKING:
    from odfdo.style_base import StyleBase

BORD = 'fo:padding="0.15cm" fo:border="0.5pt solid #666666"'
# Name, family, properties: the question is never parted from its answer.
SOLIDAIRE = '<style:paragraph-properties fo:keep-with-next="always"/>'
STYLES = {
    ("Libelle", "paragraph"): f'{SOLIDAIRE}<style:text-properties fo:font-weight="bold"/>',
    ("Aide", "paragraph"): SOLIDAIRE,
    ("Repere", "paragraph"): f'{SOLIDAIRE}<style:text-properties fo:font-size="7pt" fo:color="#666666"/>',
    ("Question", "table-cell"): f'<style:table-cell-properties {BORD} fo:background-color="#f5f5fe"/>',
    ("Reponse", "table-cell"): f"<style:table-cell-properties {BORD}/>",
    ("Longue", "table-cell"): f"<style:table-cell-properties {BORD}/>",
    # LibreOffice heeds keep-with-next outside of cells only.
    ("Entier", "table"): '<style:table-properties style:may-break-between-rows="false"/>',
    ("Haute", "table-row"): f'<style:table-row-properties style:min-row-height="{HAUTEUR_CM}cm"/>',
}


def en_odt(formulaire: Formulaire) -> bytes:
    document = Document("text")
    for (nom, famille), proprietes in STYLES.items():
        parent = ' style:parent-style-name="Standard"' if famille == "paragraph" else ""
        style = f'<style:style style:name="{nom}" style:family="{famille}"{parent}>{proprietes}</style:style>'
        document.insert_style(cast("StyleBase", Element.from_tag(style)), automatic=True)
    document.meta.title = f"{TITRE} – {formulaire.reference}"
    document.language = "fr-FR"
    corps = document.body
    corps.clear()
    corps.append(_titre(1, TITRE))
    corps.append(_tableau("Entete", [[[libelle], [sur_une_ligne(valeur)]] for libelle, valeur in formulaire.entete]))
    for texte in ("", *CONSIGNES):
        corps.append(_paragraphe(texte))
    rang = 0
    for rubrique in formulaire.rubriques:
        corps.append(_titre(2, rubrique.titre))
        if rubrique.introduction:
            corps.append(_paragraphe(rubrique.introduction, "Aide"))
        for case in rubrique.cases:
            rang += 1
            corps.append(_question(f"Question{rang}", case))
            corps.append(_paragraphe(""))
    if formulaire.pieces:
        corps.append(_titre(2, TITRE_DES_PIECES))
    for piece in formulaire.pieces:
        corps.append(_paragraphe(piece))
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _titre(niveau: int, texte: str) -> Any:
    """Our own numbers: the library's model would write others in front of them."""
    titre = Header(niveau, texte)
    titre.set_attribute("text:is-list-header", "true")
    return titre


def _paragraphe(texte: str, style: str = "Standard") -> Any:
    return Paragraph(texte, style=style)


def _question(nom: str, case: Case) -> Any:
    largeur = max(len(case.colonnes), 1)
    tableau = _vide(nom, largeur)
    haut = Cell(style="Question")
    haut.append(_paragraphe(case.libelle, "Libelle"))
    if case.aide:
        haut.append(_paragraphe(case.aide, "Aide"))
    haut.append(_paragraphe(f"{AVANT_LE_REPERE}{case.repere}", "Repere"))
    haut.set_attribute("table:number-columns-spanned", str(largeur))
    premiere = Row()
    premiere.append(haut)
    for _ in range(largeur - 1):
        premiere.append(cast("Cell", Element.from_tag("<table:covered-table-cell/>")))
    tableau.append(premiere)
    if case.colonnes:
        tableau.append(_rangee([[colonne] for colonne in case.colonnes], "Question", "Libelle"))
        for rangee in case.rangees:
            tableau.append(_rangee([texte.split("\n") for texte in rangee]))
    else:
        tableau.append(_rangee([list(case.lignes)], "Longue" if case.longue else "Reponse"))
    return tableau


def _vide(nom: str, largeur: int) -> Any:
    tableau = Table(nom, style="Entier")
    tableau.append(Column(repeated=largeur if largeur > 1 else None))
    return tableau


def _tableau(nom: str, rangees: list[list[list[str]]]) -> Any:
    tableau = _vide(nom, len(rangees[0]))
    for rangee in rangees:
        tableau.append(_rangee(rangee))
    return tableau


def _rangee(cellules: list[list[str]], style: str = "Reponse", du_texte: str = "Standard") -> Any:
    rangee = Row(style="Haute" if style == "Longue" else None)
    for lignes in cellules:
        cellule = Cell(style=style)
        for ligne in lignes:
            cellule.append(_paragraphe(ligne, du_texte))
        rangee.append(cellule)
    return rangee
