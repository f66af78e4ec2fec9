"""From the home page to a deposited file, by somebody who has never come: how many pages, how many clicks."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.core import mail
from playwright.sync_api import Browser, Locator, Page, expect

from candidatures.models import Candidature, Depot
from candidatures.pages.territoire.ouverture import OUVERT
from tests import fabriques as f
from tests.outils.accessibilite import controler
from tests.outils.gestes import cocher

pytestmark = pytest.mark.django_db(transaction=True)

PAGES_MAX = 12
NOM, ADRESSE = "Camille Exemple", "camille@exemple.fr"


@dataclass
class Visite:
    """A page, every document that it has shown, and what its reader pressed to go from one to the next."""

    page: Page
    pages: list[str] = field(default_factory=list)
    clics: int = 0

    def __post_init__(self) -> None:
        self.page.on("domcontentloaded", lambda page: self.pages.append(page.url))

    def cliquer(self, cible: Locator) -> None:
        self.clics += 1
        cible.click()

    def bouton(self, nom: str) -> None:
        self.cliquer(self.page.get_by_role("button", name=nom, exact=True))

    def dire(self) -> str:
        etapes = "\n".join(
            f"{rang:>3}. {re.sub('^https?://[^/]+', '', url)}" for rang, url in enumerate(self.pages, 1)
        )
        return f"{len(self.pages)} pages, {self.clics} clics\n{etapes}"


def remplir_les_rubriques(visite: Visite, verifier: Callable[[Page], None] = lambda _: None) -> None:
    """What is obligatory and nothing else; of the last one, only what the account does not say."""
    page = visite.page
    cocher(page.get_by_label("Fermeture d’un site"))
    page.get_by_label("Que s’est-il passé").fill("Une filature ferme.")
    page.get_by_label("Date du principal événement").fill("2026-03-01")
    cocher(page.get_by_label("Textile, habillement, cuir"))
    continuer(visite, verifier)
    page.get_by_label("Emplois directs supprimés").fill("200")
    page.get_by_label("Raison sociale").fill("Filature d’essai")
    page.get_by_label("Emplois touchés").fill("200")
    continuer(visite, verifier)
    page.get_by_label("Comment la démarche sera-t-elle pilotée").fill("Un comité mensuel.")
    page.get_by_label("Partenaires associés").fill("La Région.")
    continuer(visite, verifier)
    page.get_by_label("Projets industriels connus").fill("Aucun.")
    continuer(visite, verifier)
    page.get_by_label("Qu’attendez-vous de la mission").fill("Une feuille de route.")
    cocher(page.get_by_label("Innovation"))
    continuer(visite, verifier)
    expect(page.get_by_label("Prénom et nom")).to_have_value(NOM)
    expect(page.get_by_label("Adresse e-mail")).to_have_value(ADRESSE)
    page.get_by_label("Fonction").fill("Secrétaire de mairie")
    page.get_by_label("Téléphone").fill("0327000000")
    continuer(visite, verifier)


def continuer(visite: Visite, verifier: Callable[[Page], None]) -> None:
    verifier(visite.page)
    visite.bouton("Enregistrer et continuer")


def s_inscrire(visite: Visite) -> None:
    page = visite.page
    page.get_by_label("Prénom").fill("Camille")
    page.get_by_label("Nom", exact=True).fill("Exemple")
    page.get_by_label("Adresse e-mail").fill(ADRESSE)
    visite.bouton("Créer mon compte")
    expect(page.get_by_role("heading", name="Vérifier votre adresse e-mail")).to_be_visible()
    code = re.search(r"^\s*([A-Z0-9]{4}-?[A-Z0-9]{2,4})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code is not None
    page.get_by_label("Code reçu par e-mail").fill(code[1])
    visite.bouton("Valider le code")


def test_douze_pages_au_plus_de_l_accueil_au_depot(navigateur: Page) -> None:
    f.une_vague()
    epci = f.un_epci("CC de la Vallée d’Essai")
    f.un_epci("CC du Plateau")
    visite = Visite(navigateur)
    navigateur.goto("/")
    controler(navigateur)
    navigateur.get_by_label("Nom, commune ou numéro SIREN").press_sequentially("vallee")
    visite.cliquer(navigateur.get_by_role("option", name="CC de la Vallée d’Essai"))
    visite.bouton("Commencer un dossier")
    expect(navigateur.get_by_text("Pour commencer le dossier de la CC de la Vallée d’Essai")).to_be_visible()
    controler(navigateur)
    s_inscrire(visite)
    expect(navigateur.get_by_text(OUVERT)).to_be_visible()
    remplir_les_rubriques(visite, controler)
    navigateur.locator("#piece-deliberation input[type=file]").set_input_files(
        {"name": "délibération.pdf", "mimeType": "application/pdf", "buffer": f.PDF}
    )
    expect(navigateur.locator("#piece-deliberation .rebond-piece__nom")).to_have_text("délibération.pdf")
    visite.cliquer(navigateur.get_by_role("link", name="Continuer : relire et déposer"))
    # The one at the end, once all is read; the other is at the top, for who comes at the last minute.
    visite.cliquer(navigateur.get_by_role("region", name="Déposer", exact=True).get_by_role("button"))
    expect(navigateur.get_by_role("heading", name="Votre dossier est déposé")).to_be_visible()
    print(visite.dire())
    assert Depot.objects.get().candidature.territoire.cle == epci.siren
    assert len(visite.pages) <= PAGES_MAX, visite.dire()


def test_sans_script_le_meme_chemin_mene_a_la_premiere_rubrique(browser: Browser, base_url: str) -> None:
    """The name is typed and sent; what names none for sure is asked about before any account."""
    f.une_vague()
    voulue = f.un_epci("CC de la Vallée d’Essai")
    f.un_epci("CC du Plateau d’Essai")
    contexte = browser.new_context(
        base_url=base_url, java_script_enabled=False, viewport={"width": 375, "height": 800}
    )
    page = contexte.new_page()
    visite = Visite(page)
    page.goto("/")
    page.get_by_label("Nom, commune ou numéro SIREN").fill("essai")
    visite.bouton("Commencer un dossier")
    cocher(page.get_by_role("radio", name="CC de la Vallée d’Essai"))
    visite.bouton("Choisir cette intercommunalité")
    s_inscrire(visite)
    expect(page.get_by_label("Que s’est-il passé")).to_be_visible()
    contexte.close()
    assert Candidature.objects.get().territoire.cle == voulue.siren


def test_qui_a_deja_un_compte_revient_a_ce_qu_il_voulait(navigateur: Page) -> None:
    f.une_vague()
    epci = f.un_epci("CC de la Vallée d’Essai")
    moi = f.un_utilisateur(mot_de_passe=f.MOT_DE_PASSE)
    navigateur.goto(f"/commencer/?epci={epci.siren}")
    navigateur.get_by_role("link", name="Connectez-vous").click()
    navigateur.locator("section[aria-labelledby=par-mot-de-passe]").get_by_label("Adresse e-mail").fill(moi.email)
    navigateur.get_by_label("Mot de passe", exact=True).fill(f.MOT_DE_PASSE)
    navigateur.get_by_role("button", name="Se connecter", exact=True).click()
    expect(navigateur.get_by_role("heading", name="Votre territoire")).to_be_visible()
    assert not Candidature.objects.exists()
    navigateur.get_by_role("button", name="Commencer le dossier").click()
    expect(navigateur.get_by_label("Que s’est-il passé")).to_be_visible()


def test_le_test_d_eligibilite_mene_au_dossier_sans_compte_ni_script(browser: Browser, base_url: str) -> None:
    f.une_vague()
    epci = f.un_epci("CC de la Vallée d’Essai")
    for scripts, largeur in ((False, 320), (True, 1280)):
        contexte = browser.new_context(
            base_url=base_url, java_script_enabled=scripts, viewport={"width": largeur, "height": 800}
        )
        page = contexte.new_page()
        page.goto("/")
        page.get_by_label("Nom, commune ou numéro SIREN").fill(epci.siren)
        page.get_by_role("button", name="Vérifier si nous pouvons candidater").click()
        cocher(page.get_by_label("Fermeture d’un site"))
        cocher(page.get_by_label("Notre intercommunalité, seule"))
        cocher(page.get_by_label("Oui", exact=True))
        page.get_by_role("button", name="Voir la réponse").click()
        expect(page.get_by_role("heading", name="À première vue, votre territoire peut candidater")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur if scripts else True
        if scripts:
            controler(page)
        page.get_by_role("link", name="Commencer un dossier").click()
        expect(page.get_by_text("Pour commencer le dossier de la CC de la Vallée d’Essai")).to_be_visible()
        contexte.close()
