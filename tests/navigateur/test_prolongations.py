"""More time in a browser: proposed by one, signed by another, read by the territory."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from candidatures.models import Candidature
from rebond.socle.horloge.temps import PARIS, horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.outils.accessibilite import controler
from tests.outils.gestes import bouton, cocher, entrer

pytestmark = pytest.mark.django_db(transaction=True)
MOTIF = "Le portail était injoignable de 10 h 12 à 11 h 40."


@pytest.fixture
def dossier(transactional_db) -> Candidature:
    return f.une_candidature(vague=f.une_vague(cloture=horloge_base() + timedelta(hours=2)))


def test_une_prolongation_se_propose_se_signe_et_se_lit_par_le_territoire(
    navigateur: Page, dossier: Candidature
) -> None:
    vague = dossier.vague
    jusqu_au = (vague.cloture + timedelta(days=1)).astimezone(PARIS).replace(second=0, microsecond=0)
    entrer(navigateur, f.un_agent(Role.ADMINISTRATEUR), "/administration/vagues/")
    navigateur.get_by_role("link", name=f"Prolonger la vague {vague.numero}").click()
    controler(navigateur)
    bouton(navigateur, "Proposer cette prolongation")
    expect(navigateur.get_by_label("Motif")).to_have_attribute("aria-invalid", "true")
    controler(navigateur)
    navigateur.get_by_label("Nouvelle échéance").fill(f"{jusqu_au:%Y-%m-%dT%H:%M}")
    navigateur.get_by_label("Motif").fill(MOTIF)
    bouton(navigateur, "Proposer cette prolongation")
    controler(navigateur)
    navigateur.get_by_role("link", name="Lire et signer").click()
    expect(navigateur.get_by_text("une autre personne, administrateur ou valideur, doit la signer")).to_be_visible()
    controler(navigateur)

    entrer(navigateur, f.un_agent(Role.VALIDEUR), "/tableau-de-bord/")
    navigateur.get_by_role("link", name="Prolongation").first.click()
    expect(navigateur.get_by_text(MOTIF)).to_be_visible()
    controler(navigateur)
    cocher(navigateur.get_by_label("J’ai lu le motif"))
    bouton(navigateur, "Signer la prolongation")
    expect(navigateur.get_by_text("La prolongation est accordée.")).to_be_visible()
    vague.refresh_from_db()
    assert vague.echeance == jusqu_au
    controler(navigateur)

    entrer(navigateur, f.porteur_de(dossier), f"/candidatures/{dossier.pk}/")
    expect(navigateur.get_by_text(f"{jusqu_au:%H} h {jusqu_au:%M}").first).to_be_visible()
    controler(navigateur)
