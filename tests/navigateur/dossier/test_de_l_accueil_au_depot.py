"""From the home page to a deposited file, by somebody who has never come: how many pages, how many clicks."""

import pytest
from playwright.sync_api import Browser, Page, expect

from candidatures.models import Candidature
from tests import fabriques as f
from tests.chemins.fenetres import FenetreDePlaywright
from tests.chemins.parcours import du_nouveau_venu_au_depot
from tests.chemins.preparations import un_nouveau_venu
from tests.chemins.regard import Regard
from tests.chemins.visiteurs import ALaSouris
from tests.outils.accessibilite import LARGEURS, controler
from tests.outils.gestes import cocher

pytestmark = pytest.mark.django_db(transaction=True)

PAGES_MAX = 12


def test_douze_pages_au_plus_de_l_accueil_au_depot(navigateur: Page) -> None:
    """The first of the journeys; the trials follow them all, with other hands and another browser."""
    visiteur = ALaSouris(FenetreDePlaywright(navigateur), regard=Regard(LARGEURS))
    du_nouveau_venu_au_depot(visiteur, un_nouveau_venu())
    dit = visiteur.dire("du nouveau venu au dépôt")
    print(dit)
    assert len(visiteur.fenetre.pages) <= PAGES_MAX, dit


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
