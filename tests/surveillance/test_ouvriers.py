"""Who lives among the workers, as Valkey knows it: nobody is asked, and nobody waits."""

from collections.abc import Iterator

import pytest
import redis
from django.conf import settings as reglages

from rebond.celery import app
from rebond.surveillance import ouvriers
from rebond.surveillance.ouvriers import EtatOuvriers, dire_parti, dire_present, etat_des_ouvriers


@pytest.fixture
def valkey() -> Iterator[redis.Redis]:
    with redis.Redis.from_url(reglages.REDIS_URL) as client:
        client.delete(ouvriers.PRESENCES)
        yield client
        client.delete(ouvriers.PRESENCES)


def test_qui_a_parle_vit_qui_est_parti_ou_s_est_tu_ne_vit_plus(valkey):
    assert etat_des_ouvriers() == EtatOuvriers(file_joignable=True)
    for nom in ("deux@a", "un@a", "muet@a"):
        dire_present(nom)
    secondes, _ = valkey.time()
    valkey.zadd(ouvriers.PRESENCES, {"muet@a": secondes - ouvriers.SILENCE_OUVRIERS - 1})
    assert etat_des_ouvriers() == EtatOuvriers(file_joignable=True, vivants=("deux@a", "un@a"))
    dire_parti("deux@a")
    assert etat_des_ouvriers() == EtatOuvriers(file_joignable=True, vivants=("un@a",))


def test_qui_s_est_tu_longtemps_est_oublie(valkey):
    valkey.zadd(ouvriers.PRESENCES, {"ancien@a": 1})
    dire_present("un@a")
    assert valkey.zrange(ouvriers.PRESENCES, 0, -1) == [b"un@a"]


def test_sans_valkey_rien_ne_leve(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    dire_present("un@a")
    dire_parti("un@a")
    assert etat_des_ouvriers() == EtatOuvriers(file_joignable=False)
    assert ouvriers.messages_en_attente() is None


def test_ce_qui_attend_se_compte_dans_toutes_les_files(valkey):
    avant = ouvriers.messages_en_attente()
    for file in reglages.FILES_DE_TRAVAUX:
        valkey.rpush(file, "un message")
    assert ouvriers.messages_en_attente() == avant + len(reglages.FILES_DE_TRAVAUX)
    for file in reglages.FILES_DE_TRAVAUX:
        valkey.lrem(file, 1, "un message")


def test_ce_qui_est_lent_a_sa_file_et_un_ouvrier_a_qui_l_on_ne_dit_rien_les_prend_toutes():
    app.loader.import_default_modules()
    assert set(reglages.CELERY_TASK_ROUTES) <= set(app.tasks)
    files = {nom: app.amqp.router.route({}, nom)["queue"].name for nom in reglages.CELERY_TASK_ROUTES}
    assert set(files.values()) == {"documents", "exports"}
    assert app.amqp.router.route({}, "candidatures.tasks.clore_vagues_echues")["queue"].name == "celery"
    assert set(app.amqp.queues.consume_from) == set(reglages.FILES_DE_TRAVAUX)
