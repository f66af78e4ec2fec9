"""The report on paper: nothing outside the margins, nothing over its neighbour, no page left nearly empty."""

from datetime import date
from itertools import combinations

import pypdfium2
import pytest
from django.template.loader import render_to_string

from projets.models import Concours, Enveloppe, Industriel, Mission, Projet
from projets.rapport import actions as rapports
from projets.rapport.impression import imprimer
from rebond.socle.documents.stockage import html_en_pdf
from tests.fabriques import un_utilisateur
from tests.projets import decor

pytestmark = pytest.mark.django_db

MM = 72 / 25.4
LARGEUR, HAUTEUR = 210 * MM, 297 * MM
# Half a point: what rounding in the PDF may move.
JEU = 0.5
GAUCHE, DROITE = 20 * MM - JEU, LARGEUR - 20 * MM + JEU
HAUT, BAS = HAUTEUR - 20 * MM + JEU, 22 * MM - JEU

Boite = tuple[float, float, float, float]


def pages_du_rapport(mission: Mission) -> list[list[Boite]]:
    """Boxes of the texts of each page (left, bottom, right, top), but its foot."""
    rapport = rapports.demander_rapport(mission=mission, au=decor.RESTITUTION, acteur=un_utilisateur())
    with pypdfium2.PdfDocument(imprimer(rapport, lambda _: None, connu_le=rapport.demande_le).pdf) as document:
        pages = [page.get_textpage() for page in document]
        # A label of the map is drawn twice at the same place: its halo, then its letters.
        boites = [{textes.get_rect(rang) for rang in range(textes.count_rects())} for textes in pages]
    return [[boite for boite in page if boite[3] > BAS] for page in boites]


def se_chevauchent(une: Boite, autre: Boite) -> bool:
    largeur = min(une[2], autre[2]) - max(une[0], autre[0])
    hauteur = min(une[3], autre[3]) - max(une[1], autre[1])
    return largeur > 1 and hauteur > 1


@pytest.fixture
def demesuree() -> Mission:
    """What people type at its longest: no space in a name, the longest dates, amounts of a milliard."""
    mission = decor.une_annonce()
    Mission.objects.filter(pk=mission.pk).update(titre="Mission" + "abcdefghij" * 19)
    Industriel.objects.update(
        nom="Établissements" + "Dupont-Durand" * 10,
        activite="Fabrication de pièces anticonstitutionnellement" + "mécaniques" * 8,
        effectif=1_234_567,
        rencontre_le=date(2022, 9, 30),
    )
    Projet.objects.update(intitule="Modernisation" + "DeLAtelier" * 15)
    Enveloppe.objects.update(nom="Enveloppe" + "abcdefghij" * 15, montant=999_999_999_999)
    auteur = un_utilisateur()
    for projet in Projet.objects.filter(enveloppe__isnull=True):
        decor.estimer(projet, auteur, date(2023, 5, 3), 999_999_999_999, 1_234_567, None)
    autre = Projet.objects.filter(concours=None, enveloppe__isnull=False).get()
    decor.estimer(autre, auteur, date(2022, 9, 30), 999_999_999_999, 0, None)
    Concours.objects.create(
        enveloppe=autre.enveloppe,
        projet=autre,
        montant=888_888_888_888,
        accorde_le=date(2022, 9, 30),
        accorde_par=auteur,
    )
    mission.refresh_from_db()
    return mission


def test_rien_ne_sort_des_marges_ni_ne_couvre_son_voisin(demesuree: Mission) -> None:
    pages = pages_du_rapport(demesuree)
    dehors = [
        (rang, boite)
        for rang, page in enumerate(pages, start=1)
        for boite in page
        if boite[0] < GAUCHE or boite[2] > DROITE or boite[3] > HAUT or boite[1] < BAS
    ]
    assert dehors == []
    assert [deux for page in pages for deux in combinations(page, 2) if se_chevauchent(*deux)] == []


def test_le_titre_d_un_tableau_ne_reste_pas_seul_en_bas_de_page() -> None:
    """Wherever the page ends: on paper it was parted from its table where no row fitted under it."""
    style = render_to_string("documents/_base.css") + render_to_string("documents/_impression.css")
    corps = "<caption>Le titre</caption><thead><tr><th>A</th></tr></thead><tbody><tr><td>B</td></tr></tbody>"
    for hauteur in range(664, 704, 8):
        page = (
            f'<html lang="fr"><style>{style} div {{ height: {hauteur}pt }}</style><div>C</div><table>{corps}</table>'
        )
        with pypdfium2.PdfDocument(html_en_pdf(page, identifiant="essai")) as document:
            textes = [feuille.get_textpage().get_text_range() for feuille in document]
        assert [texte for texte in textes if ("Le titre" in texte) != ("B" in texte)] == []


def test_aucune_page_n_est_laissee_presque_vide() -> None:
    """But the cover and the last one: a part follows the one before it on the same page."""
    couverture, *pages, _ = pages_du_rapport(decor.une_annonce())
    assert couverture
    assert len(pages) >= 2
    vides = [HAUT - min(boite[1] for boite in page) for page in pages]
    assert [rang for rang, rempli in enumerate(vides, start=2) if rempli < (HAUT - BAS) / 2] == []
