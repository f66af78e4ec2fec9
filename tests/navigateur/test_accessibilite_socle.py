"""In Chromium: axe finds nothing on the portal's own pages, nothing breaks the CSP, and all works without script."""

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.http import HttpRequest
from django.views.defaults import server_error
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.outils.accessibilite import controler

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.socle.formulaires.formulaires_d_essai"),
]

PAGES = [
    "/",
    "/plan-du-site/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/contact/",
    "/compte/login/",
    "/compte/login/code/",
    "/compte/signup/",
    "/compte/password/reset/",
    "/nulle-part/",
    "/essai/",
]


@pytest.fixture
def sans_script(navigateur: Page, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    contexte = browser.new_context(
        viewport={"width": 375, "height": 800}, base_url=live_server.url, java_script_enabled=False
    )
    yield contexte.new_page()
    contexte.close()


def test_aucune_page_n_a_de_defaut_ni_de_blocage_csp(telephone: Page) -> None:
    blocages: list[str] = []
    telephone.on(
        "console", lambda message: blocages.append(message.text) if "Content Security" in message.text else None
    )
    telephone.on("pageerror", lambda erreur: blocages.append(str(erreur)))
    for chemin in PAGES:
        telephone.goto(chemin)
        controler(telephone)
    assert blocages == []


def test_un_formulaire_refuse_montre_son_resume_et_y_porte_le_clavier(telephone: Page) -> None:
    # By a link to one of its questions, which the answer inherits.
    telephone.goto("/essai/#id_montant")
    telephone.get_by_label("Montant demandé").fill("beaucoup")
    telephone.get_by_role("button", name="Enregistrer", exact=True).last.click()
    resume = telephone.locator("[data-resume-erreurs]")
    expect(resume).to_be_focused()
    controler(telephone)
    resume.get_by_role("link", name="Filières").click()
    expect(telephone.get_by_role("group", name=re.compile("Filières"))).to_be_focused()


def test_sans_script_le_menu_est_la_et_les_lignes_s_ajoutent(sans_script: Page) -> None:
    sans_script.goto("/essai/")
    expect(sans_script.get_by_role("navigation", name="Menu principal")).to_be_visible()
    expect(sans_script.get_by_role("link", name="Se connecter").first).to_be_visible()
    sans_script.get_by_label("Produit").fill("Pompes")
    sans_script.get_by_role("button", name="Ajouter une ligne").click()
    expect(sans_script.get_by_label("Produit")).to_have_count(2)
    expect(sans_script.get_by_label("Produit").first).to_have_value("Pompes")
    sans_script.get_by_role("button", name=re.compile("Retirer")).first.click()
    expect(sans_script.get_by_label("Produit")).to_have_count(1)
    expect(sans_script.get_by_label("Produit")).to_have_value("")


def test_le_premier_lien_au_clavier_mene_au_contenu(telephone: Page) -> None:
    telephone.goto("/contact/")
    telephone.keyboard.press("Tab")
    expect(telephone.get_by_role("link", name="Contenu")).to_be_focused()
    telephone.keyboard.press("Enter")
    expect(telephone.locator("main")).to_be_focused()
    # A fragment would be inherited by the page that answers, which would begin there.
    expect(telephone).to_have_url(re.compile("/contact/$"))


def test_on_cree_son_compte_puis_on_se_reconnecte_avec_un_code(telephone: Page) -> None:
    telephone.goto("/compte/signup/")
    telephone.get_by_label("Prénom").fill("Camille")
    telephone.get_by_label("Nom", exact=True).fill("Exemple")
    telephone.get_by_label("Adresse e-mail").fill("camille@exemple.fr")
    telephone.get_by_role("button", name="Créer mon compte").click()
    saisir_le_code(telephone)
    expect(telephone.get_by_role("heading", name="Bonjour Camille", exact=True)).to_be_visible()
    controler(telephone)

    telephone.goto("/compte/email/")
    controler(telephone)
    telephone.goto("/compte/logout/")
    telephone.locator("main").get_by_role("button", name="Se déconnecter").click()

    telephone.goto("/compte/login/")
    telephone.get_by_label("Adresse e-mail").first.fill("camille@exemple.fr")
    telephone.get_by_role("button", name="Recevoir un code de connexion").click()
    saisir_le_code(telephone)
    expect(telephone.get_by_role("heading", name="Bonjour Camille", exact=True)).to_be_visible()


def saisir_le_code(page: Page) -> None:
    """Types the code of the last letter, which is all that its reader has."""
    controler(page)
    code = re.search(r"^\s*([A-Z0-9]{4}-?[A-Z0-9]{2,4})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code is not None, mail.outbox[-1].body
    page.get_by_label("Code reçu par e-mail").fill(code[1])
    page.get_by_role("button", name="Valider le code").click()


def test_la_page_de_secours_ne_demande_ni_base_ni_contexte(telephone: Page) -> None:
    reponse = server_error(HttpRequest())
    assert reponse.status_code == 500
    telephone.goto("/")
    telephone.set_content(reponse.content.decode())
    controler(telephone)
