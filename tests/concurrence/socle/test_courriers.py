"""Letters and a worker that dies: at least once, and recognisable when twice."""

from collections.abc import Iterator

import pytest
from celery import current_app
from django.db import connection

from rebond.socle.bdd import verrous
from rebond.socle.courriers import envoi as courriers
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.tasks import envoyer_courriers
from tests.concurrence.attente import attendre
from tests.outils.smtp import ServeurSmtp

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def serveur() -> Iterator[ServeurSmtp]:
    serveur = ServeurSmtp()
    serveur.demarrer()
    yield serveur
    serveur.arreter()


def test_un_ouvrier_tue_entre_l_envoi_et_sa_marque_renvoie_la_lettre_sous_le_meme_nom(ouvrier, serveur, settings):
    """The server kills the worker once it holds the letter, before it answers that it does."""
    celui_ci = ouvrier(
        environ={
            "REBOND_COURRIEL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "REBOND_SMTP_HOTE": "127.0.0.1",
            "REBOND_SMTP_PORT": str(serveur.port),
        }
    )
    serveur.avant_reponse = lambda _lettre: celui_ci.tuer()
    lettre = Courrier.objects.create(cle="a", destinataire="a@example.fr", objet="Objet", texte="Bonjour")
    current_app.send_task("rebond.socle.tasks.envoyer_courriers")
    attendre(lambda: len(serveur.lettres) == 1)
    serveur.avant_reponse = lambda _lettre: None
    lettre.refresh_from_db()
    assert (lettre.envoye_le, lettre.tentatives) == (None, 0)

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", serveur.port
    # Postgres lets go of the row when it notices that the worker is gone.
    attendre(lambda: courriers.envoyer_en_attente(maintenant=horloge_base()) == 1)
    premiere, seconde = serveur.lettres
    assert premiere["Message-ID"] == seconde["Message-ID"]
    assert Courrier.objects.get().envoye_le is not None


def test_un_lot_a_la_fois_laisse_les_autres_ouvriers_libres():
    Courrier.objects.create(cle="a", destinataire="a@example.fr", objet="Objet", texte="Bonjour")
    autre = connection.copy()
    try:
        with autre.cursor() as curseur:
            curseur.execute("SELECT pg_advisory_lock(%s)", [verrous.cle("courriers")])
        assert envoyer_courriers() == 0
    finally:
        autre.close()
    # Whoever dies lets go of the lock; Postgres needs an instant to notice.
    attendre(lambda: envoyer_courriers() == 1)
    assert envoyer_courriers() == 0
