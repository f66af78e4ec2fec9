"""What a file says is read within bounds, whatever the file."""

import io
import stat
import zipfile
from pathlib import Path

import docx
import pytest
import xlsxwriter
from PIL import Image

from rebond.socle.documents.etats import EtatLecture as E
from rebond.socle.documents.formats import Contenu
from rebond.socle.documents.lectures import extraction
from rebond.socle.documents.lectures.extraction import SIGNES_MAX, TexteLu, dessiner, lire
from rebond.socle.documents.lectures.models import Lecture
from tests.outils.fichiers import un_odt, un_pdf, un_zip

MO = 1024 * 1024


def lu(octets: bytes, contenu: Contenu) -> TexteLu:
    trouve = lire(io.BytesIO(octets), contenu)
    assert trouve is not None
    return trouve


def un_docx(*paragraphes: str) -> bytes:
    document, tampon = docx.Document(), io.BytesIO()
    for paragraphe in paragraphes:
        document.add_paragraph(paragraphe)
    document.add_table(1, 1).cell(0, 0).text = "dans un tableau"
    document.save(tampon)
    return tampon.getvalue()


def un_xlsx(*cellules: str) -> bytes:
    tampon = io.BytesIO()
    with xlsxwriter.Workbook(tampon) as classeur:
        feuille = classeur.add_worksheet()
        for rang, cellule in enumerate(cellules):
            feuille.write_string(rang, 0, cellule)
    return tampon.getvalue()


def un_texte_odf(corps: str, *, entete: str = "") -> str:
    noms = 'xmlns:office="urn:o" xmlns:text="urn:t"'
    return f'<?xml version="1.0"?>{entete}<office:document-content {noms}>{corps}</office:document-content>'


def un_scan(pages: int = 1) -> bytes:
    """What a scanner writes: pictures, and not a letter."""
    images = [Image.new("L", (600, 800), 200 - rang) for rang in range(pages)]
    tampon = io.BytesIO()
    images[0].save(tampon, "PDF", save_all=True, append_images=images[1:])
    return tampon.getvalue()


def test_chaque_format_dit_ses_mots_et_eux_seuls() -> None:
    odt = un_odt(content_xml=un_texte_odf("<text:p>Une <text:s/>fonderie</text:p><text:p>ferme</text:p>"))
    lus = {
        Contenu.PDF: lu(un_pdf(2, marque="Une fonderie ferme"), Contenu.PDF),
        Contenu.DOCX: lu(un_docx("Une fonderie", "ferme"), Contenu.DOCX),
        Contenu.ODT: lu(odt, Contenu.ODT),
        Contenu.XLSX: lu(un_xlsx("Une fonderie", "ferme"), Contenu.XLSX),
    }
    assert {contenu: (trouve.etat, trouve.tronquee, trouve.texte.split()) for contenu, trouve in lus.items()} == {
        Contenu.PDF: (E.LUE, False, ["Une", "fonderie", "ferme"] * 2),
        Contenu.DOCX: (E.LUE, False, ["Une", "fonderie", "ferme", "dans", "un", "tableau"]),
        Contenu.ODT: (E.LUE, False, ["Une", "fonderie", "ferme"]),
        Contenu.XLSX: (E.LUE, False, ["Une", "fonderie", "ferme"]),
    }


def test_un_scan_n_a_pas_de_texte_et_le_dit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "tesseract_francais", lambda: None)
    assert lu(un_scan(2), Contenu.PDF) == TexteLu(E.SANS_TEXTE)
    image = io.BytesIO()
    Image.new("RGB", (20, 20)).save(image, "PNG")
    assert lu(image.getvalue(), Contenu.PNG) == TexteLu(E.SANS_TEXTE)
    assert Lecture(etat=E.SANS_TEXTE).mention == (
        "pièce non lisible par la recherche\u00a0: elle ne contient pas de texte, comme une page numérisée"
    )


