"""In Chromium: an administrateur writes the specifications of a wave, with and without JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from candidatures.cahier import MODELE, Choix, Condition, Question, Section, Type
from candidatures.cahier.actions import cahier_en_vigueur
from candidatures.cahier.requetes import cahier_courant
from candidatures.models import Vague
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.outils.accessibilite import controler
from tests.outils.enfants import BOUCLE_DU_NAVIGATEUR
from tests.outils.gestes import cocher

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Visite:
    """A page where an administrateur is signed in; axe, which is a script itself, needs scripts."""

    page: Page
    script: bool

    def verifier(self) -> None:
        if not self.script:
            return
        controler(self.page)

    def enregistrer(self) -> None:
        self.page.get_by_role("button", name="Enregistrer", exact=True).last.click()
        expect(self.page.get_by_role("status")).to_contain_text("Le cahier des charges est enregistré.")

    def ajouter_une_question(self, section: str, sorte: str) -> None:
        self.page.get_by_role("link", name=f"Ajouter une question à la rubrique {section}").click()
        self.page.get_by_text(sorte, exact=True).click()
        self.page.get_by_role("button", name="Continuer").click()


@pytest.fixture(params=[True, False], ids=["avec-script", "sans-script"])
def visite(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Visite]:
    # Playwright runs an event loop in this thread; the ORM is used between its steps, never within.
    monkeypatch.setenv(BOUCLE_DU_NAVIGATEUR, "true")
    script = request.param
    contexte = browser.new_context(
        viewport={"width": 375, "height": 900},
        locale="fr-FR",
        base_url=live_server.url,
        java_script_enabled=script,
    )
    client = Client()
    client.force_login(f.un_agent(Role.ADMINISTRATEUR))
    contexte.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "localhost", "path": "/"}]
    )
    yield Visite(contexte.new_page(), script)
    contexte.close()


@pytest.fixture
def vague() -> Vague:
    ouverture = horloge_base() + timedelta(days=10)
    vague = f.une_vague(ouverture=ouverture, cloture=ouverture + timedelta(days=30))
    cahier_en_vigueur(vague=vague)
    return vague


LE_FONCIER = Section(
    "le_foncier",
    "Le foncier",
    questions=(
        Question(
            "y_a_t_il_une_friche",
            "Y a-t-il une friche\u00a0?",
            Type.CHOIX,
            choix=(Choix("oui", "Oui", "Même petite"), Choix("non", "Non")),
        ),
        Question(
            "friches",
            "Friches",
            Type.BLOC,
            champs=(
                Question("lieu", "Lieu", obligatoire=False),
                Question("surface", "Surface", Type.DECIMAL, obligatoire=False, unite="hectares"),
            ),
            ligne="Friche",
            condition=Condition("y_a_t_il_une_friche", ("oui",)),
        ),
    ),
)


def test_une_rubrique_et_ses_questions_s_ecrivent_puis_s_apercoivent(visite: Visite, vague: Vague) -> None:
    page = visite.page
    page.goto(f"/administration/vagues/{vague.numero}/cahier/")
    visite.verifier()
    page.get_by_role("link", name="Ajouter une rubrique").click()
    page.get_by_label("Titre de la rubrique").fill("Le foncier")
    visite.enregistrer()

    visite.ajouter_une_question("Le foncier", "Un choix dans une liste")
    visite.verifier()
    page.get_by_label("Question", exact=True).fill("Y a-t-il une friche\u00a0?")
    page.get_by_label("Choix proposés").fill("Oui | Même petite\nNon")
    visite.enregistrer()

    visite.ajouter_une_question("Le foncier", "Bloc qui se répète")
    page.get_by_label("Question", exact=True).fill("Friches")
    page.get_by_label("Nom d’une ligne").fill("Friche")
    page.get_by_label("Libellé").fill("Lieu")
    page.get_by_role("button", name="Ajouter une colonne").click()
    expect(page.get_by_label("Libellé")).to_have_count(2)
    page.get_by_label("Libellé").last.fill("Surface")
    page.get_by_label("Sorte de réponse").last.select_option("Nombre à virgule")
    page.get_by_label("Unité").last.fill("hectares")
    page.get_by_role("group", name="a pour réponse").get_by_text("Oui").click()
    visite.verifier()
    visite.enregistrer()
    page.get_by_role("button", name="Monter « Le foncier »").click()
    visite.verifier()

    assert cahier_courant(vague=vague).cahier.sections[-2] == LE_FONCIER

    page.get_by_role("link", name="Voir les pages comme les responsables des dossiers").click()
    page.get_by_role("link", name="Le foncier").click()
    visite.verifier()
    expect(page.get_by_role("heading", name="Le foncier", level=1)).to_be_visible()
    if visite.script:
        expect(page.get_by_role("group", name="Friche 1")).to_have_count(0)
    cocher(page.get_by_label("Oui"))
    expect(page.get_by_role("group", name="Friche 1")).to_have_count(1)


def test_une_grille_fausse_se_dit_et_se_corrige(visite: Visite, vague: Vague) -> None:
    page = visite.page
    page.goto(f"/administration/vagues/{vague.numero}/cahier/grille/")
    poids = page.get_by_label("Poids, en %").first
    poids.fill("31")
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    expect(page.get_by_text("leur somme doit être de")).to_be_visible()
    visite.verifier()
    expect(poids).to_have_value("31")
    poids.fill("30")
    visite.enregistrer()


def test_un_critere_recoit_ses_niveaux_puis_monte_et_la_version_d_avant_se_reprend(
    visite: Visite, vague: Vague
) -> None:
    page, racine = visite.page, f"/administration/vagues/{vague.numero}/cahier/"
    page.goto(racine)
    page.get_by_role("link", name="Niveaux et questions du critère «\u00a0Clarté des attentes").click()
    page.get_by_role("button", name="Ajouter un niveau").click()
    expect(page.get_by_label("Note", exact=True)).to_have_count(5)
    page.get_by_label("Note", exact=True).last.fill("4")
    page.get_by_label("Ce que montre un dossier").last.fill("Le territoire a déjà commencé.")
    cocher(page.get_by_label("Foncier et bâtiments disponibles"))
    visite.verifier()
    visite.enregistrer()

    page.goto(f"{racine}grille/")
    page.get_by_role("button", name="Monter\u00a0: Critère 4").click()
    montee = page.get_by_role("group", name="Critère 3", exact=True)
    expect(montee.get_by_label("Critère", exact=True)).to_have_value("Clarté des attentes envers la mission")
    assert page.url.endswith("#criteres-2")
    if visite.script:
        expect(montee).to_be_focused()
    visite.verifier()
    visite.enregistrer()

    criteres = cahier_courant(vague=vague).cahier.criteres
    assert [critere.cle for critere in criteres] == ["choc", "gouvernance", "mission", "projets"]
    assert (criteres[2].niveaux[-1].phrase, criteres[2].questions[0]) == (
        "Le territoire a déjà commencé.",
        "projets/foncier",
    )

    page.goto(f"{racine}versions/1/")
    page.get_by_role("link", name="Reprendre cette version").click()
    visite.verifier()
    expect(page.get_by_text("Niveau 4 retiré.")).to_be_visible()
    page.get_by_role("button", name="Reprendre la version 1").click()
    expect(page.get_by_role("status")).to_contain_text("c’est la version 4")
    assert cahier_courant(vague=vague).cahier == MODELE


def test_ce_qui_se_lit_n_a_pas_de_defaut(visite: Visite, vague: Vague) -> None:
    page = visite.page
    ouverte = f.une_vague(cloture=vague.ouverture)
    cahier_en_vigueur(vague=ouverte)
    racine = f"/administration/vagues/{ouverte.numero}/cahier/"
    for adresse in (racine, f"{racine}versions/", f"{racine}versions/1/", f"{racine}apercu/", "/cahier-des-charges/"):
        page.goto(adresse)
        visite.verifier()
    expect(page.get_by_role("heading", name="Les pièces à joindre")).to_be_visible()
