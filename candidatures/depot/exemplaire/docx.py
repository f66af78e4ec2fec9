"""The file for Word: named styles, real tables. Same input, same bytes."""

from typing import Any

from docx import Document

from candidatures.depot.exemplaire.contenu import MENTION, Exemplaire
from candidatures.dossier.lecture import Reponse
from rebond.socle.documents.bureautique.word import en_octets, en_tete_de_tableau, habiller, nommer
from rebond.socle.templatetags.francais import octets
from rebond.socle.texte.typographie import instant_fr

TABLEAU = "Light Grid Accent 1"
VIDE = "Non renseigné"


def en_docx(exemplaire: Exemplaire) -> bytes:
    document = Document()
    habiller(document)
    titre = f"Dossier {exemplaire.reference} – {exemplaire.territoire}"
    nommer(document, titre=titre, avis=exemplaire.presentation, le=exemplaire.le)
    if exemplaire.demonstration:
        document.add_paragraph(MENTION, style="Intense Quote")
    if exemplaire.brouillon:
        document.sections[0].header.paragraphs[0].text = "BROUILLON"
    document.sections[0].footer.paragraphs[0].text = f"{exemplaire.presentation} Version {exemplaire.empreinte}"
    document.add_heading(titre, level=1)
    document.add_paragraph(exemplaire.presentation, style="Intense Quote")
    cloture = (
        f"Période de dépôt n°\u00a0{exemplaire.vague}, clôture le {instant_fr(exemplaire.cloture)} (heure de Paris)"
    )
    document.add_paragraph(cloture)
    document.add_heading("Collectivités", level=2)
    for rang, (nom, siren) in enumerate(exemplaire.membres):
        document.add_paragraph(f"{nom} (SIREN {siren}){'' if rang else ', chef de file'}", style="List Bullet")
    for section in exemplaire.sections:
        document.add_heading(section.titre, level=2)
        for reponse in section.reponses:
            _reponse(document, reponse)
    document.add_heading("Pièces jointes", level=2)
    for piece in exemplaire.pieces:
        document.add_paragraph(f"{piece.intitule}\u00a0: {piece.nom} ({octets(piece.taille)})", style="List Bullet")
    if not exemplaire.pieces:
        document.add_paragraph("Aucune pièce jointe.")
    document.add_paragraph(f"Code de vérification (SHA-256) de cette version\u00a0: {exemplaire.empreinte}")
    return en_octets(document)


def _reponse(document: Any, reponse: Reponse) -> None:
    document.add_paragraph().add_run(reponse.libelle).bold = True
    if not reponse.colonnes:
        document.add_paragraph(reponse.texte or VIDE)
        return
    tableau = document.add_table(rows=1, cols=len(reponse.colonnes), style=TABLEAU)
    for cellule, titre in zip(tableau.rows[0].cells, reponse.colonnes, strict=True):
        cellule.text = titre
    en_tete_de_tableau(tableau.rows[0])
    for ligne in reponse.lignes:
        for cellule, texte in zip(tableau.add_row().cells, ligne, strict=True):
            cellule.text = texte or "–"
