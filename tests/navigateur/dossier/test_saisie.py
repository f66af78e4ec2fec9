"""Writing a section in Chromium: it saves itself, survives a lost connection, and two people see each other."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Participation, VersionDeSection
from tests import fabriques as f
from tests.concurrence.attente import attendre
from tests.outils.accessibilite import controler
from tests.outils.gestes import cocher, entrer

pytestmark = pytest.mark.django_db(transaction=True)

ETAT = "[data-etat]"
ENREGISTRE = re.compile("Tout est enregistré")


@pytest.fixture
def candidature(transactional_db) -> Candidature:
    return f.une_candidature(complete=False)


@pytest.fixture
def collegue(candidature: Candidature):
    personne = f.un_utilisateur(prenom="Camille", nom="Essai")
    Participation.objects.create(candidature=candidature, utilisateur=personne, qualite=Qualite.CO_PORTEUR)
    return personne


@pytest.fixture
def adresse(candidature: Candidature) -> str:
    return f"/candidatures/{candidature.pk}/rubriques/projets/"


def projets(candidature: Candidature) -> dict:
    candidature.refresh_from_db()
    return candidature.contenu.get("projets", {})


def test_la_rubrique_s_enregistre_toute_seule_et_le_dit(
    navigateur: Page, candidature: Candidature, adresse: str
) -> None:
    blocages: list[str] = []
    navigateur.on("console", lambda dit: blocages.append(dit.text) if dit.type == "error" else None)
    entrer(navigateur, f.porteur_de(candidature), adresse)
    navigateur.get_by_label("Projets industriels connus").press_sequentially("Un atelier de forge")
    expect(navigateur.locator(ETAT)).to_have_text(re.compile("pas encore enregistrées"))
    expect(navigateur.locator(ETAT)).to_have_text(ENREGISTRE)
    expect(navigateur.locator(ETAT)).to_contain_text("n’est pas déposé pour autant")
    assert projets(candidature) == {"projets": "Un atelier de forge"}
    navigateur.get_by_label("Nombre de projets connus").fill("une dizaine")
    expect(navigateur.locator(ETAT)).to_contain_text("sauf « Nombre de projets connus »")
    controler(navigateur)
    # Shown again with what is to be corrected, the page alone holds what was typed: nothing else is announced.
    navigateur.get_by_role("button", name="Enregistrer et continuer").click()
    expect(navigateur.locator("[data-resume-erreurs]")).to_have_count(1)
    expect(navigateur.get_by_role("link", name="Nombre de projets connus")).to_be_visible()
    expect(navigateur.locator("[data-copie-gardee]")).to_have_count(0)
    # Nor once it is saved, though the portal writes it otherwise.
    navigateur.get_by_label("Nombre de projets connus").fill("1250")
    navigateur.get_by_role("button", name="Enregistrer et revenir au dossier").click()
    expect(navigateur.get_by_text("enregistrée dans le brouillon")).to_be_visible()
    navigateur.goto(adresse)
    expect(navigateur.get_by_label("Nombre de projets connus")).to_have_value("1\u202f250")
    expect(navigateur.locator("[data-copie-gardee]")).to_have_count(0)
    # Nor by the page that answers with one row more.
    navigateur.goto(adresse.replace("projets", "entreprises"))
    navigateur.get_by_label("Raison sociale").fill("Filature")
    navigateur.get_by_role("button", name="Ajouter une ligne").click()
    expect(navigateur.get_by_label("Raison sociale")).to_have_count(2)
    expect(navigateur.locator("[data-copie-gardee]")).to_have_count(0)
    # Brought back by « Précédent » as it was when it was sent, the page is asked for again: it would save no more.
    formulaire = navigateur.locator("form[data-saisie]")
    formulaire.evaluate("form => form.addEventListener('submit', envoi => envoi.preventDefault())")
    navigateur.get_by_role("button", name="Enregistrer et continuer").click()
    with navigateur.expect_navigation():
        navigateur.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert blocages == []


def test_une_connexion_perdue_ne_perd_rien(navigateur: Page, candidature: Candidature, adresse: str) -> None:
    entrer(navigateur, f.porteur_de(candidature), adresse)
    navigateur.context.set_offline(True)
    navigateur.get_by_label("Projets industriels connus").fill("Écrit dans un tunnel")
    expect(navigateur.locator(ETAT)).to_contain_text("Connexion perdue")
    assert projets(candidature) == {}
    navigateur.context.set_offline(False)
    expect(navigateur.locator(ETAT)).to_have_text(ENREGISTRE)
    assert projets(candidature) == {"projets": "Écrit dans un tunnel"}


def test_une_session_expiree_se_dit_durablement_et_se_retrouve_dans_un_autre_onglet(
    navigateur: Page, candidature: Candidature, adresse: str
) -> None:
    porteur = f.porteur_de(candidature)
    porteur.set_password(f.MOT_DE_PASSE)
    porteur.save()
    entrer(navigateur, porteur, adresse)
    Session.objects.all().delete()
    envois: list[str] = []
    navigateur.on("request", lambda requete: envois.append(requete.url) if "automatique" in requete.url else None)
    champ = navigateur.get_by_label("Projets industriels connus")
    champ.fill("Écrit après le déjeuner")
    expect(navigateur.locator(ETAT)).to_contain_text("Vous êtes déconnecté")
    # One goes on typing: the message stays, and nothing more is sent to nobody.
    champ.fill("Écrit après le déjeuner, longtemps")
    expect(navigateur.locator(ETAT)).to_contain_text("Vous êtes déconnecté")
    controler(navigateur)
    assert len(envois) <= 1

    with navigateur.context.expect_page() as ouverte:
        navigateur.get_by_role("link", name="Se connecter dans un nouvel onglet").click()
    onglet = ouverte.value
    onglet.locator("#id_login").fill(porteur.email)
    onglet.locator("#id_password").fill(f.MOT_DE_PASSE)
    onglet.get_by_role("button", name="Se connecter", exact=True).click()
    expect(onglet.get_by_text("Fermez cet onglet et revenez")).to_be_visible()
    onglet.close()
    navigateur.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(navigateur.locator(ETAT)).to_have_text(ENREGISTRE)
    assert projets(candidature) == {"projets": "Écrit après le déjeuner, longtemps"}


def test_ce_qui_n_a_jamais_atteint_le_portail_est_propose_au_retour(
    navigateur: Page, browser: Browser, browser_context_args: dict, candidature: Candidature, adresse: str
) -> None:
    """The browser dies with answers that only it knew; opened again, it has kept them."""
    entrer(navigateur, f.porteur_de(candidature), adresse)
    navigateur.context.set_offline(True)
    navigateur.get_by_label("Projets industriels connus").fill("Écrit avant la panne")
    expect(navigateur.locator(ETAT)).to_contain_text("Connexion perdue")
    contexte = browser.new_context(**browser_context_args, storage_state=navigateur.context.storage_state())
    rouvert = contexte.new_page()
    rouvert.goto(adresse)
    rouvert.get_by_role("button", name="Reprendre et enregistrer ces réponses").click()
    expect(rouvert.get_by_label("Projets industriels connus")).to_have_value("Écrit avant la panne")
    assert projets(candidature) == {"projets": "Écrit avant la panne"}
    rouvert.goto(adresse)
    expect(rouvert.get_by_label("Projets industriels connus")).to_have_value("Écrit avant la panne")
    expect(rouvert.get_by_role("button", name="Reprendre et enregistrer ces réponses")).to_have_count(0)
    contexte.close()


def test_deux_personnes_dans_une_rubrique(
    navigateur: Page, browser: Browser, browser_context_args: dict, candidature: Candidature, collegue, adresse: str
) -> None:
    contexte = browser.new_context(**browser_context_args)
    autre = contexte.new_page()
    entrer(autre, collegue, adresse)
    attendre(lambda: candidature.presences.count() == 1)
    entrer(navigateur, f.porteur_de(candidature), adresse)
    expect(navigateur.locator("[data-presents]")).to_contain_text("Camille Essai a aussi cette rubrique")

    # Each on a question of their own: both are kept, and the second one sees the first's answer appear.
    autre.get_by_label("Nombre de projets connus").fill("12.5")
    expect(autre.locator(ETAT)).to_contain_text("12 ou 13\u00a0?")
    autre.get_by_label("Nombre de projets connus").fill("12")
    expect(autre.locator(ETAT)).to_have_text(ENREGISTRE)
    navigateur.get_by_label("Projets industriels connus").fill("Un atelier")
    expect(navigateur.locator(ETAT)).to_have_text(ENREGISTRE)
    expect(navigateur.get_by_label("Nombre de projets connus")).to_have_value("12")
    assert projets(candidature) == {"projets": "Un atelier", "nombre_projets": 12}

    # Both on the same question: nothing is overwritten, one chooses.
    autre.get_by_label("Projets industriels connus").fill("Une fonderie")
    expect(autre.locator(ETAT)).to_contain_text("La même réponse que la vôtre a changé")
    autre.get_by_role("button", name="Enregistrer et revenir au dossier").click()
    expect(autre.get_by_role("heading", name="Deux réponses à départager")).to_be_visible()
    controler(autre)
    cocher(autre.get_by_label("Garder ma réponse"))
    autre.get_by_role("button", name="Enregistrer ces choix").click()
    expect(autre.get_by_text("enregistrée dans le brouillon")).to_be_visible()
    assert projets(candidature) == {"projets": "Une fonderie", "nombre_projets": 12}
    assert VersionDeSection.objects.filter(candidature=candidature).count() == 4
    contexte.close()
