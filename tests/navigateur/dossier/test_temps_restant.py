"""The time left is the server's, whatever the visitor's clock says; screen readers hear of it a few times only."""

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from candidatures.models import Vague
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de
from tests.concurrence.attente import attendre
from tests.outils.accessibilite import controler
from tests.outils.gestes import entrer

pytestmark = pytest.mark.django_db(transaction=True)

RESTE = "[data-reste]"
FIN = "[data-fin]"
ANNONCE = "[data-annonce]"
HORLOGE_FAUSSE = """
const Vraie = Date;
window.Date = class extends Vraie {
  constructor(...valeurs) { if (valeurs.length) super(...valeurs); else super(Vraie.now() + DECALAGE); }
  static now() { return Vraie.now() + DECALAGE; }
};
"""
# A computer that sleeps may stop performance.now() for a while.
SOMMEIL = """
window.sommeil = 0;
const vraie = performance.now.bind(performance);
performance.now = () => vraie() - window.sommeil;
"""


@pytest.fixture
def vague(transactional_db) -> Vague:
    return f.une_vague()


def clore_dans(vague: Vague, duree: timedelta) -> None:
    Vague.objects.filter(pk=vague.pk).update(cloture=horloge_base() + duree)


@pytest.mark.parametrize("heures", [-7, 9])
def test_une_horloge_fausse_de_plusieurs_heures_n_y_change_rien(navigateur: Page, vague: Vague, heures: int) -> None:
    navigateur.add_init_script(HORLOGE_FAUSSE.replace("DECALAGE", str(heures * 3_600_000)))
    clore_dans(vague, timedelta(minutes=90, seconds=20))
    navigateur.goto("/")
    assert abs(navigateur.evaluate("Date.now()") / 1000 - horloge_base().timestamp()) > 6 * 3600
    expect(navigateur.locator(RESTE)).to_have_text("Il reste 1\u00a0heure et 30\u00a0minutes.")
    clore_dans(vague, timedelta(seconds=50))
    navigateur.reload()
    expect(navigateur.locator(RESTE)).to_have_text(re.compile("Il reste 4[0-9]\u00a0secondes."))
    expect(navigateur.locator(FIN)).to_be_hidden()


@pytest.mark.parametrize(
    "duree",
    [
        timedelta(days=1200, hours=3, minutes=30),
        timedelta(days=12, hours=4, minutes=30),
        timedelta(days=2, hours=23, minutes=30),
        timedelta(days=1, minutes=30),
        timedelta(hours=2, seconds=30),
        timedelta(minutes=59, seconds=59),
        timedelta(minutes=1, seconds=40),
    ],
)
def test_le_navigateur_ecrit_le_temps_restant_comme_le_serveur(
    navigateur: Page, vague: Vague, duree: timedelta
) -> None:
    clore_dans(vague, duree)
    navigateur.goto("/")
    ecrit_par_le_serveur = navigateur.evaluate(
        "fetch('/').then((page) => page.text()).then((page) => new DOMParser().parseFromString(page, 'text/html')"
        ".querySelector('[data-reste]').textContent)"
    )
    sans_secondes = re.compile(r"( et)? ?\d+\u00a0secondes?")
    assert sans_secondes.sub("", navigateur.locator(RESTE).inner_text()) == sans_secondes.sub("", ecrit_par_le_serveur)


def retarder_la_question(route: Route) -> None:
    """The server is asked long after the page has: one that split the journey in halves would end early."""
    depart = time.monotonic()
    attendre(lambda: time.monotonic() >= depart + 1.5)
    route.continue_()


def test_a_la_cloture_et_pas_avant_la_page_dit_qu_il_est_trop_tard_et_rien_de_plus(
    navigateur: Page, vague: Vague
) -> None:
    candidature = f.une_candidature(vague=vague)
    clore_dans(vague, timedelta(seconds=6))
    navigateur.route("**/heure/", retarder_la_question)
    entrer(navigateur, f.porteur_de(candidature), f"/candidatures/{candidature.pk}/deposer/")
    rebours = navigateur.locator("[data-rebours]")
    expect(rebours).to_have_count(2)
    expect(rebours.first.locator(RESTE)).to_contain_text("seconde")
    cloture = Vague.objects.get().cloture
    for rang in range(2):
        expect(rebours.nth(rang).locator(FIN)).to_be_visible(timeout=15_000)
        assert horloge_base() >= cloture
        expect(rebours.nth(rang).locator(RESTE)).to_be_hidden()
    expect(rebours.first.locator(ANNONCE)).to_have_text(re.compile("une demande envoyée maintenant arrive trop tard"))
    expect(rebours.last.locator(ANNONCE)).to_be_empty()
    expect(navigateur.get_by_text("Ce dossier n’est pas encore déposé.")).to_be_visible()
    controler(navigateur)
    navigateur.reload()
    expect(rebours).to_have_count(0)
    expect(navigateur.get_by_text(f"La période de dépôt n° {vague.numero} s’est close le")).to_be_visible()


def test_un_lecteur_d_ecran_n_entend_que_les_seuils(navigateur: Page, vague: Vague) -> None:
    clore_dans(vague, timedelta(seconds=64))
    navigateur.goto("/")
    expect(navigateur.locator(RESTE)).to_have_text("Il reste 1\u00a0minute et 1\u00a0seconde.")
    expect(navigateur.locator(ANNONCE)).to_be_empty()
    expect(navigateur.locator(ANNONCE)).to_have_text("Il reste une minute avant la clôture.", timeout=10_000)
    expect(navigateur.locator(RESTE)).to_have_text(re.compile("Il reste 5[0-9]\u00a0secondes"))
    expect(navigateur.locator(ANNONCE)).to_have_text("Il reste une minute avant la clôture.")


# Minutes that performance.now() did not count, or counted too many.
@pytest.mark.parametrize("minutes", [20, -20])
def test_au_reveil_la_page_redemande_l_heure_au_portail(navigateur: Page, vague: Vague, minutes: int) -> None:
    navigateur.add_init_script(SOMMEIL)
    clore_dans(vague, timedelta(minutes=90, seconds=30))
    navigateur.goto("/")
    expect(navigateur.locator(RESTE)).to_have_text("Il reste 1\u00a0heure et 30\u00a0minutes.")
    with navigateur.expect_response("**/heure/") as reponse:
        navigateur.evaluate(f"window.sommeil = {minutes * 60_000}")
        navigateur.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert reponse.value.headers["cache-control"].split(", ").count("no-store") == 1
    expect(navigateur.locator(RESTE)).to_have_text(re.compile("Il reste 1\u00a0heure et (29|30)\u00a0minutes."))


def test_sans_script_la_page_dit_le_temps_qui_restait(vague: Vague) -> None:
    candidature = f.une_candidature(vague=vague)
    clore_dans(vague, timedelta(days=3, hours=2, minutes=30))
    porteur = client_de(f.porteur_de(candidature))
    for adresse in ("/", f"/candidatures/{candidature.pk}/", f"/candidatures/{candidature.pk}/deposer/"):
        assert "Il reste 3\u00a0jours." in porteur.get(adresse).content.decode()
