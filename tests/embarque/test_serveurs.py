"""Servers come with the first command, are shared, and go with the last."""

import os
import signal
import stat
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from rebond.embarque import ServeurIndisponible, serveurs
from rebond.embarque.emplacement import ouvrir
from rebond.embarque.postgres import Postgres
from rebond.embarque.processus import port_libre
from rebond.embarque.valkey import Valkey


def en_marche(donnees: Path) -> tuple[bool, bool]:
    dossier = ouvrir(donnees)
    return Postgres(dossier).port() is not None, Valkey(dossier)._etat() is not None


def test_une_commande_demarre_les_deux_serveurs_et_n_en_laisse_aucun(commande: Any, donnees: Path) -> None:
    premiere = commande()
    base, file = premiere.urls()

    with psycopg.connect(base) as connexion:
        assert connexion.execute("SELECT current_database(), current_setting('timezone')").fetchone() == (
            "rebond",
            "UTC",
        )
        noms = "SELECT count(*) FROM pg_available_extensions WHERE name IN ('unaccent', 'pg_trgm', 'btree_gist')"
        assert connexion.execute(noms).fetchone() == (3,)
    with redis.Redis.from_url(file) as client:
        assert client.ping()

    assert premiere.partir() == (0, "")
    assert en_marche(donnees) == (False, False)


def test_deux_commandes_a_la_fois_partagent_les_serveurs_jusqu_a_la_derniere(commande: Any, donnees: Path) -> None:
    premiere, seconde = commande(), commande()
    assert premiere.urls() == seconde.urls()

    assert premiere.partir() == (0, "")
    assert en_marche(donnees) == (True, True)

    assert seconde.partir() == (0, "")
    assert en_marche(donnees) == (False, False)


def test_une_commande_tuee_ne_retient_pas_les_serveurs(commande: Any, donnees: Path) -> None:
    tuee = commande()
    urls = tuee.urls()
    assert tuee.signaler(signal.SIGKILL) == -signal.SIGKILL

    suivante = commande()
    assert suivante.urls() == urls
    assert suivante.partir() == (0, "")
    assert en_marche(donnees) == (False, False)


def test_sigterm_arrete_les_serveurs(commande: Any, donnees: Path) -> None:
    premiere = commande()
    premiere.urls()
    assert premiere.signaler(signal.SIGTERM) == 128 + signal.SIGTERM
    assert en_marche(donnees) == (False, False)


def test_les_donnees_survivent_a_des_serveurs_tues_et_a_leurs_verrous(commande: Any, donnees: Path) -> None:
    premiere = commande()
    premiere.urls()
    dossier = ouvrir(donnees)
    with psycopg.connect(Postgres(dossier).url_proprietaire()) as connexion:
        connexion.execute("CREATE TABLE temoin AS SELECT 42 AS valeur; GRANT SELECT ON temoin TO rebond_application")
    verrou = Postgres(dossier).base / "postmaster.pid"
    etat = Valkey(dossier)._etat()
    assert etat is not None
    os.kill(int(verrou.read_text().splitlines()[0]), signal.SIGQUIT)
    os.kill(etat[0], signal.SIGKILL)
    premiere.signaler(signal.SIGKILL)
    # What a power cut leaves: a lock that names a process which now is someone else's.
    verrou.write_text(f"{os.getpid()}\n{Postgres(dossier).base}\n0\n5432\n\n127.0.0.1\n0 0\nready\n")

    suivante = commande()
    with psycopg.connect(suivante.urls()[0]) as connexion:
        assert connexion.execute("SELECT valeur FROM temoin").fetchone() == (42,)
    assert suivante.partir() == (0, "")


def test_un_port_pris_fait_essayer_un_autre(donnees: Path, port_pris: int) -> None:
    donnees.mkdir()
    dossier = ouvrir(donnees)
    essais = iter([port_pris, port_libre()])
    postgres = Postgres(dossier, jetable=True, choisir_port=lambda: next(essais))
    postgres.demarrer()
    try:
        assert postgres.port() not in (None, port_pris)
    finally:
        postgres.arreter()

    essais = iter([port_pris, port_libre()])
    valkey = Valkey(dossier, choisir_port=lambda: next(essais))
    valkey.demarrer()
    try:
        assert valkey._etat() is not None
    finally:
        valkey.arreter()
    with pytest.raises(ServeurIndisponible, match="les ports essayés étaient tous déjà pris"):
        Valkey(dossier, choisir_port=lambda: port_pris).demarrer()


def test_les_secrets_sont_prives_et_stables(donnees: Path) -> None:
    premier, second = ({"REBOND_DONNEES": str(donnees)} for _ in range(2))
    with serveurs(premier, jetables=True):
        pass
    with serveurs(second, jetables=True):
        pass
    assert premier["REBOND_CLE_SECRETE"] == second["REBOND_CLE_SECRETE"]
    assert len(premier["REBOND_CLE_SECRETE"]) >= 50
    assert premier["REBOND_DEMONSTRATION"] == "oui"
    for fichier in (donnees / "cle-secrete", ouvrir(donnees).serveurs / "mot-de-passe"):
        assert stat.S_IMODE(fichier.stat().st_mode) == 0o600


def test_personne_n_entre_sans_mot_de_passe(donnees: Path) -> None:
    environ = {"REBOND_DONNEES": str(donnees)}
    with serveurs(environ, jetables=True):
        base, file = environ["DATABASE_URL"], environ["REDIS_URL"]
        secret = base.split(":")[2].split("@")[0]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(base.replace(secret, "autre"))
        secret = file.split(":")[2].split("@")[0]
        with pytest.raises(redis.AuthenticationError), redis.Redis.from_url(file.replace(secret, "autre")) as client:
            client.ping()


def test_des_serveurs_fournis_sont_pris_tels_quels(donnees: Path) -> None:
    environ = {"DATABASE_URL": "postgresql://a@b/c", "REDIS_URL": "redis://b/0", "REBOND_DONNEES": str(donnees)}
    avant = dict(environ)
    with serveurs(environ):
        assert environ == avant
    assert not donnees.exists()
