"""In Chromium, on a telephone: the files of a wave by keys, then an act on those that are ticked."""

import pytest
from playwright.sync_api import Page, expect

from candidatures.instruction.lots import actions as lots
from candidatures.instruction.lots.models import ActeGroupe
from candidatures.models import Recevabilite
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.outils.accessibilite import controler
from tests.outils.gestes import entrer

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]


def test_une_vague_se_parcourt_au_clavier_et_un_acte_se_fait_sur_plusieurs_dossiers(telephone: Page) -> None:
    vague, (premier, second, _) = une_vague_close(None, None, None, noms=["Alpes", "Bresse", "Causses"])
    page = telephone
    entrer(page, f.un_agent(Role.INSTRUCTEUR), f"/instruction/vagues/{vague.numero}/")
    controler(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=premier.reference)).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_label(f"Choisir le dossier {second.reference}")).to_be_checked()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name=premier.reference)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_text("Utiliser ces raccourcis")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Territoire, SIREN ou référence")).to_be_focused()
    # In a field a key is a letter; turned off, it is nothing.
    page.keyboard.type("jx")
    expect(page.get_by_label("Territoire, SIREN ou référence")).to_have_value("jx")
    page.get_by_text("Utiliser ces raccourcis").click()
    page.keyboard.press("j")
    expect(page.get_by_label("Utiliser ces raccourcis")).to_be_focused()

    page.get_by_label("Que voulez-vous faire ?").select_option("recevable")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("2 dossiers sont concernés.")).to_be_visible()
    controler(page)
    page.get_by_role("button", name="Déclarer recevables").click()
    expect(page.get_by_role("status")).to_contain_text("0 dossier sur 2")
    controler(page)
    lots.faire(ActeGroupe.objects.get().pk, maintenant=horloge_base())
    expect(page.get_by_text("2 dossiers sont faits.")).to_be_visible()
    assert set(Recevabilite.objects.values_list("candidature", flat=True)) == {premier.pk, second.pk}

    page.goto(f"/instruction/vagues/{vague.numero}/vues/?onglet=prets")
    controler(page)
    page.get_by_label("Nom de la vue").fill("Mes dossiers prêts")
    page.get_by_role("button", name="Enregistrer cette vue").click()
    page.get_by_role("link", name="Mes dossiers prêts").click()
    expect(page.get_by_role("link", name="Prêts", exact=False).first).to_be_visible()
    assert page.url.endswith("?onglet=prets")
