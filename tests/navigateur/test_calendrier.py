"""The calendar in a browser: what everyone reads of it, and what its administrateur does with it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from candidatures.models import Vague
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.outils.accessibilite import controler
from tests.outils.gestes import bouton, entrer

pytestmark = pytest.mark.django_db(transaction=True)
UN_JOUR = timedelta(days=1)
MOTIF = "Les crédits de l’année ne sont pas votés."


@pytest.fixture
def vagues(transactional_db) -> tuple[Vague, Vague]:
    """One open, one to come."""
    ouverte = f.une_vague()
    return ouverte, f.une_vague(ouverture=ouverte.cloture, cloture=ouverte.cloture + 120 * UN_JOUR)


@pytest.mark.parametrize("adresse", ["/", "/calendrier/"])
def test_un_maire_d_outre_mer_lit_son_heure(navigateur: Page, vagues: tuple[Vague, Vague], adresse: str) -> None:
    navigateur.goto(adresse)
    expect(navigateur.get_by_text("La Réunion")).to_be_hidden()
    navigateur.get_by_role("button", name="L’heure de clôture outre-mer").click()
    expect(navigateur.get_by_text("La Réunion")).to_be_visible()
    controler(navigateur)


def test_l_administrateur_suspend_retablit_finit_et_reprend(navigateur: Page, vagues: tuple[Vague, Vague]) -> None:
    ouverte, prochaine = vagues
    entrer(navigateur, f.un_agent(Role.ADMINISTRATEUR), "/administration/vagues/")
    controler(navigateur)
    navigateur.get_by_role("link", name="Suspendre la vague").click()
    controler(navigateur)
    navigateur.get_by_label("Motif").fill(MOTIF)
    bouton(navigateur, "Suspendre cette vague")
    expect(navigateur.get_by_text(f"La vague {prochaine.numero} est suspendue.")).to_be_visible()
    navigateur.goto("/calendrier/")
    expect(navigateur.get_by_role("row", name=MOTIF)).to_contain_text("Suspendue")
    controler(navigateur)

    navigateur.goto("/administration/vagues/")
    navigateur.get_by_role("link", name="Rétablir la vague").click()
    controler(navigateur)
    navigateur.get_by_label("Motif").fill("Ils le sont.")
    bouton(navigateur, "Rétablir cette vague")

    navigateur.get_by_role("link", name="Mettre fin à la série des vagues").click()
    controler(navigateur)
    navigateur.get_by_label("Motif").fill(MOTIF)
    bouton(navigateur, "Mettre fin à la série")
    controler(navigateur)
    navigateur.get_by_role("link", name="Reprendre la série").click()
    controler(navigateur)
    navigateur.get_by_label("Motif").fill("Ils le sont.")
    bouton(navigateur, "Reprendre la série")
    expect(navigateur.get_by_label("Programmer jusqu’au")).to_be_visible()
    assert list(Vague.objects.ouvertes(horloge_base())) == [ouverte]


def test_les_dates_d_une_vague_ouverte_sont_fixees(navigateur: Page, vagues: tuple[Vague, Vague]) -> None:
    entrer(navigateur, f.un_agent(Role.ADMINISTRATEUR), "/administration/vagues/")
    navigateur.get_by_role("link", name="Voir les dates de la vague").click()
    expect(navigateur.get_by_text("Reporter sa clôture serait une prolongation")).to_be_visible()
    controler(navigateur)
