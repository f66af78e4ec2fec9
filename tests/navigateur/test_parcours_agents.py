"""In Chromium: from a closed wave to its announcement, by those who do it; axe finds nothing on any of their pages."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from candidatures.cloture.actions.impressions import imprimer
from candidatures.models import Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.outils.accessibilite import controler
from tests.outils.gestes import entrer

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]


def test_de_l_instruction_a_l_annonce(telephone: Page) -> None:
    vague, (dossier, autre) = une_vague_close(None, None)
    instruire(autre)

    page = telephone
    entrer(page, f.un_agent(Role.INSTRUCTEUR), f"/instruction/vagues/{vague.numero}/")
    controler(page)
    page.get_by_label("Territoire, SIREN ou référence").fill(dossier.reference)
    page.get_by_role("button", name="Filtrer").click()
    page.get_by_role("link", name=dossier.reference, exact=True).click()
    controler(page)
    page.get_by_role("link", name="Vérifier la recevabilité").click()
    controler(page)
    for choix in page.get_by_text("Remplie", exact=True).all():
        choix.click()
    page.get_by_role("button", name="Conclure la vérification").click()
    controler(page)
    page.get_by_text("Labelliser", exact=True).click()
    page.get_by_role("button", name="Enregistrer la proposition").click()
    resume = page.locator("[data-resume-erreurs]")
    expect(resume).to_be_focused()
    controler(page)
    expect(page.get_by_label("Labelliser", exact=True)).to_be_checked()
    page.get_by_label("Motif").fill("Le territoire est prêt.")
    page.get_by_role("button", name="Enregistrer la proposition").click()
    # Beside it, who else reads the file.
    expect(page.get_by_role("status").filter(has_text="le dossier est prêt pour le comité")).to_be_visible()
    controler(page)

    entrer(page, f.un_agent(Role.VALIDEUR), "/tableau-de-bord/")
    controler(page)
    page.get_by_role("link", name="Prendre les décisions").click()
    page.get_by_label(f"Décision pour {autre.territoire}").select_option("ajourner")
    page.get_by_text("Je prends ces décisions").click()
    controler(page)
    page.get_by_role("button", name="Prendre ces décisions").click()
    controler(page)
    page.get_by_role("link", name="Annoncer les résultats").click()
    page.get_by_text("J’annonce tous les résultats").click()
    controler(page)
    page.get_by_role("button", name="Annoncer les résultats de la vague").click()
    expect(page.get_by_text("publiques depuis le")).to_be_visible()
    controler(page)
    assert Vague.objects.get(pk=vague.pk).etat == EtatVague.PUBLIEE


def test_l_administrateur_deplace_une_vague_au_clavier(telephone: Page) -> None:
    demain = horloge_base() + timedelta(days=1)
    f.une_vague(ouverture=demain, cloture=demain + timedelta(days=100))
    page = telephone
    entrer(page, f.un_agent(Role.ADMINISTRATEUR), "/administration/vagues/")
    controler(page)
    modifier = page.get_by_role("link", name="Modifier les dates")
    modifier.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dates de la vague")
    controler(page)
    page.locator("#id_cloture").fill("2024-01-01T12:00")
    page.locator("#id_cloture").press("Enter")
    expect(page.locator("[data-resume-erreurs]")).to_be_focused()
    controler(page)
    for adresse in ("/administration/roles/", "/administration/roles/donner/", "/courriers/"):
        page.goto(adresse)
        controler(page)


def test_le_proces_verbal_et_la_preuve(telephone: Page) -> None:
    vague, (dossier, _) = une_vague_close(None, None, noms=["Vallée d’Essai", "Plaine d’Essai"])
    acte = vague.proces_verbal
    assert acte is not None
    imprimer(proces_verbal_id=acte.pk)

    page = telephone
    entrer(page, f.un_agent(Role.VALIDEUR), f"/instruction/vagues/{vague.numero}/proces-verbal/")
    expect(page.get_by_role("link", name="Le procès-verbal à lire")).to_be_visible()
    controler(page)
    page.get_by_role("link", name="Brouillon non déposé").click()
    expect(page.get_by_text("Aucune ligne.")).to_be_visible()
    controler(page)

    entrer(page, f.porteur_de(dossier), f"/candidatures/{dossier.pk}/depots/1/")
    expect(page.get_by_role("heading", name="Inscription au procès-verbal")).to_be_visible()
    controler(page)
    with page.expect_download() as attente:
        page.get_by_role("link", name="Télécharger la preuve d’inscription").click()
    assert attente.value.suggested_filename == f"preuve-{dossier.depots.get().numero}.json"
