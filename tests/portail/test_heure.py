"""What the portal says of the time, and of the instant that counts."""

from datetime import datetime

import pytest
from django.test import Client

from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de

pytestmark = pytest.mark.django_db
REGLE = (
    "Cliquez sur «\u00a0Déposer\u00a0» avant l’heure de clôture. À l’heure dite, c’est trop tard. Si votre demande "
    "arrive avant, elle compte, même si la réponse tarde."
)


def test_l_heure_est_celle_de_la_base_et_ne_se_garde_pas(client: Client) -> None:
    avant = horloge_base()
    reponse = client.get("/heure/")
    instant = datetime.fromisoformat(reponse.json()["instant"])
    assert avant < instant < horloge_base()
    assert reponse.json()["millisecondes"] == int(instant.timestamp() * 1000)
    assert "no-store" in reponse["Cache-Control"]
    assert not reponse.cookies


def test_l_heure_ne_se_demande_qu_en_lecture(client: Client) -> None:
    assert client.post("/heure/").status_code == 405


def test_la_regle_de_reception_se_lit_a_l_accueil_au_calendrier_et_au_depot() -> None:
    candidature = f.une_candidature()
    porteur = client_de(f.porteur_de(candidature))
    for adresse in ("/", "/calendrier/", f"/candidatures/{candidature.pk}/deposer/"):
        assert REGLE in porteur.get(adresse).content.decode(), adresse
