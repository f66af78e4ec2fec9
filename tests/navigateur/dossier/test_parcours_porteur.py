"""A territory's whole way in Chromium: sign in, choose, write, attach, deposit, read the receipt; by keyboard too."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from candidatures.depot.actions.accuses import fabriquer_accuse
from candidatures.models import Candidature, Depot
from candidatures.pages.territoire.ouverture import OUVERT
from rebond.socle.horloge.temps import PARIS, horloge_base
from tests import fabriques as f
from tests.outils.accessibilite import controler
from tests.outils.fichiers import un_xlsx
from tests.outils.gestes import cocher

pytestmark = pytest.mark.django_db(transaction=True)

FICHIER = {"name": "délibération.pdf", "mimeType": "application/pdf", "buffer": f.PDF}


def se_connecter(page: Page, email: str) -> None:
    page.goto("/compte/login/?next=/candidatures/")
    page.locator("section[aria-labelledby=par-mot-de-passe]").get_by_label("Adresse e-mail").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(f.MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_role("heading", name="Mes dossiers")).to_be_visible()


def remplir(page: Page, controler: Callable[[Page], None] = lambda _: None) -> None:
    """Every obligatory answer, from the section on the shock to the one on the contact; `controler` on the way."""
    cocher(page.get_by_label("Fermeture d’un site"))
    expect(page.get_by_label("De quel choc s’agit-il")).to_be_hidden()
    page.get_by_label("Que s’est-il passé").fill("Une filature ferme.\nDeux cents emplois disparaissent.")
    # As the server counts: a line break is one.
    expect(page.get_by_text(re.compile(r"^5\s947 caractères restants"))).to_be_visible()
    page.get_by_label("Date du principal événement").fill("2026-03-01")
    cocher(page.get_by_label("Textile, habillement, cuir"))
    controler(page)
    continuer(page)
    page.get_by_label("Emplois directs supprimés").fill("200")
    page.get_by_label("Raison sociale").fill("Filature d’essai")
    page.get_by_label("SIREN").fill("123 456 789")
    page.get_by_label("Emplois touchés").fill("200")
    continuer(page)
    expect(page.get_by_text("Ce numéro SIREN n’est pas valable").first).to_be_visible()
    controler(page)
    page.get_by_label("SIREN").fill("")
    page.get_by_role("button", name="Ajouter une ligne").click()
    expect(page.get_by_role("group", name="Entreprise 2")).to_be_focused()
    expect(page.get_by_label("Raison sociale").first).to_have_value("Filature d’essai")
    controler(page)
    continuer(page)
    page.get_by_label("Comment la démarche sera-t-elle pilotée").fill("Un comité mensuel.")
    page.get_by_label("Partenaires associés").fill("La Région.")
    continuer(page)
    page.get_by_label("Projets industriels connus").fill("Aucun.")
    continuer(page)
    page.get_by_label("Qu’attendez-vous de la mission").fill("Une feuille de route.")
    cocher(page.get_by_label("Innovation"))
    continuer(page)
    page.get_by_label("Prénom et nom").fill("Personne d’essai")
    page.get_by_label("Fonction").fill("Directrice")
    page.get_by_label("Adresse e-mail").fill("contact@exemple.fr")
    page.get_by_label("Téléphone").fill("0327000000")
    continuer(page)


def continuer(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer et continuer").click()


def choisir_son_territoire(navigateur: Page) -> None:
    """By the suggestions, with the keyboard alone."""
    navigateur.get_by_role("link", name="Commencer un dossier").click()
    controler(navigateur)
    navigateur.get_by_label("Nom, commune ou numéro SIREN").press_sequentially("vallee")
    expect(navigateur.get_by_role("option")).to_have_count(1)
    controler(navigateur)
    navigateur.keyboard.press("ArrowDown")
    navigateur.keyboard.press("Enter")
    expect(navigateur.get_by_role("heading", name="Votre territoire")).to_be_visible()
    controler(navigateur)
    navigateur.get_by_label("Nom du territoire").fill("La Vallée")
    navigateur.keyboard.press("Enter")


def joindre_la_deliberation(navigateur: Page) -> None:
    """A file of another kind first, which is refused in its place."""
    deliberation = navigateur.locator("#piece-deliberation")
    expect(deliberation.get_by_text("À joindre")).to_be_visible()
    deliberation.locator("input[type=file]").set_input_files(
        {"name": "tableau.pdf", "mimeType": "application/pdf", "buffer": un_xlsx()}
    )
    expect(deliberation.locator(".rebond-envoi")).to_contain_text("Ce fichier est un document Word, Excel")
    controler(navigateur)
    deliberation.get_by_role("button", name="Fermer").click()
    deliberation.locator("input[type=file]").set_input_files(FICHIER)
    expect(deliberation.locator(".rebond-piece__nom")).to_have_text("délibération.pdf")
    controler(navigateur)


def test_du_compte_a_l_accuse_de_reception(navigateur: Page) -> None:
    blocages: list[str] = []
    navigateur.on("console", lambda dit: blocages.append(dit.text) if "Content Security" in dit.text else None)
    navigateur.on("pageerror", lambda erreur: blocages.append(str(erreur)))
    f.une_vague()
    porteur = f.un_utilisateur(mot_de_passe=f.MOT_DE_PASSE)
    epci = f.un_epci("CC de la Vallée d’Essai")
    f.un_epci("CC du Plateau")
    se_connecter(navigateur, porteur.email)
    controler(navigateur)
    choisir_son_territoire(navigateur)
    expect(navigateur.get_by_text(OUVERT)).to_be_visible()
    expect(navigateur.get_by_role("heading", level=1, name="Le choc industriel")).to_be_visible()
    controler(navigateur)
    navigateur.get_by_role("link", name="Vue d’ensemble").click()
    expect(navigateur.get_by_role("heading", name="Brouillon : ce dossier n’est pas déposé")).to_be_visible()
    controler(navigateur)
    candidature = Candidature.objects.get()
    assert candidature.territoire.cle == epci.siren

    # The checklist leads to the gap.
    navigateur.get_by_role("link", name="Filières touchées").click()
    expect(navigateur).to_have_url(re.compile("#id_filieres_groupe$"))
    remplir(navigateur, controler)

    joindre_la_deliberation(navigateur)
    navigateur.get_by_role("link", name="Continuer : relire et déposer").click()
    controler(navigateur)
    navigateur.get_by_role("button", name="Déposer le dossier").first.press("Enter")
    expect(navigateur.get_by_role("heading", name="Votre dossier est déposé")).to_be_visible()
    controler(navigateur)
    depot = Depot.objects.get()
    expect(navigateur.get_by_text(depot.empreinte)).to_be_visible()

    fabriquer_accuse(depot_id=depot.pk)
    navigateur.get_by_role("link", name="Actualiser cette page").click()
    with navigateur.expect_download() as telechargement:
        navigateur.get_by_role("link", name="Télécharger l’accusé de réception").click()
    assert telechargement.value.path().read_bytes().startswith(b"%PDF-")

    for nom in ("", "lire/", "retirer/", "depots/1/contenu/"):
        navigateur.goto(f"/candidatures/{candidature.pk}/{nom}")
        controler(navigateur)
    navigateur.goto("/candidatures/")
    controler(navigateur)
    assert blocages == []


def test_une_seconde_trop_tard_la_page_dit_les_deux_instants(navigateur: Page) -> None:
    porteur = f.un_utilisateur(mot_de_passe=f.MOT_DE_PASSE)
    candidature = f.une_candidature(porteur=porteur)
    se_connecter(navigateur, porteur.email)
    navigateur.goto(f"/candidatures/{candidature.pk}/deposer/")
    candidature.vague.cloture = horloge_base() - timedelta(seconds=1)
    candidature.vague.save(update_fields=["cloture"])
    navigateur.get_by_role("button", name="Déposer le dossier").first.click()
    expect(navigateur.get_by_role("heading", name=re.compile("arrivée trop tard"))).to_be_visible()
    expect(navigateur.get_by_text("Le contenu de votre brouillon est conservé")).to_be_visible()
    controler(navigateur)
    navigateur.get_by_role("link", name="Revenir au dossier").click()
    expect(navigateur.get_by_role("heading", name="Ce dossier n’a pas été déposé")).to_be_visible()
    controler(navigateur)
    assert not Depot.objects.exists()


def test_sans_script_un_territoire_se_choisit_par_ses_resultats(browser: Browser, base_url: str) -> None:
    f.une_vague()
    porteur = f.un_utilisateur(mot_de_passe=f.MOT_DE_PASSE)
    premier, second = f.un_epci("CC de la Vallée d’Essai"), f.un_epci("CC du Plateau")
    contexte = browser.new_context(
        base_url=base_url, java_script_enabled=False, viewport={"width": 375, "height": 800}
    )
    page = contexte.new_page()
    se_connecter(page, porteur.email)
    page.get_by_role("link", name="Commencer un dossier").click()
    for recherche in (premier.siren, "plateau"):
        page.get_by_label("Nom, commune ou numéro SIREN").fill(recherche)
        page.get_by_role("button", name="Chercher", exact=True).click()
        page.get_by_role("button", name="Choisir cette intercommunalité").click()
    cocher(page.get_by_role("radio", name=second.nom))
    page.get_by_role("button", name="Commencer le dossier").click()
    expect(page.get_by_text(OUVERT)).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Le choc industriel")).to_be_visible()
    contexte.close()
    territoire = Candidature.objects.get().territoire
    assert (set(territoire.epcis.all()), territoire.chef_de_file) == ({premier, second}, second)


def test_outre_mer_l_echeance_se_lit_aussi_a_l_heure_du_lieu(browser: Browser, base_url: str) -> None:
    cloture = datetime(horloge_base().year + 1, 6, 1, 12, tzinfo=PARIS)
    porteur = f.un_utilisateur(mot_de_passe=f.MOT_DE_PASSE)
    candidature = f.une_candidature(vague=f.une_vague(cloture=cloture), porteur=porteur, complete=False)
    contexte = browser.new_context(base_url=base_url, locale="fr-FR", timezone_id="America/Martinique")
    page = contexte.new_page()
    se_connecter(page, porteur.email)
    page.goto(f"/candidatures/{candidature.pk}/")
    expect(page.locator("time")).to_contain_text("midi (heure de Paris), soit le 1er juin à 06 h 00 à votre heure")
    contexte.close()
