"""« Can it be opened? », of each kind of file, and what is said when it cannot."""

import io
import os
from tempfile import TemporaryFile

import pytest

from rebond.socle.documents import ouverture
from rebond.socle.documents.etats import Ouverture
from rebond.socle.documents.etrangers import COMPOSE, PAQUET, d_apres_le_debut, nommer
from rebond.socle.documents.ouverture import OUVREUR, Examen, examiner
from tests.outils.fichiers import (
    un_compose,
    un_docx,
    un_jpeg,
    un_odt,
    un_paquet,
    un_pdf,
    un_pdf_avec,
    un_pdf_chiffre,
    un_png,
    un_xlsx,
    un_zip,
)

O = Ouverture  # noqa: E741
PDF = un_pdf(4)
FICHIERS = {"deliberation.pdf": b"%PDF-1.4", "annexe.xlsx": b"PK"}
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
MIME = b"Content-Type: application/pdf\r\nContent-Disposition: attachment\r\n\r\n"
# A page tree that is its own child, and a page of Acrobat that asks for its own reader.
CYCLE = PDF.replace(b"/Kids [4 0 R 5 0 R 6 0 R 7 0 R]", b"/Kids [2 0 R 2 0 R 2 0 R 2 0 R]")
XFA = PDF.replace(b"/Type /Catalog", b"/Type /Catalog /NeedsRendering true /AcroForm << /XFA (x) /Fields [] >>")


DERNIER_ACTE = "print(json.dumps(ouvrir(sys.stdin.buffer, pdfium, raw)))"


def examen(contenu: bytes) -> Examen:
    return examiner(io.BytesIO(contenu))


@pytest.mark.parametrize(
    ("contenu", "usage"),
    [
        (un_pdf(), "lisible, 1 page"),
        (PDF, "lisible, 4 pages"),
        (PDF + b"\n" * 5000, "lisible, 4 pages"),
        (b"\xef\xbb\xbf" + PDF, "lisible, 4 pages"),
        (b"   \r\n" + PDF, "lisible, 4 pages"),
        (MIME + PDF, "lisible, 4 pages"),
        (PDF.replace(b"xref", b"xrof"), "lisible, 4 pages"),
        (un_pdf_chiffre(mot_de_passe=""), "lisible, 3 pages"),
        (un_pdf_avec(FICHIERS), "lisible, 1 page (2 fichiers à l’intérieur)"),
        (un_pdf_avec({}, blanc=True), "lisible, 1 page (blanche)"),
        (un_png(), "image, 1 page"),
        (un_jpeg(), "image, 1 page"),
        (un_jpeg() + b"l\xc3\xa0, ce que le telephone ajoute", "image, 1 page"),
        (un_docx(), "lisible"),
        (un_xlsx(), "lisible"),
        (un_odt(), "lisible"),
        (un_odt(Basic__Standard__script_lb="", Basic__Standard__dialog_lb=""), "lisible"),
    ],
)
def test_ce_qui_se_lit_dit_comment(contenu, usage):
    trouve = examen(contenu)
    assert (trouve.usage.replace("\u00a0", " "), trouve.refus) == (usage, "")


