"""Second factor, passkeys, ProConnect and idle sessions, in Chromium: with and without scripts, wide and narrow."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from candidatures.models import Candidature
from rebond.comptes.seances.middleware import VUE
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.comptes.proconnect.conftest import proconnect  # noqa: F401
from tests.comptes.proconnect.fournisseur import Fournisseur
from tests.outils.accessibilite import controler
from tests.outils.gestes import bouton, entrer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def auditeur(transactional_db: None, settings: Any) -> Utilisateur:
    settings.SECOND_FACTEUR_EXIGE = True
    settings.MFA_TOTP_TOLERANCE = 1
    personne = f.un_agent(Role.AUDITEUR)
    personne.set_password(f.MOT_DE_PASSE)
    personne.save()
    return personne


@pytest.fixture
def sans_script(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    contexte = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    yield contexte.new_page()
    contexte.close()


def se_connecter(page: Page, personne: Utilisateur, adresse: str = "/journal/") -> None:
    page.goto(adresse)
    page.locator("#id_login").fill(personne.email)
    page.locator("#id_password").fill(f.MOT_DE_PASSE)
    page.locator("#id_password").press("Enter")


def code_de(cle: str) -> str:
    return format_hotp_value(hotp_value(cle, int(time.time()) // 30))


def une_cle_dans_la_machine(page: Page) -> None:
    """What a computer with a fingerprint reader has, as Chromium imitates it (WebAuthn, virtual authenticators)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_une_cle_d_acces_s_ajoute_puis_connecte_a_elle_seule(navigateur: Page, auditeur: Utilisateur) -> None:
    blocages: list[str] = []
    navigateur.on("console", lambda dit: blocages.append(dit.text) if dit.type == "error" else None)
    une_cle_dans_la_machine(navigateur)
    se_connecter(navigateur, auditeur)
    expect(navigateur.get_by_role("heading", name="Second facteur")).to_be_visible()
    controler(navigateur)
    navigateur.get_by_role("link", name="Ajouter une clé d’accès").click()
    navigateur.get_by_label("Mot de passe").fill(f.MOT_DE_PASSE)
    bouton(navigateur, "Confirmer")
    navigateur.get_by_label("Nom de la clé").fill("Ordinateur du bureau")
    navigateur.get_by_text("Me connecter avec cette clé seule").click()
    controler(navigateur)
    bouton(navigateur, "Ajouter cette clé")
    expect(navigateur.get_by_role("heading", name="Codes de secours")).to_be_visible()
    navigateur.get_by_role("link", name="Continuer").click()
    expect(navigateur.get_by_role("heading", level=1, name="Journal")).to_be_visible()
    navigateur.get_by_role("banner").get_by_role("button", name="Se déconnecter").first.click()

    navigateur.goto("/compte/login/")
    bouton(navigateur, "Utiliser une clé d’accès")
    expect(navigateur.get_by_role("heading", level=1, name="Bonjour")).to_be_visible()
    navigateur.goto("/journal/")
    expect(navigateur.get_by_role("heading", level=1, name="Journal")).to_be_visible()

    # With the password, the key is the second factor.
    navigateur.get_by_role("banner").get_by_role("button", name="Se déconnecter").first.click()
    se_connecter(navigateur, auditeur)
    expect(navigateur.get_by_role("heading", name="Confirmer avec votre second facteur")).to_be_visible()
    controler(navigateur)
    bouton(navigateur, "Utiliser une clé d’accès")
    expect(navigateur.get_by_role("heading", level=1, name="Journal")).to_be_visible()
    assert blocages == []


def test_une_cle_refusee_se_dit_et_laisse_choisir_autre_chose(navigateur: Page, transactional_db: None) -> None:
    """Nothing in this machine answers."""
    navigateur.goto("/compte/login/")
    navigateur.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    bouton(navigateur, "Utiliser une clé d’accès")
    expect(navigateur.get_by_role("alert")).to_have_text(re.compile("La clé d’accès n’a pas répondu"))


def test_sans_script_et_au_clavier_l_application_protege_le_compte(sans_script: Page, auditeur: Utilisateur) -> None:
    page = sans_script
    se_connecter(page, auditeur)
    expect(page.get_by_role("button", name="Utiliser une clé d’accès")).to_have_count(0)
    page.get_by_role("link", name="Utiliser une application").press("Enter")
    page.get_by_label("Mot de passe").fill(f.MOT_DE_PASSE)
    page.get_by_label("Mot de passe").press("Enter")
    cle = page.locator(".rebond-cle-totp").inner_text()
    page.get_by_label("Code affiché par l’application").fill(code_de(cle))
    page.get_by_label("Code affiché par l’application").press("Enter")
    codes = page.locator(".rebond-codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="Continuer").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Journal")).to_be_visible()
    page.get_by_role("banner").get_by_role("button", name="Se déconnecter").first.press("Enter")

    se_connecter(page, auditeur)
    expect(page.get_by_text("Une clé d’accès demande JavaScript")).to_be_visible()
    page.get_by_label("Code de l’application, ou code de secours").fill(codes[0])
    page.get_by_label("Code de l’application, ou code de secours").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Journal")).to_be_visible()
    # The page of a key says where it cannot work, and what does.
    page.goto("/compte/second-facteur/cles/add/")
    if page.get_by_role("heading", name="Confirmer votre identité").count():
        page.get_by_label("Mot de passe").fill(f.MOT_DE_PASSE)
        page.get_by_label("Mot de passe").press("Enter")
    expect(page.get_by_text("Une clé d’accès demande JavaScript")).to_be_visible()
    expect(page.get_by_role("link", name="une application de codes")).to_be_visible()


