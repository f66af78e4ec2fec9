"""In Chromium: the theme that its reader chose, a map that can be read, forced colours, and paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.outils.accessibilite import controler
from tests.projets import decor

pytestmark = pytest.mark.django_db(transaction=True)
FOND = "getComputedStyle(document.body).backgroundColor"
CLAIR, SOMBRE = "rgb(255, 255, 255)", "rgb(22, 22, 22)"
AVANT_LA_PEINTURE = """() => [...document.querySelectorAll("head script")]
  .some((script) => script.src.includes("rebond/theme") && !script.async && !script.defer && !script.type)"""


@pytest.fixture
def annonce(transactional_db: None) -> None:
    decor.une_annonce()


@pytest.fixture
def dans_le_noir(browser: Browser, base_url: str) -> Iterator[Page]:
    """Without scripts, on a system whose theme is dark."""
    contexte = browser.new_context(base_url=base_url, java_script_enabled=False, color_scheme="dark")
    yield contexte.new_page()
    contexte.close()


def test_le_theme_choisi_est_garde_et_pose_avant_la_peinture(navigateur: Page) -> None:
    navigateur.goto("/contact/")
    assert navigateur.evaluate(FOND) == CLAIR
    bouton = navigateur.get_by_role("button", name="Paramètres d’affichage")
    bouton.focus()
    navigateur.keyboard.press("Enter")
    fenetre = navigateur.get_by_role("dialog", name="Paramètres d’affichage")
    expect(fenetre).to_be_visible()
    fenetre.get_by_text("Thème sombre").click()
    expect(navigateur.locator("html")).to_have_attribute("data-fr-theme", "dark")
    # Within a field the DSFR leaves Escape to the browser.
    fenetre.get_by_role("button", name="Fermer").focus()
    navigateur.keyboard.press("Escape")
    expect(fenetre).to_be_hidden()
    navigateur.goto("/compte/login/")
    assert navigateur.evaluate(AVANT_LA_PEINTURE)
    expect(navigateur.locator("html")).to_have_attribute("data-fr-theme", "dark")
    assert navigateur.evaluate(FOND) == SOMBRE
    controler(navigateur)


def test_sans_script_le_theme_est_celui_du_systeme(dans_le_noir: Page) -> None:
    dans_le_noir.goto("/contact/")
    assert dans_le_noir.evaluate(FOND) == SOMBRE
    expect(dans_le_noir.locator("#pied").get_by_text("Paramètres d’affichage")).to_be_hidden()


def test_la_carte_est_celle_de_l_ecran_et_suit_le_theme(navigateur: Page, annonce: None) -> None:
    for largeur, nom in ((1280, "carte.svg"), (375, "carte-etroite.svg")):
        navigateur.set_viewport_size({"width": largeur, "height": 900})
        navigateur.goto("/territoires-laureats/")
        image = navigateur.locator(".rebond-carte img")
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", value=True)
        assert str(image.evaluate("(image) => image.currentSrc")).endswith(nom)
    navigateur.emulate_media(color_scheme="dark")
    navigateur.reload()
    assert "invert" in str(navigateur.locator(".rebond-carte img").evaluate("(i) => getComputedStyle(i).filter"))
    controler(navigateur)


def test_en_couleurs_forcees_un_lien_dessine_en_bouton_garde_son_contour(navigateur: Page) -> None:
    navigateur.emulate_media(forced_colors="active")
    navigateur.goto("/")
    bords = navigateur.locator("main a.fr-btn:visible").evaluate_all(
        "liens => liens.map((lien) => getComputedStyle(lien).borderTopWidth)"
    )
    assert bords
    assert set(bords) == {"1px"}


def test_sur_le_papier_il_reste_ce_qui_se_lit_et_un_tableau(telephone: Page, annonce: None) -> None:
    telephone.emulate_media(media="print")
    telephone.goto("/territoires-laureats/")
    for parti in ("#navigation", ".fr-breadcrumb", "#pied"):
        expect(telephone.locator(parti)).to_be_hidden()
    assert telephone.locator("main tbody td").first.evaluate("(td) => getComputedStyle(td).display") == "table-cell"
    telephone.goto("/")
    expect(telephone.locator("h1")).to_be_visible()
    expect(telephone.locator("main a.fr-btn").first).to_be_hidden()
