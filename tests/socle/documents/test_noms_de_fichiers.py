"""Names of files: clean, bounded, and never lying about the content."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rebond.socle.documents.etrangers import HEIC, Etranger
from rebond.socle.documents.formats import EXTENSIONS, Contenu
from rebond.socle.documents.noms_de_fichiers import OCTETS_MAX, disposition, nom_fait_de, nom_propre


@pytest.mark.parametrize(
    ("tape", "contenu", "propre"),
    [
        ("C:\\Mes documents\\dé\u0000libération\n 2026.pdf", Contenu.PDF, "délibération 2026.pdf"),
        ("../../etc/passwd", Contenu.PDF, "passwd.pdf"),
        ("délibération.docx", Contenu.PDF, "délibération.pdf"),
        ("note.pdf.docx", Contenu.PDF, "note.pdf"),
        ("note.pdf", Contenu.DOCX, "note.docx"),
        ("IMG_0042.JPG", Contenu.JPEG, "IMG_0042.jpg"),
        ("page.jpeg", Contenu.JPEG, "page.jpeg"),
        ("page", Contenu.PNG, "page.png"),
        ("lettre à M. Dupont", Contenu.PDF, "lettre à M. Dupont.pdf"),
        ("budget v1.2", Contenu.XLSX, "budget v1.2.xlsx"),
        ("facture\u202efdp.exe", Contenu.PDF, "facturefdp.pdf"),
        ("fac\u200bture\ufeff.pdf", Contenu.PDF, "facture.pdf"),
        ("choc : état <1>?.pdf", Contenu.PDF, "choc - état -1--.pdf"),
        ("e\u0301tude.pdf", Contenu.PDF, "étude.pdf"),
        (" .cache ", Contenu.PDF, "cache.pdf"),
        ("", Contenu.PDF, "piece.pdf"),
        (".pdf", Contenu.PDF, "piece.pdf"),
        ("photo.pdf", HEIC, "photo.heic"),
        ("setup.pdf", Etranger("", ""), "setup.bin"),
        ("accusé.json", "application/json", "accusé.json"),
        ("sans contenu connu.PDF", None, "sans contenu connu.pdf"),
    ],
)
def test_le_nom_dit_ce_qu_est_le_fichier(tape, contenu, propre):
    assert nom_propre(tape, contenu) == propre


@given(st.text(max_size=300), st.sampled_from([None, *Contenu]))
@settings(max_examples=150, deadline=None)
def test_un_nom_propre_est_borne_visible_et_le_reste(tape, contenu):
    propre = nom_propre(tape, contenu)
    assert 0 < len(propre.encode()) <= OCTETS_MAX
    assert not any(unicodedata.category(lettre) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for lettre in propre)
    assert not set(propre) & set('/\\<>:"|?*')
    assert contenu is None or propre.endswith(EXTENSIONS[contenu])
    assert nom_propre(propre, contenu) == propre


def test_un_nom_trop_long_garde_son_extension_sans_couper_de_lettre():
    for lettre in ("a", "é", "€", "𝄞"):
        propre = nom_propre(lettre * 300 + ".PDF", Contenu.PDF)
        assert propre == lettre * ((OCTETS_MAX - 4) // len(lettre.encode())) + ".pdf"


def test_un_nom_s_ecrit_dans_l_entete_quelles_que_soient_ses_lettres():
    assert disposition("preuve-R3-0012-1.json") == 'attachment; filename="preuve-R3-0012-1.json"'
    assert disposition("délibération.pdf", telecharger=False) == (
        "inline; filename*=utf-8''d%C3%A9lib%C3%A9ration.pdf"
    )
    assert disposition('x"\r\nSet-Cookie: a=b.pdf') == 'attachment; filename="x- Set-Cookie- a=b.pdf"'


def test_personne_n_ecrit_l_entete_a_la_main():
    racine = Path(__file__).parents[3]
    fautifs = [
        str(chemin.relative_to(racine))
        for application in ("rebond", "territoires", "candidatures", "projets")
        for chemin in (racine / application).rglob("*.py")
        if "filename=" in chemin.read_text("utf-8") and chemin.name != "stockage.py"
    ]
    assert fautifs == []


def test_une_barre_dans_un_nom_que_le_portail_compose_n_y_fait_pas_de_dossier() -> None:
    assert nom_fait_de("R12-0034 Vals / Monts\\Plaines") == "R12-0034 Vals - Monts-Plaines"
    assert nom_propre("R12-0034 Vals / Monts") == "Monts"
