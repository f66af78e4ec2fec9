"""Attachments in Chromium: dropped, sent through a lost connection, shown, replaced."""

import base64
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from candidatures.models import Candidature, Televersement
from rebond.socle.documents.stockage import lire
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, page
from tests.outils.accessibilite import controler

pytestmark = pytest.mark.django_db(transaction=True)

DEPOSER = """([cible, fichiers]) => {
  const transfert = new DataTransfer();
  for (const [nom, contenu] of fichiers) {
    const octets = Uint8Array.from(atob(contenu), (lettre) => lettre.charCodeAt(0));
    transfert.items.add(new File([octets], nom));
  }
  const zone = document.querySelector(cible);
  for (const type of ["dragenter", "dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(type, { dataTransfer: transfert, bubbles: true, cancelable: true }));
  }
}"""


@pytest.fixture(autouse=True)
def _dossier_des_envois(settings: Any, tmp_path: Path) -> None:
    settings.TELEVERSEMENTS = tmp_path / "televersements"


@pytest.fixture
def candidature() -> Candidature:
    return f.une_candidature()


@pytest.fixture
def porteur(navigateur: Page, candidature: Candidature, base_url: str) -> Page:
    """A browser where the file's porteur is signed in."""
    cookie = client_de(f.porteur_de(candidature)).cookies["sessionid"]
    navigateur.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": base_url}])
    return navigateur


def un_pdf(taille: int = 200) -> bytes:
    return f.PDF + os.urandom(taille)


def deposer(porteur: Page, place: str, *fichiers: tuple[str, bytes]) -> None:
    contenus = [[nom, base64.b64encode(contenu).decode()] for nom, contenu in fichiers]
    porteur.evaluate(DEPOSER, [f"#{place} [data-envoi] form", contenus])


def test_des_fichiers_deposes_a_la_souris_rejoignent_leur_place(porteur: Page, candidature: Candidature) -> None:
    erreurs: list[str] = []
    porteur.on("console", lambda dit: erreurs.append(dit.text) if dit.type == "error" else None)
    porteur.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    porteur.goto(page("pieces", candidature.pk))
    controler(porteur)
    une, deux = un_pdf(), un_pdf()
    place = porteur.locator("#piece-lettre")

    deposer(porteur, "piece-lettre", ("une.pdf", une), ("deux.pdf", deux))
    for nom, contenu in (("une.pdf", une), ("deux.pdf", deux)):
        piece = place.locator(".rebond-piece", has_text=nom)
        expect(piece).to_contain_text(hashlib.sha256(contenu).hexdigest())
    expect(place.get_by_role("progressbar")).to_have_count(0)
    expect(place.get_by_role("status")).to_contain_text("joint au brouillon")
    controler(porteur)
    assert sorted(candidature.pieces.filter(nature="lettre").values_list("nom", flat=True)) == ["deux.pdf", "une.pdf"]
    assert erreurs == []


def test_un_contenu_refuse_est_dit_dans_sa_place(porteur: Page, candidature: Candidature) -> None:
    porteur.goto(page("pieces", candidature.pk))
    deposer(porteur, "piece-deliberation", ("delib\u202efdp.pdf", b"<!DOCTYPE html><title>Non</title>"))
    place = porteur.locator("#piece-deliberation")
    expect(place.locator(".rebond-envoi")).to_contain_text("delibfdp.pdf\u00a0: Ce fichier est une page web.")
    controler(porteur)
    place.get_by_role("button", name="Fermer").click()
    expect(place.locator(".rebond-envoi")).to_have_count(0)
    assert candidature.pieces.count() == 1


