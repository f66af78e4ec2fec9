"""When a request was received: on the database's clock, from the surest witness."""

import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebond.socle.horloge import estampille, horloges
from rebond.socle.horloge.horloges import Horloge, HorlogeDeLaBase, Noeud, observer_le_mandataire, recevoir
from rebond.socle.horloge.temps import EPOQUE, horloge_base

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


MILLISECONDE = 10**6
delais = st.integers(0, 3 * estampille.SECONDE)


def apprise(reponses, *, decalage):
    """A clock that was told several times; returns it, the last instant, and the shortest delay of an answer.

    `reponses` are the delays of the question, of its answer, and of the rest before the next question.
    """
    horloge, monotone = HorlogeDeLaBase(), 0
    for aller, retour, repos in reponses:
        base = (NAISSANCE + monotone + aller + decalage) // 1000 * horloges.MICROSECONDE
        horloge.apprendre(EPOQUE + base, monotone, monotone + aller + retour)
        monotone += aller + retour + repos
    return horloge, monotone, min(aller + retour for aller, retour, _ in reponses)


# When the monotonic clock began, on the node's; the database's is `decalage` later.
NAISSANCE = 1_800_000_000 * estampille.SECONDE
une_ou_plusieurs_reponses = st.lists(st.tuples(delais, delais, delais), min_size=1, max_size=8)


@given(une_ou_plusieurs_reponses)
def test_une_horloge_juste_n_est_jamais_corrigee_si_lente_que_soit_la_base(reponses):
    horloge, monotone, _ = apprise(reponses, decalage=0)
    assert horloge.ecart(NAISSANCE + monotone, monotone) == 0


@given(une_ou_plusieurs_reponses, st.integers(-estampille.SECONDE, estampille.SECONDE))
def test_une_horloge_fausse_n_est_jamais_corrigee_de_trop_ni_de_moins_que_ce_que_l_on_sait(reponses, decalage):
    horloge, monotone, plus_courte = apprise(reponses, decalage=decalage)
    correction = horloge.ecart(NAISSANCE + monotone, monotone)
    doute = plus_courte + 1000 + 2 * (monotone * horloges.DERIVE + len(reponses))
    assert 0 <= correction * (1 if decalage >= 0 else -1) <= abs(decalage)
    assert abs(decalage - correction) <= doute
    assert abs(horloge.heure(monotone) - (NAISSANCE + monotone + decalage)) <= doute


def test_une_base_remise_a_l_heure_est_crue_a_sa_premiere_reponse():
    horloge = HorlogeDeLaBase()
    horloge.apprendre(EPOQUE, 0, MILLISECONDE)
    horloge.apprendre(EPOQUE + timedelta(seconds=9), 10 * MILLISECONDE, 11 * MILLISECONDE)
    assert abs(horloge.heure(11 * MILLISECONDE) - 9 * estampille.SECONDE) <= MILLISECONDE


def test_deux_horloges_lues_de_part_et_d_autre_d_une_interruption_sont_relues(monkeypatch):
    # Put aside for 40 ms between the two readings of the first try.
    lectures = iter([0, 40 * MILLISECONDE, 41 * MILLISECONDE, 41 * MILLISECONDE + 200])
    monkeypatch.setattr(estampille.time, "monotonic_ns", lambda: next(lectures))
    monkeypatch.setattr(estampille, "heure_du_noeud", iter([7, 41_000_100]).__next__)
    assert estampille.heures() == (41_000_100, 41 * MILLISECONDE + 100)
