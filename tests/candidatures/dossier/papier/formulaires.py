"""The form of one file, as these tests write it, and what people do to it."""

import io
import zipfile
from pathlib import Path
from typing import Any

from docx import Document

from candidatures.cahier import MODELE, Cahier
from candidatures.dossier.papier.comprehension import Recu, comprendre
from candidatures.dossier.papier.en_docx import en_docx
from candidatures.dossier.papier.en_odt import en_odt
from candidatures.dossier.papier.formulaire import Formulaire, formulaire_de
from candidatures.dossier.papier.tables import lire
from rebond.socle.documents.formats import Contenu
from tests import fabriques as f

ICI = Path(__file__).parent
REFERENCE = "R14-0042"
LONG = "Une usine ferme.\n\n  Deux  espaces, une\ttabulation et « guillemets » & <b>.\nFin"
ECRITURES = {Contenu.DOCX: en_docx, Contenu.ODT: en_odt}


def un_contenu() -> dict[str, dict[str, Any]]:
    contenu = f.un_contenu()
    contenu["choc"] |= {"description": LONG, "nature": "autre", "filieres": ["bois", "sante"]}
    contenu["projets"]["investissement"] = 1_500_000
    contenu["mission"]["demarrage"] = "2026-03-01"
    return contenu


def un_formulaire(contenu: Any = None, cahier: Cahier = MODELE) -> Formulaire:
    rempli = un_contenu() if contenu is None else contenu
    return formulaire_de(REFERENCE, cahier, rempli, {"choc": 3}, {"Territoire": "Cambrésis & <b>"})


def relu(octets: bytes, contenu: Contenu, cahier: Cahier = MODELE) -> Recu:
    return comprendre(lire(io.BytesIO(octets), contenu), cahier, un_formulaire(cahier=cahier))


def bruts(recu: Recu) -> dict[str, dict[str, Any]]:
    return {section: {cle: lue.brut for cle, lue in lues.items()} for section, lues in recu.reponses.items()}


def dans_word(octets: bytes, *remplacements: tuple[str, str]) -> bytes:
    """The same document, its text rewritten as Word would."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as lu, zipfile.ZipFile(sortie, "w") as ecrit:
        for nom in lu.namelist():
            partie = lu.read(nom)
            if nom in {"word/document.xml", "content.xml"}:
                texte = partie.decode()
                for avant, apres in remplacements:
                    assert avant in texte, avant
                    texte = texte.replace(avant, apres, 1)
                partie = texte.encode()
            ecrit.writestr(nom, partie)
    return sortie.getvalue()


def repondre(octets: bytes, **textes: str) -> bytes:
    """A Word form in which the answer box of these questions was typed in, each line a paragraph."""
    document: Any = Document(io.BytesIO(octets))
    for cle, texte in textes.items():
        table = next(une for une in document.tables if f".{cle}/" in une.rows[0].cells[0].text)
        cellule = table.rows[1].cells[0]
        cellule.text = ""
        premiere, *suivantes = texte.split("\n")
        cellule.paragraphs[0].text = premiere
        for ligne in suivantes:
            cellule.add_paragraph(ligne)
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()
