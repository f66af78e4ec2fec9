"""The six journeys of a territory: by mouse, by keyboard alone, without scripts, in Chromium and in Firefox."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.chemins.clavier import AuClavier
from tests.chemins.fenetres import FenetreDePlaywright
from tests.chemins.firefox import FenetreDeFirefox, Firefox
from tests.chemins.parcours import DIMENSIONS, PARCOURS, Parcours
from tests.chemins.regard import Regard
from tests.chemins.visiteurs import ALaSouris, Visiteur

pytestmark = pytest.mark.django_db(transaction=True)
CHACUN = pytest.mark.parametrize("parcours", PARCOURS, ids=lambda parcours: parcours.nom)
#: One for all of the journeys: a page is judged once.
REGARD = Regard()
AU_DOIGT = {"has_touch": True, "is_mobile": True}

Ouvrir = Callable[..., FenetreDePlaywright]


@pytest.fixture
def ouvrir(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Ouvrir]:
    """`ouvrir(parcours)`: a window of Chromium, of its size."""
    ouverts: list[BrowserContext] = []

    def ouvrir(parcours: Parcours, **reglages: Any) -> FenetreDePlaywright:
        largeur, hauteur = parcours.dimensions
        contexte = browser.new_context(
            **browser_context_args | {"viewport": {"width": largeur, "height": hauteur}} | reglages
        )
        ouverts.append(contexte)
        return FenetreDePlaywright(contexte.new_page())

    yield ouvrir
    for contexte in ouverts:
        contexte.close()


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    firefox = Firefox(tmp_path_factory.mktemp("firefox"))
    yield firefox
    firefox.arreter()


@CHACUN
def test_chaque_page_est_jugee_a_trois_largeurs(ouvrir: Ouvrir, parcours: Parcours) -> None:
    """By mouse, or by finger on a phone."""
    fenetre = ouvrir(parcours, **({} if parcours.dimensions == DIMENSIONS else AU_DOIGT))
    conduire(ALaSouris(fenetre, regard=REGARD), parcours)
    assert REGARD.jugees


@CHACUN
def test_au_clavier_seul(ouvrir: Ouvrir, parcours: Parcours) -> None:
    conduire(AuClavier(ouvrir(parcours)), parcours)


@CHACUN
def test_sans_script(ouvrir: Ouvrir, parcours: Parcours) -> None:
    conduire(ALaSouris(ouvrir(parcours, java_script_enabled=False), scripts=False), parcours)


@CHACUN
def test_dans_firefox_au_clavier_seul(firefox: Firefox, base_url: str, tmp_path: Path, parcours: Parcours) -> None:
    fenetre = FenetreDeFirefox(firefox, base_url, tmp_path)
    fenetre.dimensionner(*parcours.dimensions)
    fenetre.oublier()
    conduire(AuClavier(fenetre), parcours)


def conduire(visiteur: Visiteur, parcours: Parcours) -> None:
    parcours.suivre(visiteur, parcours.preparer())
    print(visiteur.dire(parcours.nom))
