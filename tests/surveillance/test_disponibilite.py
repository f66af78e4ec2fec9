"""The availability log: what the probe finds, what is kept, what is said of a period."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from rebond.socle.tasks import battre
from rebond.socle.vigie import Disponibilite, Observation
from rebond.surveillance import disponibilite, sonde
from rebond.surveillance.disponibilite import Coupure, NatureCoupure
from rebond.surveillance.tasks import sonder

T = datetime(2026, 10, 1, 10, 0, tzinfo=UTC)
D, G, I = Disponibilite.DISPONIBLE, Disponibilite.DEGRADE, Disponibilite.INDISPONIBLE  # noqa: E741


def a(secondes: float) -> datetime:
    return T + timedelta(seconds=secondes)


def observer(*suite: tuple[float, Disponibilite] | tuple[float, Disponibilite, str]) -> None:
    for secondes, etat, *detail in suite:
        disponibilite.observer(etat, detail[0] if detail else "", maintenant=a(secondes))


def lignes() -> list[tuple[Disponibilite, float, float]]:
    return [
        (Disponibilite(o.etat), (o.debut - T).total_seconds(), (o.fin - T).total_seconds())
        for o in Observation.objects.order_by("debut", "pk")
    ]


@pytest.mark.django_db
class TestJournal:
    def test_des_constats_identiques_prolongent_la_meme_ligne(self):
        observer((0, D), (15, D), (30, D))
        assert lignes() == [(D, 0, 30)]

    def test_un_changement_commence_une_ligne_et_le_doute_va_contre_le_portail(self):
        observer((0, D), (15, I), (30, I), (45, D), (60, D))
        assert lignes() == [(D, 0, 0), (I, 0, 45), (D, 45, 60)]

    def test_une_autre_cause_est_une_autre_ligne(self):
        observer((0, I, "Réponse 503"), (15, I, "Réponse 502"), (30, I, "Réponse 502"))
        assert lignes() == [(I, 0, 15), (I, 15, 30)]

    @pytest.mark.parametrize(("silence", "attendu"), [(60, [(D, 0, 60)]), (61, [(D, 0, 0), (D, 61, 61)])])
    def test_un_silence_de_plus_d_une_minute_n_est_pas_comble(self, silence, attendu):
        observer((0, D), (silence, D))
        assert lignes() == attendu

    def test_une_sonde_en_retard_ne_revient_pas_sur_ce_qui_a_ete_vu(self):
        observer((0, D), (15, D), (10, D))
        assert lignes() == [(D, 0, 15)]


@pytest.mark.django_db
class TestBilan:
    def test_les_interruptions_et_les_silences_d_une_periode(self):
        observer(*((s, D) for s in range(0, 300, 30)))
        observer(*((s, I, "Réponse 503" if s < 420 else "Réponse 502") for s in range(300, 540, 30)))
        observer((540, D), (900, D), (930, D))
        bilan = disponibilite.bilan(a(-120), a(930))
        assert bilan.coupures == (
            Coupure(NatureCoupure.NON_OBSERVE, a(-120), a(0)),
            Coupure(NatureCoupure.INDISPONIBLE, a(270), a(540), "Réponse 503"),
            Coupure(NatureCoupure.NON_OBSERVE, a(540), a(900)),
        )
        assert (bilan.observe, bilan.indisponible) == (timedelta(seconds=570), timedelta(seconds=270))
        assert bilan.part_disponible == pytest.approx(300 / 570)
        assert bilan.part_observee == pytest.approx(570 / 1050)
        assert bilan.coupures[1].duree == timedelta(seconds=270)

    def test_une_coupure_d_une_minute_compte_mais_ne_se_liste_pas(self):
        observer((0, D), (15, D), (30, I), (75, D), (120, D))
        bilan = disponibilite.bilan(a(0), a(120))
        assert (bilan.coupures, bilan.indisponible) == ((), timedelta(seconds=60))

    def test_une_interruption_qui_dure_va_jusqu_au_present(self):
        observer(*((s, I, "Réponse 503") for s in range(0, 120, 30)))
        assert disponibilite.coupures(a(0), a(140)) == (
            Coupure(NatureCoupure.INDISPONIBLE, a(0), a(140), "Réponse 503"),
        )
        assert disponibilite.coupures(a(0), a(151)) == (
            Coupure(NatureCoupure.INDISPONIBLE, a(0), a(90), "Réponse 503"),
            Coupure(NatureCoupure.NON_OBSERVE, a(90), a(151)),
        )

    def test_la_periode_borne_ce_qui_la_depasse(self):
        observer(*((s, I, "Réponse 503") for s in range(0, 600, 30)))
        assert disponibilite.coupures(a(100), a(400)) == (
            Coupure(NatureCoupure.INDISPONIBLE, a(100), a(400), "Réponse 503"),
        )

    def test_un_portail_degrade_est_disponible(self):
        observer((0, G, "Battement en retard"), (60, G, "Battement en retard"), (120, G, "Battement en retard"))
        bilan = disponibilite.bilan(a(0), a(120))
        assert (bilan.coupures, bilan.part_disponible) == ((), 1)

    def test_sans_aucune_observation_on_ne_sait_rien(self):
        bilan = disponibilite.bilan(a(0), a(3600))
        assert bilan.coupures == (Coupure(NatureCoupure.NON_OBSERVE, a(0), a(3600)),)
        assert (bilan.part_disponible, bilan.part_observee) == (None, 0)


class Reponse(BaseHTTPRequestHandler):
    statut, corps = 200, b""

    def do_GET(self):
        self.send_response(self.statut)
        self.send_header("Content-Length", str(len(self.corps)))
        self.end_headers()
        self.wfile.write(self.corps)

    def log_message(self, *_):
        """Nothing: the test says what it checks."""


@pytest.fixture
def adresse() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Reponse) as serveur:
        fil = threading.Thread(target=serveur.serve_forever, daemon=True)
        fil.start()
        yield f"http://127.0.0.1:{serveur.server_port}/sante/"
        serveur.shutdown()
        fil.join()


OK = {"etat": "ok", "file": {"etat": "ok"}}


@pytest.mark.parametrize(
    ("statut", "corps", "attendu"),
    [
        (200, json.dumps(OK), (D, "")),
        (200, json.dumps(OK | {"etat": "degrade"}), (G, "Battement en retard")),
        (
            200,
            json.dumps({"etat": "degrade", "file": {"etat": "injoignable"}}),
            (G, "File d’attente injoignable"),
        ),
        (503, json.dumps({"etat": "panne"}), (I, "Réponse 503")),
        (200, "<html>Maintenance</html>", (I, "Réponse illisible")),
        (200, "[]", (I, "Réponse inattendue")),
    ],
)
def test_la_sonde_lit_ce_que_repond_le_portail(adresse, monkeypatch, statut, corps, attendu):
    monkeypatch.setattr(Reponse, "statut", statut)
    monkeypatch.setattr(Reponse, "corps", corps.encode())
    assert sonde.sonder(adresse) == attendu


def test_la_sonde_ne_leve_rien_quand_personne_ne_repond():
    assert sonde.sonder("http://127.0.0.1:9/sante/") == (I, "Portail injoignable (ConnectionRefusedError)")


def test_la_sonde_n_attend_pas_une_reponse_qui_ne_vient_pas():
    with socket.create_server(("127.0.0.1", 0)) as muet:
        constat = sonde.sonder(f"http://127.0.0.1:{muet.getsockname()[1]}/sante/", delai=0.2)
    assert constat == (I, "Pas de réponse à temps")


@pytest.mark.django_db(transaction=True)
def test_la_tache_interroge_le_portail_et_ecrit_ce_qu_elle_a_vu(live_server, settings):
    settings.SONDE_ADRESSE = f"{live_server.url}/sante/"
    battre()
    sonder()
    assert [(o.etat, o.detail) for o in Observation.objects.all()] == [(D, "")]
