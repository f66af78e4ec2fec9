"""Photos made into one attachment: upright, in order, one page each, and judged as any other file."""

import io
import threading
import time
from pathlib import Path

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from candidatures.dossier.etats import Qualite
from candidatures.dossier.pieces import photos as formulaires
from candidatures.models import Candidature, PieceJointe
from rebond.socle.documents import photos as reunion
from rebond.socle.documents.photos import reunir
from rebond.socle.documents.stockage import lire
from rebond.socle.erreurs import RegleEnfreinte
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, nouveau, page, texte

ORIENTATION = 0x0112
TOURNEE = 6  # the telephone was held upright: what is shown first lies on its side
HEIC = Path(__file__).with_name("photo.heic")


def une_photo(
    couleur: str, *, taille: tuple[int, int] = (40, 30), format_: str = "JPEG", tournee: bool = False
) -> bytes:
    image, exif = Image.new("RGB", taille, couleur), Image.Exif()
    if tournee:
        exif[ORIENTATION] = TOURNEE
    sortie = io.BytesIO()
    image.save(sortie, format_, exif=exif)
    return sortie.getvalue()


def pages(pdf: bytes) -> list[tuple[bool, tuple[int, ...]]]:
    """Of each page: whether it stands, and the colour of its middle, to the nearest of eight."""
    lues = []
    for feuille in pypdfium2.PdfDocument(pdf):
        image = feuille.render(scale=0.2).to_pil()
        milieu = image.getpixel((image.width // 2, image.height // 2))
        lues.append((feuille.get_height() > feuille.get_width(), tuple(round(ton / 255) for ton in milieu[:3])))
    return lues


ROUGE, VERT, BLEU = (1, 0, 0), (0, 1, 0), (0, 0, 1)


def test_chaque_photo_fait_une_page_droite_dans_l_ordre() -> None:
    envoyees = [
        une_photo("red"),
        une_photo("lime", format_="PNG", taille=(30, 40)),
        une_photo("blue", tournee=True),
    ]
    pdf = reunir([io.BytesIO(une) for une in envoyees], ["1", "2", "3"])
    assert pages(pdf) == [(False, ROUGE), (True, VERT), (True, BLEU)]


def test_ceux_qui_attendent_leur_tour_sont_comptes_et_les_autres_l_apprennent_aussitot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody is kept waiting for a thread that a third of the portal already waits for; each turn is given back."""
    monkeypatch.setattr(reunion, "PATIENCE", 30.0)
    devant, fini = threading.Event(), threading.Event()

    def lentement(*_: object) -> bytes:
        devant.set()
        fini.wait(30)
        return b"%PDF-"

    monkeypatch.setattr(reunion, "_lancer", lentement)
    occupants = reunion.ENSEMBLE + reunion.EN_ATTENTE
    faits: list[bytes] = []
    gens = [
        threading.Thread(target=lambda: faits.append(reunir([io.BytesIO(une_photo("red"))], ["1"])))
        for _ in range(occupants)
    ]
    for un in gens:
        un.start()
    assert devant.wait(30)
    debut = time.monotonic()
    while reunion._file.acquire(blocking=False):
        reunion._file.release()
        assert time.monotonic() - debut < 20, "rien ne compte ceux qui attendent"
        time.sleep(0.01)
    debut = time.monotonic()
    with pytest.raises(RegleEnfreinte, match="réunit déjà d’autres photos"):
        reunir([io.BytesIO(une_photo("lime"))], ["2"])
    assert time.monotonic() - debut < 5
    fini.set()
    for un in gens:
        un.join()
    assert faits == [b"%PDF-"] * occupants
    assert reunir([io.BytesIO(une_photo("lime"))], ["2"]) == b"%PDF-"


def test_qui_n_a_pas_eu_son_tour_a_temps_rend_la_place_ou_il_attendait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reunion, "PATIENCE", 0.01)
    monkeypatch.setattr(reunion, "_lancer", lambda *_: b"%PDF-")
    for _ in range(reunion.ENSEMBLE):
        assert reunion._place.acquire(blocking=False)
    try:
        for _ in range(reunion.ENSEMBLE + reunion.EN_ATTENTE + 1):
            with pytest.raises(RegleEnfreinte, match="réunit déjà d’autres photos"):
                reunir([io.BytesIO(une_photo("red"))], ["1"])
    finally:
        for _ in range(reunion.ENSEMBLE):
            reunion._place.release()
    assert reunir([io.BytesIO(une_photo("red"))], ["1"]) == b"%PDF-"


def test_une_photo_d_iphone_est_lue() -> None:
    assert len(pages(reunir([io.BytesIO(HEIC.read_bytes())], ["IMG_1.HEIC"]))) == 1


def test_ni_le_lieu_ni_rien_d_autre_que_l_image_n_est_garde() -> None:
    image, exif = Image.new("RGB", (40, 30), "red"), Image.Exif()
    exif[0x010E] = "Bureau du maire"
    sortie = io.BytesIO()
    image.save(sortie, "JPEG", exif=exif)
    assert b"Bureau du maire" in sortie.getvalue()
    assert b"Bureau du maire" not in reunir([sortie], ["1"])


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"%PDF-1.4 rien", "n’est ni une photo JPEG, ni PNG, ni HEIC"),
        (une_photo("red", taille=(400, 300))[:700], "ne s’ouvre pas jusqu’au bout"),
        (b"GIF89a" + b"\x00" * 40, "n’est ni une photo JPEG"),
    ],
)
def test_celle_qui_ne_va_pas_est_nommee(octets: bytes, dit: str) -> None:
    with pytest.raises(RegleEnfreinte) as refus:
        reunir([io.BytesIO(une_photo("red")), io.BytesIO(octets)], ["mairie.jpg", "page 2.jpg"])
    assert refus.value.message.startswith("La photo 2 («\u00a0page 2.jpg\u00a0»)")
    assert dit in refus.value.message


def test_une_image_demesuree_est_refusee_sans_etre_ouverte() -> None:
    sortie = io.BytesIO()
    Image.new("1", (20_000, 12_000)).save(sortie, "PNG")
    assert len(sortie.getvalue()) < 200_000
    with pytest.raises(RegleEnfreinte, match="trop grande"):
        reunir([sortie], ["grande.png"])


@pytest.mark.django_db
class TestPage:
    @pytest.fixture
    def candidature(self) -> Candidature:
        return f.une_candidature(complete=False)

    @pytest.fixture
    def porteur(self, candidature: Candidature) -> Client:
        return client_de(f.porteur_de(candidature))

    def envoyer(self, client: Client, candidature: Candidature, *photos: tuple[str, bytes], **autres: str):
        fichiers = [SimpleUploadedFile(nom, octets) for nom, octets in photos]
        donnees = {"nature": "deliberation", "ordre": "choisies", "photos": fichiers} | autres
        return client.post(page("photos", candidature.pk), donnees)

    def test_les_photos_deviennent_une_piece_comme_une_autre(self, candidature, porteur):
        lien = f"{page('photos', candidature.pk)}?nature=deliberation"
        assert lien in texte(porteur.get(page("pieces", candidature.pk)))
        assert "Réunir des photos en un PDF" in texte(porteur.get(lien))
        photos = [("page 10.jpg", une_photo("blue")), ("page 9.jpg", une_photo("red"))]
        reponse = self.envoyer(porteur, candidature, *photos, ordre="nom")
        assert reponse.url == f"{page('pieces', candidature.pk)}#piece-deliberation"
        piece = PieceJointe.objects.get(candidature=candidature)
        assert (piece.nature, piece.nom, piece.document.type_mime) == (
            "deliberation",
            "deliberation-photos.pdf",
            "application/pdf",
        )
        assert [couleur for _, couleur in pages(lire(piece.document))] == [ROUGE, BLEU]

    def test_l_ordre_choisi_est_celui_de_l_envoi(self, candidature, porteur):
        self.envoyer(porteur, candidature, ("b.jpg", une_photo("blue")), ("a.jpg", une_photo("red")))
        piece = PieceJointe.objects.get(candidature=candidature)
        assert [couleur for _, couleur in pages(lire(piece.document))] == [BLEU, ROUGE]

    def test_les_bornes_se_disent_et_rien_n_est_joint(self, candidature, porteur, monkeypatch):
        trop = [(f"{rang}.png", une_photo("red", format_="PNG")) for rang in range(21)]
        assert "20 au plus, vous en avez 21" in texte(self.envoyer(porteur, candidature, *trop))
        assert "Choisissez au moins une photo." in texte(self.envoyer(porteur, candidature))
        monkeypatch.setattr(formulaires, "TAILLE_MAX", 100)
        assert "réunissez-en moins à la fois" in texte(self.envoyer(porteur, candidature, *trop[:2]))
        assert not PieceJointe.objects.filter(candidature=candidature).exists()

    def test_qui_ne_peut_ecrire_ne_peut_joindre(self, candidature):
        lecteur = nouveau(candidature, Qualite.LECTEUR)
        assert self.envoyer(lecteur, candidature, ("a.jpg", une_photo("red"))).status_code == 409
        inconnu = client_de(f.un_utilisateur())
        assert self.envoyer(inconnu, candidature, ("a.jpg", une_photo("red"))).status_code == 404
        assert not PieceJointe.objects.filter(candidature=candidature).exists()
