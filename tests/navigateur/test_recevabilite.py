"""In Chromium: a file is checked condition by condition, found inadmissible, signed; axe finds nothing on the way."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from candidatures.models import ExamenDeRecevabilite, PropositionDIrrecevabilite, Recevabilite
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.outils.accessibilite import controler
from tests.outils.gestes import entrer

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
POURQUOI = "La délibération ne parle pas de cet appel."


def test_verifier_proposer_signer(page: Page, browser: Browser, browser_context_args: dict[str, Any]) -> None:
    _, (dossier,) = une_vague_close(None, noms=["Alès"])
    agent, valideur = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.VALIDEUR)
    entrer(page, agent, f"/instruction/dossiers/{dossier.pk}/")
    page.get_by_role("link", name="Vérifier la recevabilité").click()
    controler(page)

    # What is typed is kept by itself, whoever leaves.
    mandat = page.get_by_role("group", name="Chaque collectivité du groupement a autorisé le dépôt")
    mandat.get_by_text("Non remplie", exact=True).click()
    mandat.get_by_label("Pourquoi").fill(POURQUOI)
    expect(page.locator("[data-etat]")).to_contain_text("Tout est enregistré", timeout=30_000)
    assert ExamenDeRecevabilite.objects.get().constats["mandat"] == {"constat": "non_remplie", "mot": POURQUOI}
    page.reload()
    expect(mandat.get_by_label("Pourquoi")).to_have_value(POURQUOI)

    # By keyboard alone: each of the others, then the conclusion; what is missing is said where it is.
    page.get_by_role("button", name="Conclure la vérification").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-resume-erreurs]")).to_be_focused()
    controler(page)
    for cle in ("deposant", "delai", "choc"):
        page.locator(f"input[name=constat_{cle}]").first.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Conclure la vérification").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Elle attend la signature d’un valideur.")).to_be_visible()
    # What this computer kept of it is forgotten.
    gardees = page.evaluate("Object.keys(localStorage)")
    assert [cle for cle in gardees if cle.startswith("rebond-recevabilite")] == []
    assert PropositionDIrrecevabilite.objects.get().motif.endswith(POURQUOI)

    # On a phone and without scripts, from the dashboard of a valideur.
    sans_script = {"viewport": {"width": 375, "height": 800}, "java_script_enabled": False}
    telephone = browser.new_context(**browser_context_args | sans_script).new_page()
    entrer(telephone, valideur, "/tableau-de-bord/")
    telephone.get_by_role("link", name="Lire ces dossiers").click()
    telephone.get_by_role("link", name=dossier.reference, exact=True).click()
    telephone.get_by_role("link", name="Lire et signer l’irrecevabilité").click()
    assert telephone.evaluate("document.documentElement.scrollWidth") <= 375
    telephone.get_by_label("En quelle qualité signez-vous").fill("Directrice")
    telephone.get_by_role("button", name="Signer l’irrecevabilité").click()
    expect(telephone.get_by_text("L’irrecevabilité est signée.")).to_be_visible()
    assert Recevabilite.objects.get().irrecevabilite.qualite == "Directrice"