@pytest.mark.parametrize(
    "adresse",
    [
        "/compte/login/",
        "/compte/email/",
        "/compte/second-facteur/",
        "/compte/sessions/",
        "/compte/fermer/",
        "/administration/comptes/",
    ],
)
def test_ces_pages_tiennent_sur_un_telephone(telephone: Page, transactional_db: None, adresse: str) -> None:
    if adresse == "/compte/login/":
        telephone.goto(adresse)
    else:
        entrer(telephone, f.un_agent(Role.ADMINISTRATEUR), adresse)
    assert telephone.evaluate("document.documentElement.scrollWidth") <= 375
    controler(telephone)


def test_apres_une_longue_absence_rien_de_ce_que_l_on_tape_ne_se_perd(
    navigateur: Page, transactional_db: None, settings: Any
) -> None:
    candidature = f.une_candidature(complete=False)
    porteur = f.porteur_de(candidature)
    porteur.set_password(f.MOT_DE_PASSE)
    porteur.save()
    adresse = f"/candidatures/{candidature.pk}/rubriques/projets/"
    entrer(navigateur, porteur, adresse)
    champ = navigateur.get_by_label("Projets industriels connus")
    champ.fill("Écrit avant le déjeuner")
    expect(navigateur.locator("[data-etat]")).to_have_text(re.compile("Tout est enregistré"))
    _partir_dejeuner(timedelta(minutes=settings.SESSION_INACTIVITE + 1))
    champ.fill("Écrit avant le déjeuner, puis après")
    expect(navigateur.locator("[data-etat]")).to_contain_text("Vous êtes déconnecté")
    with navigateur.context.expect_page() as ouverte:
        navigateur.get_by_role("link", name="Se connecter dans un nouvel onglet").click()
    onglet = ouverte.value
    expect(onglet.get_by_text("sans activité. Ce que vous aviez tapé est gardé.")).to_be_visible()
    onglet.locator("#id_login").fill(porteur.email)
    onglet.locator("#id_password").fill(f.MOT_DE_PASSE)
    onglet.locator("#id_password").press("Enter")
    expect(onglet.get_by_text("Fermez cet onglet et revenez")).to_be_visible()
    onglet.close()
    navigateur.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(navigateur.locator("[data-etat]")).to_have_text(re.compile("Tout est enregistré"))
    assert _projets(candidature) == {"projets": "Écrit avant le déjeuner, puis après"}


@pytest.mark.parametrize("scripts", [True, False])
def test_proconnect_connecte_et_deconnecte(
    browser: Browser,
    browser_context_args: dict[str, Any],
    transactional_db: None,
    live_server: Any,
    settings: Any,
    proconnect: Fournisseur,  # noqa: F811
    scripts: bool,
) -> None:
    settings.ADRESSE_PUBLIQUE = live_server.url
    contexte = browser.new_context(**browser_context_args | {"java_script_enabled": scripts})
    page = contexte.new_page()
    blocages: list[str] = []
    page.on("console", lambda dit: blocages.append(dit.text) if dit.type == "error" else None)
    page.goto("/candidatures/")
    if scripts:
        controler(page)
    page.get_by_role("button", name="S’identifier avec ProConnect").click()
    if not scripts:
        bouton(page, "Terminer la connexion")
    expect(page.get_by_role("heading", level=1, name="Mes dossiers")).to_be_visible()
    page.get_by_role("banner").get_by_role("button", name="Se déconnecter").first.click()
    expect(page).to_have_url(f"{live_server.url}/")
    page.goto("/candidatures/")
    expect(page.get_by_role("heading", level=1, name="Se connecter")).to_be_visible()
    assert blocages == []
    contexte.close()


def _partir_dejeuner(duree: timedelta) -> None:
    for gardee in Session.objects.all():
        session = SessionStore(gardee.session_key)
        session[VUE] -= duree.total_seconds()
        session.save()


def _projets(candidature: Candidature) -> dict[str, Any]:
    candidature.refresh_from_db()
    projets: dict[str, Any] = candidature.contenu["projets"]
    return projets