@pytest.mark.parametrize(
    ("contenu", "verdict"),
    [
        (un_pdf_chiffre(), O.MOT_DE_PASSE),
        (PDF[: len(PDF) // 2], O.COUPE),
        (PDF[:-60], O.COUPE),
        (b"%PDF-1.4\n", O.COUPE),
        (un_pdf(0), O.VIDE),
        (b"%PDF-1.4\nrien de lisible ici\n%%EOF\n", O.ABIME),
        (un_pdf_avec(FICHIERS, blanc=True), O.PORTE_DOCUMENTS),
        (un_pdf_avec(FICHIERS, collection=True), O.PORTE_DOCUMENTS),
        (XFA, O.FORMULAIRE),
        (un_png()[:-12], O.COUPE),
        (un_png()[:40], O.COUPE),
        (un_png(0, 5), O.ABIME),
        (un_png(30_000, 1)[:20] + b"\x00\x00\x75\x30" + un_png(30_000, 1)[24:], O.DEMESURE),
        (un_jpeg()[:-2], O.COUPE),
        (un_jpeg()[:30], O.COUPE),
        (
            un_odt(META_INF__manifest_xml="<manifest:encryption-data/>").replace(b"META_INF", b"META-INF"),
            O.MOT_DE_PASSE,
        ),
        (un_odt(Basic__Standard__Module1_xml="Sub A"), O.MACROS),
        (un_docx().replace(b"word/document.xml", b"word/documont.xml"), O.ABIME),
    ],
)
def test_ce_qui_ne_se_lit_pas_dit_sa_cause_et_son_remede(contenu, verdict):
    trouve = examen(contenu)
    assert trouve.ouverture is verdict
    assert trouve.refus.startswith(f"Ce fichier est {verdict.label}")
    assert trouve.refus.endswith(ouverture.REMEDES[verdict])


def test_un_porte_documents_nomme_ce_qu_il_enferme():
    assert examen(un_pdf_avec(FICHIERS, blanc=True)).detail == "annexe.xlsx, deliberation.pdf"


def test_une_archive_dont_les_donnees_sont_abimees_ne_se_lit_pas():
    contenu = bytearray(un_docx())
    place = contenu.index(b"word/document.xml") + 120
    contenu[place : place + 40] = bytes(40)
    assert examen(bytes(contenu)).ouverture is O.ABIME


@pytest.mark.parametrize(
    ("contenu", "nom"),
    [
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "une photo HEIC"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic" + bytes(40), "une photo HEIC"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(40), "une vidéo"),
        (b"II*\x00" + bytes(40), "une image TIFF"),
        (b"GIF89a" + bytes(40), "une image GIF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "une image WebP"),
        (un_compose("Root Entry", "EncryptedPackage"), "un document Office protégé par un mot de passe"),
        (un_compose("Root Entry", "WordDocument"), "un ancien document Word"),
        (un_compose("Root Entry", "Workbook"), "un ancien classeur Excel"),
        (un_compose("Root Entry", "Autre"), "un document d’un ancien logiciel"),
        (un_paquet(MACROS), "un document Office qui contient des macros"),
        (un_paquet("application/vnd.openxmlformats-officedocument.presentationml.x"), "une présentation PowerPoint"),
        (un_zip({"a.txt": "a"}), "une archive"),
        (un_docx()[:-30], "un document ou une archive incomplets"),
        (b"<!DOCTYPE html><p>Erreur 404", "une page web"),
        (b"\r\n <html>", "une page web"),
        (b"Received: from x\r\nFrom: a@b.example\r\n\r\n", "un e-mail"),
        (b"\x30\x82\x10\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + bytes(40), "un fichier signé"),
        (b'{"url": "https://docs.google.com/open?id=1"}', "un raccourci vers Google Drive"),
        (bytes(5000), "rempli de zéros"),
        (b"MZ" + bytes(60), "un programme"),
        ("Une délibération.".encode("cp1252"), "un texte sans mise en page"),
    ],
)
def test_ce_que_le_portail_ne_prend_pas_a_un_nom_et_un_remede(contenu, nom):
    etranger = nommer(io.BytesIO(contenu))
    assert etranger is not None
    assert etranger.nom.startswith(nom)
    assert etranger.remede.endswith(".")
    # Archives and compound files say more further on.
    attendu = {b"PK": PAQUET, b"\xd0\xcf": COMPOSE}.get(contenu[:2], etranger)
    assert d_apres_le_debut(contenu) == attendu


def test_un_fichier_sur_le_disque_s_ouvre_sans_copie_et_revient_a_son_debut():
    with TemporaryFile() as fichier:
        fichier.write(PDF)
        assert examiner(fichier).pages == 4
        assert fichier.tell() == 0
        fichier.seek(0)
        fichier.truncate()
        fichier.write(un_pdf(2))
        fichier.flush()
        assert examiner(fichier).pages == 2


class TestHostile:
    def test_un_arbre_de_pages_qui_tourne_en_rond_n_est_pas_suivi(self):
        assert CYCLE != PDF
        assert examen(CYCLE).ouverture is not O.LISIBLE

    def test_la_memoire_est_bornee(self, monkeypatch, tmp_path):
        gourmand = OUVREUR.read_text("utf-8").replace(DERNIER_ACTE, "bytes(1 << 31)")
        (tmp_path / "gourmand.py").write_text(gourmand, "utf-8")
        monkeypatch.setattr(ouverture, "OUVREUR", tmp_path / "gourmand.py")
        assert examen(un_pdf(marque="gourmand")).ouverture is O.DEMESURE

    def test_une_installation_qui_n_ouvre_rien_ne_refuse_rien(self, monkeypatch, caplog):
        # Less than Python itself needs: the process ends before it has seen the file.
        monkeypatch.setattr(ouverture, "MEMOIRE", 20 * 1024 * 1024)
        assert examen(un_pdf(marque="sans memoire")).ouverture is None
        assert "Aucun PDF ne peut être ouvert" in caplog.text

    def test_un_fichier_qui_fait_tomber_le_lecteur_est_refuse(self, monkeypatch, tmp_path):
        tombant = OUVREUR.read_text("utf-8").replace(DERNIER_ACTE, "os.abort()")
        (tmp_path / "tombant.py").write_text(tombant, "utf-8")
        monkeypatch.setattr(ouverture, "OUVREUR", tmp_path / "tombant.py")
        assert examen(un_pdf(marque="tombant")).ouverture is O.ABIME

    def test_le_temps_est_borne_et_un_fichier_qui_ne_finit_pas_est_refuse(self, monkeypatch, tmp_path):
        """A process that never ends stands for the file that would make it so."""
        sans_fin = tmp_path / "sans_fin.py"
        sans_fin.write_text(OUVREUR.read_text("utf-8").replace(DERNIER_ACTE, "while True: pass"), "utf-8")
        monkeypatch.setattr(ouverture, "OUVREUR", sans_fin)
        monkeypatch.setattr(ouverture, "PROCESSEUR", 1)
        assert examen(un_pdf(marque="sans fin")).ouverture is O.DEMESURE

    def test_une_machine_trop_chargee_ne_refuse_rien(self, monkeypatch):
        """Nor is it remembered: the next one who asks has the file opened."""
        contenu = un_pdf(marque="machine chargee")
        monkeypatch.setattr(ouverture, "DELAI", 0.0)
        assert (examen(contenu).ouverture, examen(contenu).refus) == (None, "")
        monkeypatch.undo()
        assert examen(contenu).pages == 1

    def test_l_attente_d_une_place_est_bornee(self, monkeypatch):
        monkeypatch.setattr(ouverture, "PATIENCE", 0.0)
        for _ in range(ouverture.ENSEMBLE):
            assert ouverture._place.acquire(blocking=False)
        try:
            assert examen(un_pdf(marque="sans place")).ouverture is None
        finally:
            for _ in range(ouverture.ENSEMBLE):
                ouverture._place.release()

    def test_rien_de_l_environnement_ne_passe(self, monkeypatch, tmp_path):
        bavard = tmp_path / "bavard.py"
        dit = "print(json.dumps({'ouverture': 'lisible', 'detail': ' '.join(n for n in os.environ if 'REBOND' in n)}))"
        bavard.write_text(OUVREUR.read_text("utf-8").replace(DERNIER_ACTE, dit), "utf-8")
        monkeypatch.setattr(ouverture, "OUVREUR", bavard)
        monkeypatch.setenv("REBOND_CLE_SECRETE", "secret")
        assert "REBOND" in " ".join(os.environ)
        assert "REBOND" not in examen(un_pdf(marque="bavard")).detail
