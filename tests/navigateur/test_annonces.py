"""What a screen reader hears while one writes, where the keyboard goes on from, a session that warns of its end."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from candidatures.models import Candidature
from rebond.comptes.seances.middleware import VUE
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.outils.accessibilite import controler
from tests.outils.gestes import bouton, entrer

pytestmark = pytest.mark.django_db(transaction=True)

ENREGISTRE = re.compile("Tout est enregistré")
ECOUTER = """() => {
  window.entendu = [];
  const annonce = document.querySelector("[data-etat-saisie] [data-annonce]");
  const noter = new MutationObserver(() => window.entendu.push(annonce.textContent));
  noter.observe(annonce, { childList: true, subtree: true });
}"""


@pytest.fixture
def candidature(transactional_db) -> Candidature:
    return f.une_candidature(complete=False)


def le_clavier_est_sur(page: Page, selecteur: str) -> bool:
    return bool(page.evaluate("selecteur => document.activeElement.matches(selecteur)", selecteur))


def test_l_enregistrement_se_dit_une_fois_et_la_faute_aussi(navigateur: Page, candidature: Candidature) -> None:
    entrer(navigateur, f.porteur_de(candidature), f"/candidatures/{candidature.pk}/rubriques/projets/")
    etat = navigateur.locator("[data-etat]")
    assert navigateur.locator("[data-etat-saisie] :is([aria-live], [role=status])").count() == 1
    navigateur.evaluate(ECOUTER)
    recit, nombre = navigateur.get_by_label("Projets industriels connus"), navigateur.get_by_label("Nombre de projets")
    for texte in ("Un atelier", " de forge", " à reprendre"):
        with navigateur.expect_response(re.compile("/automatique/")):
            recit.press_sequentially(texte)
        expect(etat).to_have_text(ENREGISTRE)
    assert navigateur.evaluate("window.entendu") == ["Vos réponses sont enregistrées dans le brouillon."]
    # What is left to do beside the page follows, without its being loaded again.
    expect(navigateur.locator("[data-etat-rubrique=projets]")).to_have_text("Complète")
    for champ, texte in ((nombre, "x"), (recit, ", bientôt")):
        with navigateur.expect_response(re.compile("/automatique/")):
            champ.press_sequentially(texte)
        expect(etat).to_contain_text("sauf « Nombre de projets connus »")
    nombre.fill("12")
    expect(etat).to_have_text(ENREGISTRE)
    dits = navigateur.evaluate("window.entendu")
    assert len(dits) == 3
    assert "sauf « Nombre de projets connus »" in dits[1]
    assert dits[2] == dits[0]


def test_le_clavier_repart_du_message(navigateur: Page, candidature: Candidature) -> None:
    entrer(navigateur, f.porteur_de(candidature), f"/candidatures/{candidature.pk}/rubriques/projets/")
    bouton(navigateur, "Enregistrer et revenir au dossier")
    expect(navigateur.get_by_text("enregistrée dans le brouillon")).to_be_visible()
    assert le_clavier_est_sur(navigateur, ".fr-alert--success[data-message]")


def test_le_clavier_repart_du_tableau_que_l_on_trie(navigateur: Page, transactional_db) -> None:
    vague, _ = une_vague_close(None)
    entrer(navigateur, f.un_agent(Role.INSTRUCTEUR), f"/instruction/vagues/{vague.numero}/")
    assert le_clavier_est_sur(navigateur, "body")
    navigateur.locator("a.rebond-tri").first.click()
    navigateur.wait_for_url(re.compile(r"\?tri="))
    expect(navigateur.locator(".fr-table__container").first).to_be_focused()
    # An address that one kept is no sorting: the page is read from its beginning.
    triee = navigateur.url
    navigateur.goto("/compte/email/")
    navigateur.goto(triee)
    assert le_clavier_est_sur(navigateur, "body")


def test_la_fin_de_la_session_s_annonce_et_un_bouton_y_garde(navigateur: Page, candidature: Candidature) -> None:
    navigateur.clock.install()
    entrer(navigateur, f.porteur_de(candidature), "/candidatures/")
    alerte = navigateur.locator("[data-alerte-seance]")
    expect(alerte).to_be_hidden()
    # Used last two hours ago, less four minutes: the page asks at the time that it worked out.
    session = Session.objects.get()
    entrepot = Client().session.__class__(session.session_key)
    entrepot[VUE] = (horloge_base() - timedelta(minutes=116)).timestamp()
    entrepot.save()
    navigateur.clock.fast_forward(timedelta(minutes=111) // timedelta(milliseconds=1))
    expect(alerte).to_be_visible()
    expect(alerte).to_contain_text("Votre session se termine dans 4 minutes.")
    expect(navigateur.locator("[data-annonce-seance]")).to_have_text(re.compile("se termine dans 4 minutes"))
    controler(navigateur)
    navigateur.get_by_role("button", name="Rester connecté").press("Enter")
    expect(alerte).to_be_hidden()
    expect(navigateur.locator("[data-annonce-seance]")).to_have_text("Vous restez connecté.")
    assert navigateur.evaluate("document.activeElement.tagName") != "BODY"
    assert horloge_base().timestamp() - Client().session.__class__(session.session_key)[VUE] < 60
