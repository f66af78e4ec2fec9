"""Time-stamps asked of a real authority."""

import io
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, transaction

from candidatures.cloture.actions.horodatages import horodater_en_attente
from candidatures.models import Horodatage
from candidatures.tasks import horodater_proces_verbaux
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.preuve.horodatage import HorodatageImpossible, demander
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.cloture.proces_verbaux import falsifier
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.pages import client_de
from tests.outils.serveurs.autorite import Autorite, servie


@pytest.fixture(scope="module")
def autorite(tmp_path_factory):
    return Autorite(tmp_path_factory.mktemp("tsa") / "autorite")


@pytest.fixture
def adresse(autorite):
    with servie(autorite) as adresse:
        yield adresse


@pytest.fixture
def reglages(settings, autorite, adresse):
    settings.HORODATAGE_ADRESSE = adresse
    settings.HORODATAGE_AUTORITE = str(autorite.racine)
    return settings


def test_une_autre_racine_ou_un_autre_contenu_est_refuse(autorite, adresse, tmp_path):
    autre = Autorite(tmp_path / "autre")
    with pytest.raises(HorodatageImpossible, match="Jeton refusé"):
        demander(b"contenu", adresse=adresse, autorite=autre.racine)
    with pytest.raises(HorodatageImpossible, match="pas celle d’un site"):
        demander(b"contenu", adresse="file:///etc/hostname", autorite=autorite.racine)


def test_une_autorite_qui_renvoie_ailleurs_n_est_pas_suivie(autorite):
    visites = []

    class Renvoi(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(302)
            self.send_header("Location", "/interne")
            self.end_headers()

        def do_GET(self):
            visites.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Renvoi) as serveur:
        threading.Thread(target=serveur.serve_forever, daemon=True).start()
        with pytest.raises(HorodatageImpossible, match="ne répond pas"):
            demander(b"contenu", adresse=f"http://127.0.0.1:{serveur.server_port}/", autorite=autorite.racine)
        serveur.shutdown()
    assert visites == []


@pytest.mark.django_db
class TestProcesVerbal:
    def test_il_est_horodate_une_fois_se_telecharge_et_se_verifie(self, reglages, autorite, tmp_path):
        acte = une_vague_close(None)[0].proces_verbal
        avant = horloge_base()

        assert (horodater_proces_verbaux(), horodater_proces_verbaux()) == (1, 0)

        horodatage = Horodatage.objects.get()
        assert avant - timedelta(seconds=1) <= horodatage.atteste_le <= horloge_base()
        client = client_de(f.un_agent(Role.VALIDEUR))
        page = f"/instruction/vagues/{acte.vague.numero}/proces-verbal/1/"
        assert "Attesté le" in client.get(page).content.decode()
        (tmp_path / "pv.tsr").write_bytes(client.get(f"{page}horodatage.tsr").content)
        (tmp_path / "empreinte").write_text(acte.empreinte)
        autorite.openssl(
            "ts", "-verify", "-in", str(tmp_path / "pv.tsr"), "-data", str(tmp_path / "empreinte"),
            "-CAfile", "racine.pem", config=False,
        )  # fmt: skip
        with pytest.raises(ProgrammingError), transaction.atomic():
            Horodatage.objects.update(derniere_erreur="autre")

    def test_verifier_pv_le_verifie_et_nomme_un_jeton_d_autre_chose(self, reglages):
        acte = une_vague_close(None)[0].proces_verbal
        horodater_proces_verbaux()
        sortie = io.StringIO()
        call_command("verifier_pv", str(acte.vague.numero), stdout=sortie)
        assert "Horodatage\u00a0: attesté le" in sortie.getvalue()

        autre = demander(b"autre", adresse=reglages.HORODATAGE_ADRESSE, autorite=Path(reglages.HORODATAGE_AUTORITE))
        falsifier(f"UPDATE candidatures_horodatage SET jeton = '\\x{autre.hex()}'")
        with pytest.raises(SystemExit):
            call_command("verifier_pv", str(acte.vague.numero), stdout=sortie)
        assert "DIFFÉRENCE – Horodatage\u00a0:" in sortie.getvalue()

    def test_une_autorite_en_panne_se_redemande_de_moins_en_moins_souvent(self, reglages, adresse):
        une_vague_close(None)
        reglages.HORODATAGE_ADRESSE = "http://127.0.0.1:9/"
        maintenant = horloge_base()
        essais = []
        for _ in range(4):
            assert horodater_en_attente(maintenant=maintenant) == 0
            horodatage = Horodatage.objects.get()
            essais.append(horodatage.prochain_essai - maintenant)
            assert horodater_en_attente(maintenant=maintenant) == 0
            maintenant = horodatage.prochain_essai
        assert essais == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
        assert (horodatage.tentatives, "ne répond pas" in horodatage.derniere_erreur) == (4, True)

        reglages.HORODATAGE_ADRESSE = adresse
        assert horodater_en_attente(maintenant=maintenant) == 1

    def test_sans_autorite_rien_n_est_demande(self):
        une_vague_close(None)
        assert horodater_proces_verbaux() == 0
        assert not Horodatage.objects.exists()
