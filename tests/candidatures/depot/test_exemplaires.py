"""The file as PDF and DOCX: what it says it is, and what anyone reads in it."""

import io
from pathlib import Path

import pdfua
import pytest
from docx import Document
from pypdf import PdfReader

from candidatures.depot.exemplaire.contenu import Exemplaire, du_brouillon, du_depot, en_html, en_pdf
from candidatures.depot.exemplaire.docx import en_docx
from candidatures.dossier.instantane import membres_de, pieces_de
from candidatures.models import Candidature
from rebond.socle.texte.typographie import instant_fr
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, page

pytestmark = pytest.mark.django_db


def brouillon(candidature: Candidature) -> Exemplaire:
    return du_brouillon(candidature, pieces_de(candidature), membres_de(candidature))


def texte_du_docx(octets: bytes) -> str:
    document = Document(io.BytesIO(octets))
    cellules = [cellule.text for table in document.tables for rangee in table.rows for cellule in rangee.cells]
    entete, pied = document.sections[0].header.paragraphs[0].text, document.sections[0].footer.paragraphs[0].text
    return "\n".join([entete, *(paragraphe.text for paragraphe in document.paragraphs), *cellules, pied])


def test_un_brouillon_dit_en_filigrane_qu_il_n_est_pas_depose():
    candidature = f.une_candidature()
    exemplaire = brouillon(candidature)
    html = en_html(exemplaire)
    le = instant_fr(candidature.modifiee_le)
    dit = f"Brouillon du {le} (heure de Paris). Ce dossier n’est pas déposé dans cette version."
    assert exemplaire.presentation == dit
    assert 'class="filigrane"' in html
    for attendu in (dit, candidature.empreinte, candidature.reference, "Une usine ferme.", "deliberation.pdf"):
        assert attendu in html, attendu
    for membre in candidature.membres.all():
        assert membre.nom in html


def test_un_depot_n_a_pas_de_filigrane_et_ne_suit_pas_le_brouillon():
    candidature = f.une_candidature()
    depot = f.un_depot(candidature)
    f.reecrire(candidature, "Réécrit depuis.")
    exemplaire = du_depot(candidature, depot)
    html = en_html(exemplaire)
    assert "filigrane" not in html
    assert "Réécrit depuis." not in html
    assert (exemplaire.empreinte, exemplaire.depot) == (depot.empreinte, depot.numero)
    assert brouillon(candidature).empreinte == candidature.empreinte != depot.empreinte


def test_le_pdf_se_lit_et_est_accessible(tmp_path: Path):
    exemplaire = brouillon(f.une_candidature())
    octets = en_pdf(exemplaire)
    assert octets == en_pdf(exemplaire)
    lu = "\n".join(feuille.extract_text() for feuille in PdfReader(io.BytesIO(octets)).pages)
    assert "BROUILLON" in lu
    assert "Une usine ferme." in lu
    fichier = tmp_path / "dossier.pdf"
    fichier.write_bytes(octets)
    constats = pdfua.validate(str(fichier)).findings
    assert [constat for constat in constats if constat.severity is pdfua.Severity.ERROR] == []


def test_le_docx_dit_la_meme_chose_et_sa_langue_est_le_francais():
    exemplaire = brouillon(f.une_candidature())
    octets = en_docx(exemplaire)
    assert octets == en_docx(exemplaire)
    lu = texte_du_docx(octets)
    for dit in (
        "BROUILLON",
        exemplaire.presentation,
        "Une usine ferme.",
        "Filature",
        exemplaire.empreinte,
        "deliberation.pdf",
    ):
        assert dit in lu, dit
    assert Document(io.BytesIO(octets)).core_properties.language == "fr-FR"


def test_chaque_fichier_se_telecharge_sous_son_nom():
    candidature = f.une_candidature()
    depot = f.un_depot(candidature)
    porteur = client_de(f.porteur_de(candidature))
    depose = f"dossier-{candidature.reference}-depot-{depot.empreinte[:8]}.docx"
    # Whoever reads what is deposited is not told that it is not.
    reponse = porteur.get(page("exemplaire_docx", candidature.pk))
    assert reponse["Content-Disposition"] == f'attachment; filename="{depose}"'
    f.reecrire(candidature, "Réécrit depuis.")
    ecrit = f"dossier-{candidature.reference}-brouillon-{candidature.empreinte[:8]}.docx"
    assert candidature.empreinte != depot.empreinte
    for nom, arguments, fichier in (
        ("exemplaire_docx", (), ecrit),
        ("exemplaire_depose_docx", (depot.rang,), depose),
    ):
        reponse = porteur.get(page(nom, candidature.pk, *arguments))
        assert reponse["Content-Disposition"] == f'attachment; filename="{fichier}"'
    assert porteur.get(page("exemplaire_depose_pdf", candidature.pk, 99)).status_code == 404
