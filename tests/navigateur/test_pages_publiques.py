"""A public page is the same for everyone; the browser of whoever is signed in completes its header."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.outils.accessibilite import controler
from tests.outils.gestes import entrer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def administrateur(transactional_db: None) -> Utilisateur:
    return f.un_agent(Role.ADMINISTRATEUR)


def menu(page: Page) -> list[str]:
    return page.locator("#navigation a").all_inner_texts()


def test_l_en_tete_de_qui_est_connecte_est_le_sien_puis_celui_de_tous(
    navigateur: Page, administrateur: Utilisateur
) -> None:
    entrer(navigateur, administrateur, "/tableau-de-bord/")
    attendu = menu(navigateur)
    for adresse in ("/", "/contact/"):
        navigateur.goto(adresse)
        outils = navigateur.locator(".fr-header__tools")
        expect(outils.get_by_role("link", name=str(administrateur))).to_be_visible()
        expect(outils.get_by_role("button", name="Se déconnecter")).to_be_visible()
        expect(navigateur.get_by_role("link", name="Se connecter")).to_have_count(0)
        assert menu(navigateur) == attendu
        controler(navigateur)
    expect(navigateur.get_by_role("link", name="Modifier cette page")).to_be_visible()
    navigateur.goto("/")
    expect(navigateur.get_by_role("link", name="Aller à mon tableau de bord")).to_be_visible()
    expect(navigateur.locator("main").get_by_role("link", name="Se connecter")).to_have_count(0)
    navigateur.locator(".fr-header__tools").get_by_role("button", name="Se déconnecter").click()
    expect(navigateur.locator(".fr-header__tools").get_by_role("link", name="Se connecter")).to_be_visible()
    navigateur.goto("/contact/")
    assert menu(navigateur) == ["Accueil", "Dates de dépôt", "Lauréats"]
    expect(navigateur.get_by_role("link", name="Modifier cette page")).to_have_count(0)


def test_une_session_finie_rend_l_en_tete_de_tous(navigateur: Page, administrateur: Utilisateur) -> None:
    entrer(navigateur, administrateur, "/tableau-de-bord/")
    Session.objects.all().delete()
    navigateur.goto("/")
    expect(navigateur.locator(".fr-header__tools").get_by_role("link", name="Se connecter")).to_be_visible()
    expect(navigateur.locator("main").get_by_role("link", name="Se connecter")).to_be_visible()
    assert menu(navigateur) == ["Accueil", "Dates de dépôt", "Lauréats"]
    assert "connecte" not in {cookie["name"] for cookie in navigateur.context.cookies()}


def test_sans_script_ce_qui_s_ouvre_est_deja_ouvert(browser: Browser, base_url: str) -> None:
    """Answers, hours overseas, the steps of a menu: nobody is left before an empty place."""
    f.une_vague()
    contexte = browser.new_context(
        base_url=base_url, java_script_enabled=False, viewport={"width": 375, "height": 800}
    )
    page = contexte.new_page()
    page.goto("/")
    replis = page.locator("main .fr-collapse").all()
    assert len(replis) > 3
    for repli in replis:
        expect(repli).to_be_visible()
        assert repli.inner_text().strip()
    contexte.close()


def test_sans_script_un_lien_mene_a_son_espace(
    navigateur: Page, browser: Browser, base_url: str, administrateur: Utilisateur
) -> None:
    entrer(navigateur, administrateur, "/tableau-de-bord/")
    contexte = browser.new_context(base_url=base_url, java_script_enabled=False)
    sans = contexte.new_page()
    sans.goto("/")
    sans.locator(".fr-header__tools").locator("noscript a").click()
    expect(sans.get_by_role("heading", name="Se connecter", level=1)).to_be_visible()
    contexte.add_cookies(navigateur.context.cookies())
    sans.goto("/")
    sans.locator(".fr-header__tools").locator("noscript a").click()
    expect(sans.get_by_role("button", name="Se déconnecter").first).to_be_visible()
    assert sans.url.endswith("/tableau-de-bord/")
    contexte.close()
