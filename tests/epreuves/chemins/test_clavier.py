"""What stops somebody who has a keyboard alone stops the journeys too."""

import pytest
from playwright.sync_api import Page

from tests.chemins.clavier import AuClavier
from tests.chemins.fenetres import FenetreDePlaywright

pytestmark = pytest.mark.django_db(transaction=True)
COUVERTURE = "<div style='position: fixed; inset: 0; background: white'></div>"


@pytest.mark.parametrize(
    ("contenu", "constat"),
    [
        ("<button tabindex='-1'>Envoyer</button>", "le clavier ne sort pas"),
        ("<a href='#'>Avant</a><button tabindex='-1'>Envoyer</button><a href='#'>Après</a>", "passe sans s’y arrêter"),
        ("<button style='outline: none'>Envoyer</button>", "sans contour"),
        (f"<button>Envoyer</button>{COUVERTURE}", "hors de vue"),
    ],
    ids=["hors d’atteinte", "sauté", "sans contour", "couvert"],
)
def test_une_impasse_au_clavier_arrete_le_parcours(page: Page, contenu: str, constat: str) -> None:
    page.set_content(f"<main>{contenu}</main>")
    with pytest.raises(AssertionError, match=constat):
        AuClavier(FenetreDePlaywright(page)).ouvrir("Envoyer")
    page.set_content("<main><button>Envoyer</button></main>")
    AuClavier(FenetreDePlaywright(page)).ouvrir("Envoyer")
