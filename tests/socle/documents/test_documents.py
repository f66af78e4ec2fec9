"""Files kept by their content, and printed pages."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import ProgrammingError, transaction
from django.http import Http404
from pdfua import validate

from rebond.socle.documents import stockage as documents
from rebond.socle.documents.models import Document

PAGE = "<!doctype html><html lang=fr><head><title>Essai</title></head><body><h1>Essai</h1><p>Texte</p></body></html>"


@pytest.mark.django_db
class TestStockage:
    def test_les_memes_octets_ne_sont_gardes_qu_une_fois(self):
        premier = documents.enregistrer(b"contenu", type_mime="application/pdf")
        assert documents.enregistrer(b"contenu", type_mime="application/pdf") == premier
        assert documents.lire(premier) == b"contenu"
        assert Document.objects.count() == 1

    def test_un_fichier_tronque_par_un_arret_est_remplace(self):
        contenu = b"contenu entier"
        chemin = Document(sha256=hashlib.sha256(contenu).hexdigest()).chemin
        default_storage.save(chemin, ContentFile(contenu[:5]))

        assert documents.lire(documents.enregistrer(contenu, type_mime="application/pdf")) == contenu

    def test_un_document_ne_change_plus(self):
        documents.enregistrer(b"contenu", type_mime="application/pdf")
        with pytest.raises(ProgrammingError), transaction.atomic():
            Document.objects.update(taille=0)

    def test_un_fichier_perdu_donne_404_et_non_une_erreur(self):
        document = documents.enregistrer(b"contenu", type_mime="application/pdf")
        default_storage.delete(document.chemin)
        with pytest.raises(Http404):
            documents.reponse(document, "nom.pdf")


class TestPdf:
    def test_la_meme_page_donne_les_memes_octets(self):
        assert documents.html_en_pdf(PAGE, identifiant="a") == documents.html_en_pdf(PAGE, identifiant="a")

    def test_une_page_bien_formee_est_un_pdf_accessible(self, tmp_path):
        fichier = tmp_path / "essai.pdf"
        fichier.write_bytes(documents.html_en_pdf(PAGE, identifiant="a"))
        assert [constat.message for constat in validate(str(fichier)).findings] == []

    def test_rien_ne_se_charge_d_ailleurs(self, caplog):
        page = PAGE.replace("<p>", "<img src='file:///etc/hostname' alt=''><p>")
        documents.html_en_pdf(page, identifiant="essai")
        assert "/etc/hostname" in caplog.text
        assert "disallowed protocol" in caplog.text
