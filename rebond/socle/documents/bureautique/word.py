"""What every document for Word has in common: page, type, language, and bytes that depend on the text alone."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

BLEU_FRANCE = RGBColor(0x00, 0x00, 0x91)
GRIS = RGBColor(0x3A, 0x3A, 0x3A)
POLICE = "Arial"
LANGUE = "fr-FR"
# ECMA-376, part 2: what python-docx accepts in a core property.
PROPRIETE_MAX = 255
DATE_DU_ZIP = (2020, 1, 1, 0, 0, 0)
# Points, and the colour, None for that of the reader.
Styles = Mapping[str, tuple[float, RGBColor | None]]
STYLES: Styles = {
    "Normal": (11, GRIS),
    "Heading 1": (18, BLEU_FRANCE),
    "Heading 2": (13, BLEU_FRANCE),
    "List Bullet": (11, GRIS),
    "Intense Quote": (10, BLEU_FRANCE),
    "Footer": (8, GRIS),
}


def habiller(document: Any, *, styles: Styles = STYLES, cotes_cm: float = 2.5) -> None:
    """A4, the type of the State, French."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(cotes_cm)
    section.top_margin = section.bottom_margin = Cm(2)
    for nom, (taille, couleur) in styles.items():
        style = document.styles[nom]
        style.font.name, style.font.size = POLICE, Pt(taille)
        if couleur is not None:
            style.font.color.rgb = couleur
        # Theme fonts win over the name unless they are named too.
        polices = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribut in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            polices.attrib.pop(qn(attribut), None)
        polices.set(qn("w:hAnsi"), POLICE)
    parler_francais(document)


def parler_francais(document: Any) -> None:
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


def nommer(document: Any, *, titre: str, avis: str, le: datetime) -> None:
    """The properties that a reader shows: `avis` is the warning, if any."""
    proprietes = document.core_properties
    proprietes.title = titre[:PROPRIETE_MAX]
    proprietes.author = proprietes.last_modified_by = "Rebond industriel"
    proprietes.comments = avis[:PROPRIETE_MAX]
    proprietes.language = LANGUE
    proprietes.created = proprietes.modified = le
    proprietes.revision = 1


def en_tete_de_tableau(rangee: Any) -> None:
    """The row is repeated on each page, and read as a header."""
    entete = OxmlElement("w:tblHeader")
    entete.set(qn("w:val"), "true")
    rangee._tr.get_or_add_trPr().append(entete)  # noqa: SLF001


def en_octets(document: Any) -> bytes:
    """The archive with fixed dates inside."""
    brut, sortie = io.BytesIO(), io.BytesIO()
    document.save(brut)
    with zipfile.ZipFile(brut) as lue, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as ecrite:
        for nom in lue.namelist():
            ecrite.writestr(zipfile.ZipInfo(nom, DATE_DU_ZIP), lue.read(nom), zipfile.ZIP_DEFLATED)
    return sortie.getvalue()
