"""What a load balancer reads at /sante/."""

import socket
import time
from datetime import timedelta

import pytest
from django.db import connection

from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.tasks import battre
from tests.outils.roles import administrer

pytestmark = pytest.mark.django_db


def test_tout_va_bien_quand_un_ouvrier_vient_de_battre(client):
    battre()
    reponse = client.get("/sante/")
    assert reponse.status_code == 200
    corps = reponse.json()
    assert (corps["etat"], corps["base"], corps["file"]["etat"]) == ("ok", "ok", "ok")
    assert 0 <= corps["battement_age_secondes"] < 60


def test_sans_battement_le_portail_sert_encore_et_le_dit(client):
    reponse = client.get("/sante/")
    assert (reponse.status_code, reponse.json()["etat"]) == (200, "degrade")


def test_un_battement_trop_vieux_se_voit(client):
    battre()
    with connection.cursor() as curseur:
        curseur.execute("UPDATE socle_battement SET instant = instant - interval '2 minutes'")
    assert client.get("/sante/").json()["etat"] == "degrade"


def test_une_file_injoignable_se_voit(client, settings):
    battre()
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    corps = client.get("/sante/").json()
    assert (corps["etat"], corps["file"]["etat"]) == ("degrade", "injoignable")


def test_sans_base_lisible_la_reponse_est_503(client):
    administrer("ALTER TABLE socle_battement RENAME TO ailleurs")
    reponse = client.get("/sante/")
    assert (reponse.status_code, reponse.json()["base"]) == (503, "injoignable")


def test_les_courriels_a_envoyer_se_comptent_et_non_ceux_qui_attendent_leur_heure(client):
    maintenant = horloge_base()
    situations = {
        "du": {},
        "plus-tard": {"prochain_essai": maintenant + timedelta(hours=1)},
        "envoye": {"envoye_le": maintenant},
        "ecarte": {"abandonne_le": maintenant},
    }
    for cle, situation in situations.items():
        Courrier.objects.create(cle=cle, destinataire="a@example.fr", objet="o", texte="t", **situation)
    assert client.get("/sante/").json()["courriers_en_attente"] == 1


def test_une_file_muette_ne_retient_pas_la_reponse(client, settings):
    """It accepts connections and never answers: the health check must not outlast the patience of its reader."""
    with socket.create_server(("127.0.0.1", 0)) as muette:
        settings.REDIS_URL = f"redis://127.0.0.1:{muette.getsockname()[1]}/0"
        debut = time.monotonic()
        corps = client.get("/sante/").json()
        assert time.monotonic() - debut < 4
    assert corps["file"] == {"etat": "injoignable"}