def test_une_connexion_perdue_puis_retrouvee_ne_perd_pas_un_octet(
    porteur: Page, candidature: Candidature, settings: Any
) -> None:
    settings.TELEVERSEMENT_MORCEAU = 200_000
    contenu = un_pdf(900_000)
    porteur.goto(page("pieces", candidature.pk))
    recus = 0

    def couper_au_troisieme(route: Route) -> None:
        nonlocal recus
        recus += 1
        if recus == 3:
            porteur.context.set_offline(True)
            route.abort("internetdisconnected")
        else:
            route.continue_()

    porteur.route("**/televersements/*/", couper_au_troisieme)
    champ = porteur.locator("#piece-diagnostic input[type=file]")
    champ.set_input_files({"name": "étude.pdf", "mimeType": "application/pdf", "buffer": contenu})
    envoi = porteur.locator("#piece-diagnostic .rebond-envoi")
    expect(envoi).to_contain_text("connexion perdue")
    assert Televersement.objects.get().recus == 400_000
    assert float(envoi.get_by_role("progressbar").get_attribute("value") or 0) >= 44
    controler(porteur)

    porteur.context.set_offline(False)
    expect(porteur.locator("#piece-diagnostic .rebond-piece")).to_contain_text(hashlib.sha256(contenu).hexdigest())
    assert lire(candidature.pieces.get(nature="diagnostic").document) == contenu


def test_une_page_rechargee_au_milieu_d_un_envoi_le_reprend(
    porteur: Page, candidature: Candidature, settings: Any
) -> None:
    settings.TELEVERSEMENT_MORCEAU = 200_000
    fichier = Path(settings.TELEVERSEMENTS).parent / "étude.pdf"
    fichier.write_bytes(un_pdf(900_000))
    porteur.on("dialog", lambda question: question.accept())
    porteur.goto(page("pieces", candidature.pk))
    morceaux: list[str] = []

    def retenir_apres_deux(route: Route) -> None:
        morceaux.append(route.request.headers.get("upload-offset", ""))
        if len(morceaux) <= 2:
            route.continue_()

    porteur.route("**/televersements/*/", retenir_apres_deux)
    porteur.locator("#piece-diagnostic input[type=file]").set_input_files(fichier)
    expect(porteur.locator("#piece-diagnostic .rebond-envoi")).to_contain_text("44\u00a0%")
    porteur.unroute("**/televersements/*/")
    porteur.reload()
    porteur.locator("#piece-diagnostic input[type=file]").set_input_files(fichier)
    expect(porteur.locator("#piece-diagnostic .rebond-piece")).to_contain_text("étude.pdf")
    assert Televersement.objects.count() == 1
    assert lire(candidature.pieces.get(nature="diagnostic").document) == fichier.read_bytes()


def test_remplacer_puis_voir(porteur: Page, candidature: Candidature) -> None:
    blocages: list[str] = []
    porteur.on("console", lambda dit: blocages.append(dit.text) if "Security" in dit.text else None)
    porteur.goto(page("pieces", candidature.pk))
    porteur.get_by_role("link", name="Remplacer deliberation.pdf").click()
    controler(porteur)
    porteur.locator("input[type=file]").set_input_files(
        {"name": "signée.pdf", "mimeType": "application/pdf", "buffer": un_pdf()}
    )
    place = porteur.locator("#piece-deliberation")
    expect(place.locator(".rebond-piece__nom")).to_have_text("signée.pdf")
    assert [piece.nom for piece in candidature.pieces.all()] == ["signée.pdf"]

    place.get_by_role("link", name="Aperçu").click()
    expect(porteur.get_by_role("heading", name="signée.pdf")).to_be_visible()
    expect(porteur.locator("iframe")).to_have_attribute("title", "Aperçu de signée.pdf")
    controler(porteur)
    assert blocages == []


def test_sans_javascript_tout_se_fait_aussi(browser: Any, candidature: Candidature, base_url: str) -> None:
    cookie = client_de(f.porteur_de(candidature)).cookies["sessionid"]
    contexte = browser.new_context(base_url=base_url, java_script_enabled=False, locale="fr-FR")
    contexte.add_cookies([{"name": "sessionid", "value": cookie.value, "url": base_url}])
    sans = contexte.new_page()
    sans.goto(page("pieces", candidature.pk))
    place = sans.locator("#piece-lettre")
    place.locator("input[type=file]").set_input_files(
        {"name": "soutien.pdf", "mimeType": "application/pdf", "buffer": un_pdf()}
    )
    place.get_by_role("button", name="Joindre ce fichier").click()
    expect(sans.locator("#piece-lettre .rebond-piece__nom")).to_have_text("soutien.pdf")
    contexte.close()
