"""Documents laid out in a request: one at a time, kept for whoever asks again, and a page for those who wait."""

import threading

import pytest

from rebond.socle.documents.preparation import preparer
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de

pytestmark = pytest.mark.django_db(transaction=True)
ATTENTE = 20


@pytest.fixture
def occupee(ailleurs):
    """Somebody else's document is being made, until the event is set."""
    commence, fini = threading.Event(), threading.Event()

    def fabriquer() -> bytes:
        commence.set()
        assert fini.wait(ATTENTE)
        return b"autre"

    futur = ailleurs(preparer, cle="autre", fabriquer=fabriquer)
    assert commence.wait(ATTENTE)
    yield fini
    fini.set()
    assert futur.result(ATTENTE) == b"autre"


def test_pendant_qu_un_document_se_fait_un_autre_attend_sur_une_page_qui_redemande(occupee):
    candidature = f.une_candidature()
    porteur = client_de(f.porteur_de(candidature))
    adresse = f"/candidatures/{candidature.pk}/pieces/modele.pdf"
    page = porteur.get(adresse)
    assert (page.status_code, page["Refresh"], page["Cache-Control"]) == (202, "3", "private, no-store")
    assert "<h1>Votre document se prépare</h1>" in page.text
    assert f'href="{adresse}"' in page.text
    occupee.set()


def test_le_meme_document_n_est_fait_qu_une_fois_et_le_verrou_se_rend():
    faits = []

    def fabriquer() -> bytes:
        faits.append(1)
        return b"%PDF\x00\xff"

    assert [preparer("un", fabriquer), preparer("un", fabriquer), preparer("deux", fabriquer)] == [b"%PDF\x00\xff"] * 3
    assert len(faits) == 2


def test_un_document_qui_echoue_ne_retient_personne():
    with pytest.raises(ZeroDivisionError):
        preparer("faux", lambda: bytes(1 // 0))
    assert preparer("faux", lambda: b"vrai") == b"vrai"
