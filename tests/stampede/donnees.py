"""What the stampede starts from: one open wave, complete files, their porteurs signed in."""

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.test import Client as Navigateur

from candidatures.models import Candidature, Vague
from rebond.socle.bdd.roles import en_proprietaire
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.stampede.clients import Client


def une_vague_ouverte() -> Vague:
    return f.une_vague(cloture=horloge_base() + timedelta(days=1))


def des_clients(vague: Vague, nombre: int, port: int) -> list[Client]:
    return [_un_client(vague, port) for _ in range(nombre)]


def _un_client(vague: Vague, port: int) -> Client:
    porteur = f.un_utilisateur()
    candidature = f.une_candidature(vague=vague, porteur=porteur)
    navigateur = Navigateur()
    navigateur.force_login(porteur)
    return Client(candidature.pk, navigateur.cookies[settings.SESSION_COOKIE_NAME].value, port)


def reecrire(clients: list[Client]) -> None:
    """Give each file a content that it never had: the same one again would be the same deposit."""
    for client in clients:
        f.reecrire(Candidature.objects.get(pk=client.candidature), f"Deux usines ferment ({uuid4()}).")


def reecrire_quand_postgres_repond(client: Client, delai: float) -> None:
    """`reecrire`, asked again for `delai` seconds while PostgreSQL is down."""
    limite = time.monotonic() + delai
    while True:
        try:
            return reecrire([client])
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > limite:
                raise
            time.sleep(0.1)


def fixer_l_echeance(vague: Vague, *, echeance: float, grace: float) -> None:
    """`echeance` in seconds since 1970, `grace` in seconds."""
    vague.cloture, vague.grace = datetime.fromtimestamp(echeance, UTC), timedelta(seconds=grace)
    Vague.objects.filter(pk=vague.pk).update(cloture=vague.cloture, grace=vague.grace)


def neutraliser_le_declencheur() -> None:
    """For the control: the database no longer judges receptions, nor holds the wave."""
    with en_proprietaire(connection), connection.cursor() as curseur:
        curseur.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_depot_recu_a_temps%'")
        (nom,) = curseur.fetchone()
        curseur.execute(f"ALTER TABLE candidatures_depot DISABLE TRIGGER {nom}")
