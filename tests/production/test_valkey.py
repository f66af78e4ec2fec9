"""Nothing that is read back from Valkey, nor from beat's disk, runs code; and nobody reads it without the password."""

import pickle
import re
from pathlib import Path

import pytest
import redis
import yaml
from django.conf import settings
from django.core.cache.backends.redis import RedisCache

from rebond.celery import app
from rebond.rythme import Rythme

RACINE = Path(__file__).parents[2]
PICKLES = re.compile(r"^\s*(?:import|from) (?:pickle|cPickle|shelve|marshal|dill|jsonpickle|joblib)\b", re.MULTILINE)


@pytest.fixture
def cache():
    """The production's own, on the suite's server: a test's usual one is in memory."""
    from rebond import settings as ecrits

    reglages = dict(ecrits.CACHES["default"])
    cache_ = RedisCache(reglages.pop("LOCATION"), reglages | {"KEY_PREFIX": "essai-json"})
    yield cache_
    for cle in ("liste", "entier", "texte", "pirate", "objet"):
        cache_.delete(cle)


@pytest.mark.parametrize(("cle", "valeur"), [("liste", [1.5, ["é", None, True]]), ("entier", 3), ("texte", "12")])
def test_le_cache_rend_ce_qu_on_lui_donne(cache, cle, valeur):
    cache.set(cle, valeur, 30)
    assert cache.get(cle) == valeur
    assert type(cache.get(cle)) is type(valeur)


def test_le_cache_compte(cache):
    cache.set("entier", 3, 30)
    assert (cache.incr("entier"), cache.get("entier")) == (4, 4)


def test_un_pickle_ecrit_dans_valkey_n_est_jamais_lu(cache):
    cle = cache.make_and_validate_key("pirate")
    cache._cache.get_client(cle, write=True).set(cle, pickle.dumps({"bonjour": 1}))
    with pytest.raises(ValueError, match=r"codec|JSON|Expecting"):
        cache.get("pirate")


def test_ce_que_json_ne_sait_pas_rendre_n_entre_pas(cache):
    with pytest.raises(TypeError):
        cache.set("objet", {1, 2}, 30)


def test_les_messages_sont_du_json_seul():
    assert (app.conf.task_serializer, app.conf.result_serializer, app.conf.event_serializer) == ("json",) * 3
    assert list(app.conf.accept_content) == ["json"]


def test_le_battement_ne_garde_rien_sur_le_disque_qu_un_temoin_vide(tmp_path):
    temoin = tmp_path / "beat"
    rythme = Rythme(app=app, schedule_filename=str(temoin), lazy=True)
    rythme.tick()
    assert (temoin.exists(), temoin.stat().st_size) == (True, 0)
    assert app.conf.beat_scheduler == "rebond.rythme:Rythme"


def test_aucun_module_du_produit_ne_lit_de_pickle():
    paquets = ("rebond", "territoires", "candidatures", "projets")
    lus = [chemin for paquet in paquets for chemin in (RACINE / paquet).rglob("*.py")]
    assert len(lus) > 300
    assert [chemin.name for chemin in lus if PICKLES.search(chemin.read_text())] == []
    assert PICKLES.search("import pickle\n")


def test_valkey_demande_un_mot_de_passe_ici_et_dans_compose():
    hote = redis.Redis.from_url(settings.REDIS_URL).connection_pool.connection_kwargs
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(host=hote["host"], port=hote["port"]).ping()
    compose = yaml.safe_load((RACINE / "docker-compose.yml").read_text())
    assert compose["x-rebond"]["environment"]["REDIS_URL"] == "redis://:${VALKEY_PASSWORD:?}@valkey:6379/0"
    assert 'requirepass "%s"' in compose["services"]["valkey"]["command"][-1]


def test_les_images_sont_d_une_version_exacte():
    compose = yaml.safe_load((RACINE / "docker-compose.yml").read_text())
    images = [service["image"] for service in compose["services"].values() if service["image"] != "rebond"]
    images += re.findall(r"^FROM (\w+:\S+)", (RACINE / "Dockerfile").read_text(), flags=re.MULTILINE)
    assert len(images) == 6
    assert [image for image in images if not re.search(r":\d+\.\d+(\.\d+)?(-[\w.-]+)?\$\{DIGEST_[A-Z]+", image)] == []


def test_les_secrets_restent_hors_du_depot_et_de_l_image():
    assert ".env" in (RACINE / ".gitignore").read_text().splitlines()
    assert "**/.env*" in (RACINE / ".dockerignore").read_text().splitlines()
