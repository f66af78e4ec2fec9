"""What counts goes on counting when Valkey is killed, and nobody waits for it."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache, caches

from rebond.embarque.emplacement import ouvrir
from rebond.embarque.valkey import Valkey
from rebond.settings import CACHES as CEUX_DU_PRODUIT
from rebond.socle.requete import cache as module
from rebond.socle.requete import compteurs
from rebond.socle.requete.compteurs import Limite

TROIS = Limite("trois", 3, 60)


@pytest.fixture
def valkey(
    tmp_path_factory: pytest.TempPathFactory, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Valkey]:
    """A server of this test's own, as the product's settings know it."""
    donnees = tmp_path_factory.mktemp("donnees")
    donnees.chmod(0o711)
    serveur = Valkey(ouvrir(donnees))
    serveur.demarrer()
    monkeypatch.setattr(module, "_reprises", {})
    settings.CACHES = {"default": CEUX_DU_PRODUIT["default"] | {"LOCATION": serveur.url()}}
    yield serveur
    serveur.arreter()


def tuer(serveur: Valkey) -> int:
    """SIGKILL; the port that it had."""
    pid, port = map(int, (serveur.base / "etat").read_text().split())
    os.kill(pid, signal.SIGKILL)
    return port


def essais(combien: int, sujet: str = "camille") -> list[bool]:
    return [compteurs.admis(TROIS, sujet) for _ in range(combien)]


def test_les_comptes_sont_dans_valkey_et_se_partagent(valkey: Valkey) -> None:
    assert essais(2) == [True, True]
    # Another thread, another process: another client.
    del caches["default"]
    assert essais(2) == [True, False]
    assert essais(1, "dominique") == [True]


def test_valkey_tue_les_comptes_continuent_sans_faire_attendre(valkey: Valkey) -> None:
    assert essais(4) == [True, True, True, False]
    tuer(valkey)
    debut = time.monotonic()
    assert essais(5) == [True, True, True, False, False]
    assert time.monotonic() - debut < 2
    # Another thread of the same process knows what this one counted.
    del caches["default"]
    assert essais(1) == [False]


def test_valkey_revenu_sert_de_nouveau(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.set("avant", 1)
    port = tuer(valkey)
    monkeypatch.setattr(module, "PAUSE", 0.0)
    assert cache.get("avant") is None
    Valkey(valkey.dossier, choisir_port=lambda: port).demarrer()
    cache.set("apres", 2)
    assert module.RedisCache.get(cache, "apres") == 2


def test_toute_l_interface_du_cache_repond_sans_valkey(sans_valkey: None) -> None:
    assert cache.add("a", 1)
    assert not cache.add("a", 2)
    assert (cache.get("a"), cache.get("b", "rien"), cache.has_key("a"), "b" in cache) == (1, "rien", True, False)
    assert (cache.incr("a", 4), cache.decr("a", 2)) == (5, 3)
    assert cache.set_many({"b": 2, "c": 3}) == []
    assert cache.get_many(["a", "b", "d"]) == {"a": 3, "b": 2}
    assert (cache.touch("b", 60), cache.delete("b"), cache.get_or_set("d", 4)) == (True, True, 4)
    cache.delete_many(["c"])
    assert cache.get("c") is None
    cache.clear()
    assert cache.get("a") is None
    with pytest.raises(ValueError, match="a"):
        cache.incr("a")


def test_un_compte_rendu_ou_oublie_ne_compte_plus(sans_valkey: None) -> None:
    assert essais(3) == [True, True, True]
    compteurs.rendre(TROIS, "camille")
    assert essais(2) == [True, False]
    compteurs.oublier(TROIS, "camille")
    assert essais(1) == [True]
    # Given back after it was forgotten: nothing to take from.
    compteurs.oublier(TROIS, "camille")
    compteurs.rendre(TROIS, "camille")
    assert essais(4) == [True, True, True, False]
