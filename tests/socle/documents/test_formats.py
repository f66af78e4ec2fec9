"""What a file is, by its content."""

import io
import struct
import tracemalloc

import pytest

from rebond.socle.documents.formats import Contenu, plausible, reconnaitre
from tests.outils.fichiers import TYPES, un_docx, un_odt, un_paquet, un_pdf, un_xlsx, un_zip

PDF = un_pdf()
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + bytes(40)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MACROS = "application/vnd.ms-word.document.macroEnabled"


def reconnu(contenu):
    return reconnaitre(io.BytesIO(contenu))


@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        (PDF, Contenu.PDF),
        (PNG, Contenu.PNG),
        (JPEG, Contenu.JPEG),
        (un_docx(), Contenu.DOCX),
        (un_xlsx(), Contenu.XLSX),
        (un_odt(), Contenu.ODT),
        (un_zip({"mimetype": Contenu.ODS}), Contenu.ODS),
    ],
    ids=lambda valeur: valeur.name if isinstance(valeur, Contenu) else "",
)
def test_ce_que_le_portail_sait_nommer(contenu, attendu):
    assert reconnu(contenu) is attendu


@pytest.mark.parametrize(
    "avant",
    [
        b"\xef\xbb\xbf",
        b"\r\n \t",
        b"Content-Type: application/pdf\r\nContent-Length: 9\r\n\r\n",
        bytes(1024),
        b"%!PS-",
    ],
    ids=["marque d’ordre", "blancs", "en-têtes", "zéros", "autre"],
)
def test_un_pdf_se_reconnait_apres_ce_que_d_autres_ont_ecrit_devant(avant):
    assert reconnu(avant + PDF) is Contenu.PDF
    assert plausible((avant + PDF)[:2000], [Contenu.PDF])


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"x",
        b"Un texte.",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"<html>%PDF-1.4</html>",
        b"\xef\xbb\xbf \n<!DOCTYPE html>%PDF-1.4",
        bytes(1025) + PDF,
        b"GIF89a" + bytes(20),
        b"MZ" + bytes(60),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"PK\x03\x04",
        un_docx()[:-30],
        un_zip({"lettre": "Rien d’un document."}),
        un_zip({"mimetype": "application/vnd.oasis.opendocument.presentation"}),
        un_zip({"mimetype": "application/epub+zip"}),
        un_paquet(f"{MACROS}.main+xml"),
        un_paquet(f"{WORD}.main+xml", Contenu.XLSX + ".main+xml"),
        un_paquet(WORD),
    ],
)
def test_le_reste_n_est_rien(contenu):
    assert reconnu(contenu) is None


@pytest.mark.parametrize(
    ("debut", "permis", "attendu"),
    [
        (PDF[:20], [Contenu.PDF], True),
        (PNG, [Contenu.PDF], False),
        (b"<!DOCTYPE html>", list(Contenu), False),
        (un_docx()[:100], [Contenu.PDF, Contenu.ODT], True),
        (un_docx()[:100], [Contenu.PDF, Contenu.PNG], False),
        (b"", list(Contenu), False),
    ],
)
def test_ce_que_le_debut_d_un_fichier_laisse_esperer(debut, permis, attendu):
    assert plausible(debut, permis) is attendu


def test_le_fichier_est_rendu_a_son_debut():
    fichier = io.BytesIO(un_docx())
    fichier.seek(7)
    reconnaitre(fichier)
    assert fichier.tell() == 0


def test_une_archive_piegee_n_est_pas_depliee():
    """100 Mo de zéros dans l’entrée même qui est lue."""
    debut = f'<Types><Override PartName="/w.xml" ContentType="{WORD}.main+xml"/>'.encode()
    bombe = un_zip({TYPES: debut + bytes(100 * 1024 * 1024), "word/document.xml": b""})
    assert len(bombe) < 200_000
    tracemalloc.start()
    try:
        assert reconnu(bombe) is Contenu.DOCX
        assert tracemalloc.get_traced_memory()[1] < 3 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_un_sommaire_demesure_n_est_pas_lu():
    contenu = bytearray(un_zip({f"dossier/{rang:06}": b"" for rang in range(20_000)} | {"mimetype": Contenu.ODT}))
    assert len(contenu) > 1024 * 1024
    assert reconnu(bytes(contenu)) is None


def test_un_sommaire_zip64_n_est_pas_cru():
    """The short record says that the directory is small; the other one, which zipfile believes, need not agree."""
    contenu = un_odt()
    fin = contenu.rfind(b"PK\x05\x06")
    localisateur = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    assert reconnu(contenu[:fin] + localisateur + contenu[fin:]) is None
