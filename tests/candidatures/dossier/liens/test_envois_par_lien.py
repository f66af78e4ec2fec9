"""A file that is sent twice by a link, or while the link ends."""

import html

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.liens import actions
from candidatures.dossier.pieces.verification import A_REUNIR
from candidatures.models import Candidature, Membre, PieceJointe
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.dossier.liens.outils import adresse, un_groupement, un_lien
from tests.candidatures.dossier.liens.test_liens import FINS

pytestmark = pytest.mark.django_db

PIECE = GenreDeLien.PIECE


@pytest.fixture
def groupement() -> tuple[Candidature, Membre]:
    return un_groupement()


def test_le_meme_fichier_envoye_deux_fois_est_joint_une_fois(groupement):
    _, membre = groupement
    lien, jeton = un_lien(PIECE, *groupement)
    for _ in range(2):
        fichier = ContentFile(f.PDF + b"\n%double", name="deliberation.pdf")
        envoi = {"nature": "deliberation", "membre": membre.pk, "fichier": fichier}
        assert Client().post(adresse(jeton), envoi).status_code == 302
    assert PieceJointe.objects.filter(lien=lien).count() == 1


def test_une_photo_d_iphone_n_est_pas_envoyee_a_une_page_que_le_lien_n_ouvre_pas(groupement):
    _, membre = groupement
    _, jeton = un_lien(PIECE, *groupement)
    fichier = ContentFile(b"\x00\x00\x00\x18ftypheic" + bytes(40), name="IMG_1.HEIC")
    page = Client().post(adresse(jeton), {"nature": "deliberation", "membre": membre.pk, "fichier": fichier})
    assert "Ce fichier est une photo HEIC" in page.content.decode()
    assert "Enregistrez-la en JPEG ou en PDF" in page.content.decode()
    assert A_REUNIR not in html.unescape(page.content.decode())


@pytest.mark.parametrize("fin", ["annulé", "son auteur n’écrit plus"])
def test_un_lien_qui_finit_pendant_que_le_fichier_arrive_n_apporte_rien(groupement, fin):
    _, membre = groupement
    lien, _ = un_lien(PIECE, *groupement)

    class Lent(ContentFile):
        def read(self, *arguments: int) -> bytes:
            if fin in FINS and not finis:
                finis.append(FINS[fin](lien))
            return super().read(*arguments)

    finis: list[object] = []
    avant = PieceJointe.objects.count()
    with pytest.raises(RegleEnfreinte):
        actions.joindre_par_lien(
            lien=lien,
            fichier=Lent(f.PDF + b"\n%lent", name="deliberation.pdf"),
            nature="deliberation",
            membre=membre,
            maintenant=horloge_base(),
        )
    assert finis
    assert PieceJointe.objects.count() == avant
