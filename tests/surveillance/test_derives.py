"""Clocks that are off ring: at the request that they stamped, and at each round of the watch."""

import socket
from datetime import UTC, datetime, timedelta

import pytest

from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge import estampille, horloges
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.vigie import Alarme
from rebond.surveillance import alarmes, derives
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db
CLE = f"horloge-serveur-{socket.gethostname()}"


@pytest.fixture(autouse=True)
def _processus_neuf(monkeypatch):
    monkeypatch.setattr(horloges, "_base", horloges.HorlogeDeLaBase())
    monkeypatch.setattr(horloges, "_mandataire", horloges.HorlogeDuMandataire())
    monkeypatch.setattr(derives, "_dites", {})
    f.un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def decaler(monkeypatch):
    vraie = estampille.heure_du_noeud

    def decaler(secondes):
        monkeypatch.setattr(estampille, "heure_du_noeud", lambda: vraie() + int(secondes * estampille.SECONDE))

    return decaler


def heure_du_serveur():
    return datetime.fromtimestamp(estampille.heure_du_noeud() / estampille.SECONDE, UTC)


def en_vigueur():
    return list(alarmes.en_vigueur().values_list("cle", flat=True))


@pytest.mark.parametrize(
    ("decalage", "dit"), [(30, "est en avance de 30,0\xa0secondes"), (-1.5, "est en retard de 1,5\xa0secondes")]
)
def test_un_depot_recu_par_un_serveur_dont_l_horloge_est_fausse_previent_les_administrateurs(
    client, decaler, decalage, dit
):
    candidature = f.une_candidature()
    client.force_login(candidature.participations.get().utilisateur)
    decaler(decalage)
    reponse = client.post(f"/candidatures/{candidature.pk}/deposer/", {"cle": "d0e9a7f2-6a0c-4d0f-a90f-0a6d5d0f1b11"})
    assert reponse.status_code == 302
    assert candidature.depots.count() == 1
    assert en_vigueur() == [CLE]
    (lettre,) = Courrier.objects.filter(cle__startswith="alarme-")
    assert dit in lettre.texte


def test_une_alarme_qui_ne_peut_pas_sonner_n_empeche_aucun_depot(client, decaler, monkeypatch, caplog):
    def sans_verrou(cle):
        raise RuntimeError("plus de verrou")

    candidature = f.une_candidature()
    client.force_login(candidature.participations.get().utilisateur)
    decaler(30)
    monkeypatch.setattr(alarmes.verrous, "attendre", sans_verrou)
    client.post(f"/candidatures/{candidature.pk}/deposer/", {"cle": "d0e9a7f2-6a0c-4d0f-a90f-0a6d5d0f1b11"})
    assert candidature.depots.count() == 1
    assert "plus de verrou" in caplog.text


def test_moins_d_une_seconde_ne_sonne_pas(decaler):
    decaler(0.9)
    derives.surveiller(maintenant=horloge_base())
    assert en_vigueur() == []


def test_la_veille_sonne_puis_eteint_quand_l_horloge_est_remise_a_l_heure(decaler):
    decaler(-30)
    derives.surveiller(maintenant=horloge_base())
    derives.surveiller(maintenant=horloge_base())
    assert en_vigueur() == [CLE]
    decaler(0)
    derives.surveiller(maintenant=horloge_base())
    assert en_vigueur() == []
    assert Alarme.objects.count() == Courrier.objects.count() == 1


def test_le_mandataire_est_juge_des_qu_assez_de_requetes_l_ont_dit(rf, settings):
    settings.MANDATAIRE_DE_CONFIANCE = True

    def passer(fois):
        for _ in range(fois):
            avance = heure_du_serveur() + timedelta(seconds=5)
            horloges.observer_le_mandataire(rf.get("/", HTTP_X_REQUEST_START=f"t={avance.timestamp():.3f}"))

    passer(horloges.DELAIS_MIN - 1)
    derives.surveiller(maintenant=horloge_base())
    assert en_vigueur() == []
    passer(1)
    derives.surveiller(maintenant=horloge_base())
    assert en_vigueur() == [f"horloge-mandataire-{socket.gethostname()}"]
    assert "du mandataire" in Alarme.objects.get().texte


def test_un_petit_ecart_de_chacun_qui_font_ensemble_plus_d_une_seconde_ne_sont_pas_crus(rf, settings, decaler):
    settings.MANDATAIRE_DE_CONFIANCE = True
    decaler(0.7)
    for _ in range(horloges.DELAIS_MIN):
        avance = heure_du_serveur() + timedelta(seconds=0.7)
        horloges.observer_le_mandataire(rf.get("/", HTTP_X_REQUEST_START=f"t={avance.timestamp():.3f}"))
    avant = horloge_base()
    demande = rf.post("/", HTTP_X_REQUEST_START=f"t={(avant + timedelta(seconds=1.4)).timestamp():.3f}")
    recue = horloges.recevoir(demande, grace=timedelta(minutes=1))
    assert recue.suspect is horloges.Noeud.MANDATAIRE
    assert avant <= recue.instant <= horloge_base()


def test_l_alarme_d_un_serveur_qui_n_est_plus_la_s_eteint_au_bout_d_un_jour():
    maintenant = horloge_base()
    ancienne = maintenant - timedelta(days=1, seconds=1)
    alarmes.sonner(cle="horloge-serveur-parti", objet="o", texte="t", maintenant=ancienne)
    alarmes.sonner(cle="horloge-serveur-autre", objet="o", texte="t", maintenant=maintenant - timedelta(hours=23))
    derives.surveiller(maintenant=maintenant)
    assert en_vigueur() == ["horloge-serveur-autre"]
