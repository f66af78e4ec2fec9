"""When a request was received: on the database's clock, from the surest witness."""

import socket
import time
from datetime import UTC, datetime, timedelta

import pytest

from rebond.socle import estampille, horloges
from rebond.socle.horloges import Horloge, HorlogeDeLaBase, Noeud, observer_le_mandataire, recevoir
from rebond.socle.temps import horloge_base

pytestmark = pytest.mark.django_db
GRACE = timedelta(seconds=60)
PRES = timedelta(milliseconds=50)


@pytest.fixture(autouse=True)
def _processus_neuf(monkeypatch):
    monkeypatch.setattr(horloges, "_base", HorlogeDeLaBase())
    monkeypatch.setattr(horloges, "_mandataire", horloges.HorlogeDuMandataire())


@pytest.fixture
def derriere_un_mandataire(settings):
    settings.MANDATAIRE_DE_CONFIANCE = True


@pytest.fixture
def arrivee():
    """`arrivee()`: a connection as the worker stamps it, on which a request has just been read."""
    ecoute = socket.create_server(("127.0.0.1", 0))
    estampille.estampiller(ecoute)
    ouvertes = [ecoute]

    def arriver():
        client = socket.create_connection(ecoute.getsockname())
        client.sendall(b"x")
        connexion = estampille.SocketEstampillee.de(ecoute.accept()[0])
        connexion.recv(10)
        ouvertes.extend([client, connexion])
        return connexion

    yield arriver
    for ouverte in ouvertes:
        ouverte.close()


def entete(instant):
    return {"HTTP_X_REQUEST_START": f"t={instant.timestamp():.3f}"}


def decaler(monkeypatch, secondes):
    """This machine's clock is wrong: the kernel's stamps are wrong with it."""
    vraie, lire = time.time_ns, estampille._lire
    monkeypatch.setattr(estampille, "heure_du_noeud", lambda: vraie() + secondes * estampille.SECONDE)
    monkeypatch.setattr(horloges, "heure_du_noeud", lambda: vraie() + secondes * estampille.SECONDE)
    # The kernel may not have stamped the very first bytes.
    monkeypatch.setattr(
        estampille, "_lire", lambda annexes: lue + secondes * estampille.SECONDE if (lue := lire(annexes)) else 0
    )


def test_l_arrivee_au_serveur_compte_et_non_le_traitement(rf, arrivee):
    connexion = arrivee()
    debut = horloge_base()
    attendue = time.monotonic() + 0.3
    while time.monotonic() < attendue:
        pass
    reception = recevoir(rf.post("/", **{"gunicorn.socket": connexion}), grace=GRACE)

    assert reception.horloge is Horloge.SERVEUR
    assert abs(reception.instant - debut) < PRES


def test_sans_estampille_l_instant_est_celui_de_la_base(rf):
    avant = horloge_base()
    reception = recevoir(rf.post("/"), grace=GRACE)
    assert reception.horloge is Horloge.BASE
    assert avant <= reception.instant <= horloge_base()


def test_l_entete_est_ignore_sans_mandataire_de_confiance(rf):
    avant = horloge_base()
    reception = recevoir(rf.post("/", **entete(avant - timedelta(seconds=30))), grace=GRACE)
    assert reception.instant >= avant


def test_l_entete_du_mandataire_de_confiance_fait_foi(rf, derriere_un_mandataire):
    recue = horloge_base() - timedelta(seconds=5)
    reception = recevoir(rf.post("/", **entete(recue)), grace=GRACE)
    assert (reception.horloge, reception.suspect) == (Horloge.MANDATAIRE, None)
    assert abs(reception.instant - recue) < PRES


@pytest.mark.parametrize(
    "entete", ["", "hier", "t=", "t=-1", "t=17000000001", "t=1700000000.1234567", "t=１７００００００００"]
)
def test_un_entete_illisible_est_ignore(rf, derriere_un_mandataire, entete):
    avant = horloge_base()
    assert recevoir(rf.post("/", HTTP_X_REQUEST_START=entete), grace=GRACE).instant >= avant


def test_un_entete_plus_vieux_que_la_grace_n_est_pas_cru(rf, derriere_un_mandataire):
    avant = horloge_base()
    reception = recevoir(rf.post("/", **entete(avant - GRACE - timedelta(seconds=1))), grace=GRACE)
    assert reception.horloge is Horloge.SERVEUR
    assert reception.instant >= avant


def test_rien_n_est_recu_par_le_mandataire_apres_l_avoir_ete_ici(rf, derriere_un_mandataire, arrivee):
    connexion = arrivee()
    ici = horloge_base()
    demande = rf.post("/", **{"gunicorn.socket": connexion}, **entete(ici + timedelta(seconds=30)))
    assert recevoir(demande, grace=GRACE).instant <= ici + PRES


@pytest.mark.parametrize("decalage", [-30, 30])
def test_un_mandataire_dont_l_horloge_est_fausse_n_est_plus_cru(rf, derriere_un_mandataire, decalage):
    faux = timedelta(seconds=decalage)
    for _ in range(horloges.DELAIS_MIN):
        observer_le_mandataire(rf.get("/", **entete(datetime.now(UTC) + faux)))
    avant = horloge_base()
    reception = recevoir(rf.post("/", **entete(avant + faux)), grace=GRACE)

    assert (reception.horloge, reception.suspect) == (Horloge.BASE, Noeud.MANDATAIRE)
    assert avant <= reception.instant <= horloge_base()


def test_un_petit_ecart_du_mandataire_est_corrige(rf, derriere_un_mandataire):
    retard = timedelta(milliseconds=400)
    for _ in range(horloges.DELAIS_MIN):
        observer_le_mandataire(rf.get("/", **entete(datetime.now(UTC) - retard)))
    recue = horloge_base() - timedelta(seconds=5)
    reception = recevoir(rf.post("/", **entete(recue - retard)), grace=GRACE)

    assert (reception.horloge, reception.suspect) == (Horloge.MANDATAIRE, None)
    assert abs(reception.instant - recue) < PRES


@pytest.mark.parametrize("decalage", [-30, 30])
def test_un_serveur_dont_l_horloge_est_fausse_rend_le_meme_verdict_et_se_denonce(
    rf, monkeypatch, derriere_un_mandataire, arrivee, decalage
):
    decaler(monkeypatch, decalage)
    connexion = arrivee()
    debut = horloge_base()
    attendue = time.monotonic() + 0.3
    while time.monotonic() < attendue:
        pass
    reception = recevoir(rf.post("/", **{"gunicorn.socket": connexion}), grace=GRACE)

    assert (reception.horloge, reception.suspect) == (Horloge.BASE, Noeud.SERVEUR)
    assert abs(reception.instant - debut) < PRES
    assert abs(reception.ecart + timedelta(seconds=decalage)) < PRES


def test_une_reponse_lente_de_la_base_ne_fait_pas_oublier_une_reponse_rapide():
    horloge = HorlogeDeLaBase()
    horloge.mesurer()
    rapide = horloge._meilleure
    lente = horloges._Mesure(rapide.base + timedelta(seconds=3), rapide.monotone + 2.5, 2.0)
    assert not lente.contredit(rapide)
    assert lente.incertitude > rapide.doute(rapide.monotone + 4.5)
    assert horloges._Mesure(rapide.base + timedelta(seconds=9), rapide.monotone + 2.5, 2.0).contredit(rapide)
