"""The press release for Word: named styles, a real table, a described picture. Same input, same bytes."""

import io
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.shared import Cm

from projets.communique.contenu import Bloc, CommuniquePret, morceaux
from projets.communique.images import svg_en_png
from rebond.socle.documents.bureautique.word import en_octets, en_tete_de_tableau, habiller, nommer
from rebond.socle.texte.typographie import date_fr

STYLES = {"titre": "Heading 2", "paragraphe": "Normal", "puces": "List Bullet"}


def en_docx(communique: CommuniquePret) -> bytes:
    contenu = communique.contenu
    document = Document()
    habiller(document)
    le = datetime.combine(contenu.au, time.min, tzinfo=UTC)
    nommer(document, titre=contenu.titre, avis=" ".join(contenu.avis), le=le)
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
    return en_octets(document)


def _ecrire(document: Any, bloc: Bloc) -> None:
    for texte in bloc.textes:
        paragraphe = document.add_paragraph(style=STYLES[bloc.genre])
        for morceau, fort in morceaux(texte):
            paragraphe.add_run(morceau).bold = fort or None


def _tableau(document: Any, communique: CommuniquePret) -> None:
    tableau = document.add_table(rows=1, cols=3, style="Light Grid Accent 1")
    for cellule, titre in zip(tableau.rows[0].cells, ("Région", "Territoire", "Annonce"), strict=True):
        cellule.text = titre
    en_tete_de_tableau(tableau.rows[0])
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
