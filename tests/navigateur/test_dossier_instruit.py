"""In Chromium: two instructeurs on one file; axe finds nothing, and what is read and done keeps its place."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from candidatures.models import LectureDePiece
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.corrections import outils as c
from tests.candidatures.instruction.instruction import une_vague_close
from tests.outils.accessibilite import controler
from tests.outils.gestes import entrer

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]


def test_deux_instructeurs_sur_un_dossier(page: Page, browser: Browser, browser_context_args: dict[str, Any]) -> None:
    _, (dossier, suivant) = une_vague_close(None, None, noms=["Alès", "Blois"])
    une, autre = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
    demande = c.demander(dossier, une)
    c.corriger(demande)
    c.rendre(demande)
    adresse = f"/instruction/dossiers/{dossier.pk}/?liste="
    page.set_viewport_size({"width": 1280, "height": 900})
    entrer(page, une, adresse)
    controler(page)

    # Acting stands on the right and stays within reach; on a phone it comes first.
    agir, lire = page.locator(".rebond-dossier__agir"), page.locator(".rebond-dossier__lire")
    assert agir.bounding_box()["x"] > lire.bounding_box()["x"] + 500
    page.get_by_role("heading", name="Pièces jointes").scroll_into_view_if_needed()
    expect(page.get_by_role("link", name="Vérifier la recevabilité")).to_be_in_viewport()

    # What is opened in the page is read, without a button to press.
    page.get_by_text("Voir ici").first.click()
    expect(page.get_by_text("Lue", exact=True)).to_be_visible()
    assert LectureDePiece.objects.get().utilisateur == une

    contexte = browser.new_context(**browser_context_args | {"viewport": {"width": 375, "height": 900}})
    telephone = contexte.new_page()
    entrer(telephone, autre, adresse)
    expect(telephone.locator("[data-lecteurs]")).to_have_text(f"{une} lit ce dossier.")
    assert (
        telephone.locator(".rebond-dossier__agir").bounding_box()["y"]
        < telephone.locator(".rebond-dossier__lire").bounding_box()["y"]
    )
    telephone.get_by_role("link", name="Annoter « Nature du choc »").click()
    controler(telephone)
    telephone.get_by_label("Votre note").fill("Fermeture annoncée en mars.")
    telephone.get_by_role("button", name="Enregistrer la note").click()
    expect(telephone.get_by_text("Fermeture annoncée en mars.").first).to_be_visible()
    controler(telephone)
    telephone.get_by_role("link", name="Dossier suivant").click()
    expect(telephone.get_by_role("heading", level=1)).to_have_text(str(suivant.territoire))
    contexte.close()
