"""In Chromium: a mission taken in charge, its team, its companies, its portfolio; axe finds nothing."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from projets.mission.actions import preparer
from projets.models import Mission, Projet
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from territoires.regles import siren_fictif
from tests import fabriques as f
from tests.outils.accessibilite import controler
from tests.outils.gestes import entrer
from tests.projets import conduite, decor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mission() -> Mission:
    laureat = decor.un_laureat(f.une_vague(), horloge_base())
    return preparer(labellisation=laureat, acteur=None, maintenant=horloge_base())


def test_de_la_prise_en_charge_au_projet_oriente(telephone: Page, mission: Mission) -> None:
    page = telephone
    entrer(page, f.un_agent(Role.CHARGE_MISSION), "/missions/")
    controler(page)
    page.get_by_role("link", name=mission.titre).click()
    controler(page)
    page.get_by_label("Date de début").fill("2026-09-01")
    page.get_by_role("button", name="Prendre en charge").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("elle est lancée")
    controler(page)
    page.get_by_role("button", name="Passer à l’étape suivante").click()
    expect(page.get_by_text("Rencontres des industriels. Étape suivante")).to_be_visible()

    page.get_by_role("link", name="Industriels", exact=True).click()
    controler(page)
    page.get_by_role("link", name="Ajouter une entreprise").click()
    controler(page)
    _ajouter_une_entreprise(page)

    page.goto(f"/missions/{mission.pk}/projets/")
    controler(page)
    page.get_by_role("link", name="Ajouter un projet").click()
    controler(page)
    _ajouter_un_projet(page)
    _conduire_le_projet(page)


def _ajouter_une_entreprise(page: Page) -> None:
    page.get_by_label("SIREN").fill("123 456 789")
    page.get_by_label("Raison sociale").fill("Filature d’essai")
    page.get_by_label("Intercommunalité du site").select_option(index=1)
    page.get_by_role("button", name="Enregistrer l’entreprise").click()
    expect(page.locator("[data-resume-erreurs]")).to_be_focused()
    expect(page.get_by_label("SIREN")).to_have_value("123 456 789")
    expect(page.get_by_label("Raison sociale")).to_have_value("Filature d’essai")
    controler(page)
    page.get_by_label("SIREN").fill(siren_fictif(83_000))
    page.get_by_role("button", name="Enregistrer l’entreprise").click()
    expect(page.get_by_role("rowheader", name="Filature d’essai")).to_be_visible()
    controler(page)


def _ajouter_un_projet(page: Page) -> None:
    page.get_by_label("Industriel").select_option("Filature d’essai")
    page.get_by_label("Intitulé").fill("Nouvelle halle")
    page.get_by_label("Nature").select_option("Augmentation de capacité")
    page.get_by_label("Intercommunalité").select_option(index=1)
    page.get_by_label("Investissement").fill("1 250 000")
    page.get_by_label("Créations potentielles").fill("12")
    page.get_by_role("button", name="Ajouter ce projet").dblclick()
    expect(page.get_by_role("rowheader", name="Total de la sélection")).to_be_visible()
    controler(page)


def _conduire_le_projet(page: Page) -> None:
    page.get_by_role("link", name="Nouvelle halle").click()
    controler(page)
    page.get_by_role("button", name="Qualifier le projet").click()
    expect(page.get_by_role("status")).to_contain_text("Qualifié")
    page.get_by_role("link", name="Modifier la description").click()
    controler(page)
    page.go_back()
    page.get_by_role("link", name="Nouvelle estimation").click()
    controler(page)
    page.get_by_label("Investissement").fill("2 000 000")
    page.get_by_role("button", name="Enregistrer cette estimation").click()
    expect(page.get_by_role("status")).to_contain_text("restent dans l’historique")
    page.get_by_role("link", name="Orienter le projet").click()
    controler(page)
    page.get_by_text("Aides de droit commun").click()
    page.get_by_role("button", name="Orienter ce projet").click()
    expect(page.get_by_role("status")).to_contain_text("Le projet est orienté")
    controler(page)
    projet = Projet.objects.get()
    assert (projet.etat, list(projet.estimations.values_list("investissement", flat=True))) == (
        "oriente",
        [1_250_000, 2_000_000],
    )


def test_une_equipe_accueille_un_collegue(telephone: Page) -> None:
    mission = conduite.une_mission()
    collegue = f.un_agent(Role.CHARGE_MISSION)
    page = telephone
    entrer(page, conduite.un_equipier(mission), f"/missions/{mission.pk}/")
    page.get_by_role("link", name="Composer l’équipe").click()
    controler(page)
    page.get_by_label("Chargé de mission").select_option(str(collegue.pk))
    page.get_by_role("button", name="Ajouter à l’équipe").press("Enter")
    expect(page.get_by_role("rowheader", name=str(collegue))).to_be_visible()
    controler(page)


def test_sans_script_les_memes_gestes(browser: Browser, live_server: LiveServer, mission: Mission) -> None:
    contexte = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = contexte.new_page()
    entrer(page, f.un_agent(Role.CHARGE_MISSION), f"/missions/{mission.pk}/")
    page.get_by_label("Date de début").fill("2026-09-01")
    page.get_by_role("button", name="Prendre en charge").click()
    page.goto(f"/missions/{mission.pk}/industriels/ajouter/")
    page.get_by_label("SIREN").fill(siren_fictif(83_001))
    page.get_by_label("Raison sociale").fill("Forge d’essai")
    page.get_by_label("Intercommunalité du site").select_option(index=1)
    page.get_by_role("button", name="Enregistrer l’entreprise").click()
    page.get_by_label("Rencontre", exact=True).select_option("À rencontrer")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("rowheader", name="Forge d’essai")).to_be_visible()
    contexte.close()
