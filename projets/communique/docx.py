"""The press release for Word: named styles, a real table, a described picture. Same input, same bytes."""

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from projets.communique.contenu import Bloc, CommuniquePret, morceaux
from projets.communique.images import svg_en_png
from rebond.socle.texte.typographie import date_fr

BLEU_FRANCE = RGBColor(0x00, 0x00, 0x91)
GRIS = RGBColor(0x3A, 0x3A, 0x3A)
POLICE = "Arial"
STYLES = {"titre": "Heading 2", "paragraphe": "Normal", "puces": "List Bullet"}
# ECMA-376, part 2: what python-docx accepts in a core property.
LANGUE = "fr-FR"
PROPRIETE_MAX = 255
DATE_DU_ZIP = (2020, 1, 1, 0, 0, 0)


def en_docx(communique: CommuniquePret) -> bytes:
    contenu = communique.contenu
    document = Document()
    _habiller(document)
    _proprietes(document, communique)
    for avis in contenu.avis:
        document.add_paragraph(avis, style="Intense Quote")
    for ligne in communique.entete:
        document.add_paragraph().add_run(ligne).bold = True
    document.sections[0].footer.paragraphs[0].text = communique.pied
    document.add_heading(contenu.titre, level=1)
    for bloc in contenu.blocs:
        _ecrire(document, bloc)
    if contenu.laureats:
        document.add_heading(f"Territoires lauréats au {date_fr(contenu.au)}, par région", level=2)
        _tableau(document, communique)
    _annexe(document, communique)
    document.add_heading("Pour en savoir plus", level=2)
    for lien in contenu.liens:
        document.add_paragraph(lien, style="List Bullet")
    document.add_heading("Contacts presse", level=2)
    for contact in contenu.contacts:
        document.add_paragraph(contact)
    sortie = io.BytesIO()
    document.save(sortie)
    return _dater(sortie.getvalue())


def _habiller(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2)
    for nom, taille, couleur in (
        ("Normal", 11, GRIS),
        ("Heading 1", 18, BLEU_FRANCE),
        ("Heading 2", 13, BLEU_FRANCE),
        ("List Bullet", 11, GRIS),
        ("Intense Quote", 10, BLEU_FRANCE),
        ("Footer", 8, GRIS),
    ):
        style = document.styles[nom]
        style.font.name, style.font.size, style.font.color.rgb = POLICE, Pt(taille), couleur
        # Theme fonts win over the name unless they are named too.
        polices = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribut in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            polices.attrib.pop(qn(attribut), None)
        polices.set(qn("w:hAnsi"), POLICE)
    _parler_francais(document)


def _parler_francais(document: Any) -> None:
    """One language, that of the text: the model of python-docx says American English for whatever does not say."""
    langue = OxmlElement("w:lang")
    langue.set(qn("w:val"), LANGUE)
    document.styles["Normal"].element.get_or_add_rPr().append(langue)
    for lue in document.styles.element.iter(qn("w:lang")):
        lue.set(qn("w:val"), LANGUE)
        lue.set(qn("w:eastAsia"), LANGUE)
    for partie in document.part.package.iter_parts():
        if partie.partname.endswith("stylesWithEffects.xml"):
            partie._blob = partie.blob.replace(b"en-US", LANGUE.encode())  # noqa: SLF001


def _proprietes(document: Any, communique: CommuniquePret) -> None:
    proprietes = document.core_properties
    proprietes.title = communique.contenu.titre[:PROPRIETE_MAX]
    proprietes.author = proprietes.last_modified_by = "Rebond industriel"
    proprietes.comments = " ".join(communique.contenu.avis)[:PROPRIETE_MAX]
    proprietes.language = LANGUE
    proprietes.created = proprietes.modified = datetime.combine(communique.contenu.au, time.min, tzinfo=UTC)
    proprietes.revision = 1


def _ecrire(document: Any, bloc: Bloc) -> None:
    for texte in bloc.textes:
        paragraphe = document.add_paragraph(style=STYLES[bloc.genre])
        for morceau, fort in morceaux(texte):
            paragraphe.add_run(morceau).bold = fort or None


def _tableau(document: Any, communique: CommuniquePret) -> None:
    tableau = document.add_table(rows=1, cols=3, style="Light Grid Accent 1")
    for cellule, titre in zip(tableau.rows[0].cells, ("Région", "Territoire", "Annonce"), strict=True):
        cellule.text = titre
    entete = OxmlElement("w:tblHeader")
    entete.set(qn("w:val"), "true")
    tableau.rows[0]._tr.get_or_add_trPr().append(entete)  # noqa: SLF001
    for region, laureats in communique.contenu.par_region.items():
        for laureat in laureats:
            cellules = tableau.add_row().cells
            cellules[0].text = region
            cellules[1].text = f"{laureat.numero}. {laureat.nom}"
            cellules[2].text = "Nouveau lauréat" if laureat.nouveau else "Déjà lauréat"


def _annexe(document: Any, communique: CommuniquePret) -> None:
    contenu = communique.contenu
    document.add_heading(contenu.titre_de_l_annexe, level=2)
    image = document.add_picture(io.BytesIO(svg_en_png(contenu.carte)), width=Cm(16))
    description = image._inline.docPr  # noqa: SLF001
    description.set("descr", communique.alternative)
    description.set("title", contenu.carte_titre)
    # The map keeps its legend; its heading keeps the map, by its own style.
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    document.add_paragraph(contenu.legende)


def _dater(contenu: bytes) -> bytes:
    """The same archive with fixed dates inside: the bytes depend on the text alone."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contenu)) as lue, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as ecrite:
        for nom in lue.namelist():
            ecrite.writestr(zipfile.ZipInfo(nom, DATE_DU_ZIP), lue.read(nom), zipfile.ZIP_DEFLATED)
    return sortie.getvalue()
