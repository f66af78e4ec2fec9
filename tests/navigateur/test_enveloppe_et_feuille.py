"""In Chromium: the envelope opened and granted from, the roadmap written; axe finds nothing on any of these pages."""

import pytest
from playwright.sync_api import Page, expect

from projets.models import Axe, Concours, Mission
from tests.outils.accessibilite import controler
from tests.outils.gestes import entrer
from tests.projets import conduite

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mission() -> Mission:
    return conduite.une_mission()


def accorder(page: Page, mission: Mission) -> None:
    # A second envelope, for its tables and the first one's must be told apart.
    enveloppe, autre = mission.enveloppes.get(), conduite.une_enveloppe(mission)
    projet, _ = conduite.un_projet(enveloppe), conduite.un_projet(autre)
    page.reload()
    controler(page)
    page.get_by_role("link", name=f"Accorder une aide au projet {projet}").click()
    expect(page.get_by_label("Projet")).to_have_value(str(projet.pk))
    page.get_by_label("Montant en euros").fill("1 000 001")
    page.get_by_role("button", name="Accorder cette aide").click()
    expect(page.locator("[data-resume-erreurs]")).to_be_focused()
    controler(page)
    page.get_by_label("Montant en euros").fill("900 000")
    page.get_by_role("button", name="Accorder cette aide").click()
    expect(page.locator("[data-resume-erreurs]")).to_be_focused()
    expect(page.get_by_text("(neuf cent mille euros)")).to_be_visible()
    controler(page)
    page.get_by_role("button", name="Revenir à la saisie").click()
    page.get_by_label("Montant en euros").fill("250 k€")
    page.get_by_role("button", name="Accorder cette aide").click()
    expect(page.get_by_text("25\u00a0% de ce qui reste")).to_be_visible()
    page.get_by_role("button", name="Accorder 250").click()
    expect(page.get_by_role("status")).to_contain_text("L’aide est accordée")
    controler(page)


def test_une_enveloppe_s_ouvre_puis_s_accorde(telephone: Page, mission: Mission) -> None:
    page = telephone
    entrer(page, conduite.un_gestionnaire(), f"/missions/{mission.pk}/enveloppe/")
    controler(page)
    page.get_by_role("link", name="Ouvrir une enveloppe").click()
    page.get_by_label("Nom de l’enveloppe").fill("Enveloppe d’aides")
    page.get_by_label("Montant total en euros").fill("1,0")
    page.get_by_label("Date d’ouverture").fill(conduite.OUVERTURE.isoformat())
    page.locator("[name=financeurs-0-financeur]").fill("État")
    page.get_by_role("button", name="Ajouter un financeur").click()
    controler(page)
    page.locator("[name=financeurs-0-montant]").fill("600 000")
    page.locator("[name=financeurs-1-financeur]").fill("Région")
    page.locator("[name=financeurs-1-montant]").fill("300 000")
    page.get_by_role("button", name="Ouvrir l’enveloppe").click()
    expect(page.get_by_text("1,0\u00a0€ ou 1,0\u00a0M€").first).to_be_visible()
    page.get_by_label("Montant total en euros").fill("1,0 M€")
    page.get_by_role("button", name="Ouvrir l’enveloppe").click()
    expect(page.get_by_text("diffère du montant de l’enveloppe")).to_be_visible()
    controler(page)
    page.locator("[name=financeurs-1-montant]").fill("400 000")
    page.get_by_role("button", name="Ouvrir l’enveloppe").click()
    expect(page.get_by_text("(un million d’euros)")).to_be_visible()
    controler(page)
    page.get_by_role("button", name="Ouvrir cette enveloppe de").click()
    expect(page.get_by_role("status")).to_contain_text("L’enveloppe est ouverte")
    controler(page)

    accorder(page, mission)
    assert Concours.objects.get().montant == 250_000


def test_la_feuille_de_route_s_ecrit_se_range_et_se_retire(telephone: Page, mission: Mission) -> None:
    page = telephone
    entrer(page, conduite.un_equipier(mission), f"/missions/{mission.pk}/feuille-de-route/")
    controler(page)
    for titre in ("L’emploi", "Les compétences"):
        page.get_by_role("link", name="Ajouter un axe").click()
        page.get_by_label("Titre de l’axe").fill(titre)
        page.get_by_role("group", name="Action 1").get_by_label("Intitulé").fill(f"Agir pour {titre}")
        page.get_by_role("button", name="Ajouter une action").click()
        expect(page.get_by_role("group", name="Action 2")).to_be_visible()
        controler(page)
        page.get_by_role("button", name="Enregistrer l’axe").click()
    controler(page)
    page.get_by_role("button", name="Monter l’axe 2").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Les compétences")
    page.get_by_role("link", name="Retirer l’axe 2").click()
    controler(page)
    page.get_by_role("button", name="Retirer l’axe").click()
    expect(page.get_by_role("status")).to_contain_text("est retiré")
    controler(page)
    assert list(Axe.objects.values_list("titre", flat=True)) == ["Les compétences"]