def test_le_texte_d_un_scan_est_reconnu_page_par_page_la_ou_tesseract_est_installe(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A program in its place: it is given each picture, French, one thread, no secret, and nothing to write to."""
    faux = tmp_path / "tesseract"
    faux.write_text(
        '#!/bin/sh\ntest -s "$1" || exit 1\necho "lu $(basename "$1") $3 $4 $OMP_THREAD_LIMIT $DATABASE_URL"\n'
        f'echo x 2>/dev/null > "{tmp_path}/ecrit"\n'
    )
    faux.chmod(stat.S_IRWXU)
    monkeypatch.setattr(extraction, "tesseract_francais", lambda: str(faux))
    trouve = lu(un_scan(2), Contenu.PDF)
    assert (trouve.etat, trouve.reconnue) == (E.LUE, True)
    assert trouve.texte.split() == ["lu", "1.jpg", "-l", "fra", "1", "lu", "2.jpg", "-l", "fra", "1"]
    assert not (tmp_path / "ecrit").exists() or not (tmp_path / "ecrit").read_text()


def test_dix_mille_pages_et_un_texte_sans_fin_sont_lus_jusqu_a_leur_borne() -> None:
    longue = lu(un_pdf(10_000, marque="mot"), Contenu.PDF)
    assert (longue.etat, longue.tronquee) == (E.LUE, True)
    assert 0 < len(longue.texte) <= SIGNES_MAX
    large = lu(un_pdf(200, marque="fonderie " * 1000), Contenu.PDF)
    assert (large.tronquee, len(large.texte) <= SIGNES_MAX, len(large.texte) > SIGNES_MAX / 2) == (True, True, True)


def une_bombe(taille: int) -> bytes:
    """Some kilobytes that claim to be `taille` bytes of text."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", Contenu.ODT.value)
        with archive.open("content.xml", "w", force_zip64=True) as entree:
            entree.write(b'<d xmlns:text="urn:t"><text:p>debut</text:p><text:p>')
            for _ in range(taille // MO):
                entree.write(b" " * MO)
            entree.write(b"</text:p></d>")
    return tampon.getvalue()


ENTITES = '<!DOCTYPE d [<!ENTITY a "mot mot mot"><!ENTITY b "&a;&a;&a;&a;">]>'
D_AILLEURS = '<!DOCTYPE d [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
HOSTILES = {
    "une archive qui enfle": (une_bombe(300 * MO), Contenu.ODT),
    "des entités": (un_odt(content_xml=un_texte_odf("<text:p>&b;</text:p>", entete=ENTITES)), Contenu.ODT),
    "un fichier d’ici": (un_odt(content_xml=un_texte_odf("<text:p>&b;</text:p>", entete=D_AILLEURS)), Contenu.ODT),
    "un abîme de balises": (un_odt(content_xml="<a>" * 200_000), Contenu.ODT),
    "ce qui n’est pas du texte": (un_odt(content_xml="\x00\x01\x02"), Contenu.ODT),
    "un PDF coupé": (un_pdf(3)[:300], Contenu.PDF),
    "un PDF qui tourne en rond": (un_pdf(1).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"), Contenu.PDF),
    "une archive abîmée": (un_zip({"mimetype": "x"})[:40], Contenu.ODT),
}


@pytest.mark.parametrize("cas", HOSTILES)
def test_un_fichier_hostile_est_borne_et_ne_dit_rien_de_faux(cas: str) -> None:
    trouve = lu(*HOSTILES[cas])
    assert trouve.etat in {E.ILLISIBLE, E.SANS_TEXTE} or trouve.tronquee
    assert len(trouve.texte) <= SIGNES_MAX
    assert "mot mot" not in trouve.texte
    assert "root:" not in trouve.texte


def test_le_texte_ne_porte_ni_signe_invisible_ni_marque_de_la_recherche() -> None:
    corps = "<text:p>fon\u00adderie \ue000marque\ue001 \u202einverse\u202c\u0085fin</text:p>"
    texte = lu(un_odt(content_xml=un_texte_odf(corps)), Contenu.ODT).texte
    assert texte.split() == ["fonderie", "marque", "inverse", "fin"]
    assert {signe for signe in texte if not signe.isprintable()} <= {"\n"}


def taille(page: Path) -> tuple[int, int]:
    with Image.open(page) as image:
        return image.size


def test_les_premieres_pages_sont_dessinees_a_la_largeur_voulue_et_pas_plus() -> None:
    with dessiner(io.BytesIO(un_pdf(20))) as pages:
        tailles = [taille(page) for page in pages]
    assert len(tailles) == extraction.PAGES_DESSINEES
    assert {largeur for largeur, _ in tailles} == {extraction.LARGEUR}
    # A ribbon ten kilometres long is not drawn to scale.
    ruban = un_pdf(1).replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 10 14000]")
    with dessiner(io.BytesIO(ruban)) as pages:
        assert [max(taille(page)) <= 3 * extraction.LARGEUR for page in pages] == [True]
    with dessiner(io.BytesIO(b"rien")) as pages:
        assert pages == []
