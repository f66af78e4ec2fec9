"""Attachments seen in the page, and which ones one has read: a mark of one's own."""

import pytest
from django.core.files.base import ContentFile

from candidatures.instruction.correction import actions as corrections
from candidatures.models import LectureDePiece, PieceDeposee
from rebond.socle.documents.lisibilites import garder
from rebond.socle.documents.models import Analyse
from rebond.socle.documents.ouverture import examiner
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.corrections import outils as c
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.instruction.lecture.outils import adresse
from tests.candidatures.pages.instruction.outils import connecter

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return une_vague_close(None)[1][0]


@pytest.fixture
def client_():
    return connecter(f.un_agent(Role.INSTRUCTEUR))


def piece(dossier):
    return PieceDeposee.objects.get(depot__candidature=dossier)


def test_un_pdf_se_voit_dans_un_cadre_que_seul_le_portail_ouvre(dossier, client_):
    apercu = adresse(dossier, f"pieces/{piece(dossier).pk}/apercu/")
    page = client_.get(adresse(dossier))
    assert f'src="{apercu}"' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    contenu = client_.get(apercu)
    assert b"".join(contenu.streaming_content) == f.PDF
    assert (contenu["Content-Type"], contenu["X-Frame-Options"]) == ("application/pdf", "SAMEORIGIN")
    politique = contenu["Content-Security-Policy"]
    assert ("default-src 'none'" in politique, "frame-ancestors 'self'" in politique) == (True, True)


def test_un_fichier_infecte_ne_se_voit_pas(dossier, client_):
    Analyse.objects.create(document=piece(dossier).document, saine=False, detail="Eicar")
    assert "personne ne peut l’ouvrir" in client_.get(adresse(dossier)).content.decode()
    assert client_.get(adresse(dossier, f"pieces/{piece(dossier).pk}/apercu/")).status_code == 409


def test_une_piece_fournie_avec_une_correction_se_voit_une_fois_rendue(dossier, client_):
    demande = c.demander(dossier, f.un_agent(Role.INSTRUCTEUR))
    jointe = corrections.joindre_a_la_correction(
        demande=demande,
        fichier=ContentFile(f.PDF + b"%", "lettre.pdf"),
        nom="lettre.pdf",
        nature="lettre",
        auteur=f.porteur_de(dossier),
        maintenant=horloge_base(),
    )
    apercu = adresse(dossier, f"correction/pieces/{jointe.pk}/apercu/")
    assert client_.get(apercu).status_code == 404
    assert apercu not in client_.get(adresse(dossier)).content.decode()
    c.rendre(demande)
    assert b"".join(client_.get(apercu).streaming_content) == f.PDF + b"%"
    assert apercu in client_.get(adresse(dossier)).content.decode()


def test_chacun_marque_les_siennes_et_personne_d_autre_ne_le_voit(dossier, client_):
    document = piece(dossier).document
    collegue = connecter(f.un_agent(Role.INSTRUCTEUR))
    avant = [ligne for ligne in collegue.get(adresse(dossier)).content.splitlines() if b"csrf" not in ligne]
    reponse = client_.post(adresse(dossier, "pieces/lues/"), {"document": [document.pk]})
    assert reponse.url == adresse(dossier, "#pieces")
    client_.post(adresse(dossier, "pieces/lues/"), {"document": [document.pk], **f.d_une_autre_page()})
    assert LectureDePiece.objects.count() == 1
    assert '<p class="rebond-lue">Lue</p>' in client_.get(adresse(dossier)).content.decode()
    apres = [ligne for ligne in collegue.get(adresse(dossier)).content.splitlines() if b"csrf" not in ligne]
    assert apres == avant


def test_on_ne_marque_que_ce_que_la_page_montre(dossier, client_):
    etranger = garder(ContentFile(f.PDF + b"%%", "autre.pdf"), examiner(ContentFile(f.PDF + b"%%", "autre.pdf")))
    for document in (etranger.pk, "x"):
        assert client_.post(adresse(dossier, "pieces/lues/"), {"document": [document]}).status_code == 302
    assert not LectureDePiece.objects.exists()
