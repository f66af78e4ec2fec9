"""PostgreSQL stopped dead twice while territories deposit. Prints what they were shown and what was kept, as JSON."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from uuid import uuid4

from rebond.amorce.equipe import Equipe, Poste
from rebond.embarque import emplacement as emplacements
from rebond.embarque.postgres import Postgres
from tests.stampede.servir import portail_neuf

DOSSIERS = 4
ARRETS = 2
# Deposits shown before each stop, and after the last one.
ENTRE = 8
DELAI = 60.0


def main() -> None:
    with portail_neuf() as (donnees, port):
        from django.db import connections

        from tests.stampede import donnees as semis

        clients = semis.des_clients(semis.une_vague_ouverte(), DOSSIERS, port)
        connections.close_all()
        web = Poste("web", [sys.executable, "-m", "gunicorn", "-c", "python:rebond.gunicorn", "rebond.wsgi"])
        with Equipe([web], environ=os.environ, journaux=donnees / "journaux"):
            montres = asyncio.run(_deposer_pendant_les_arrets(clients, donnees))
            renvois = asyncio.run(_renvoyer(clients, montres))
        print(json.dumps(_constat(montres, renvois)))


async def _deposer_pendant_les_arrets(clients, donnees: Path) -> dict[str, str]:
    """The number shown for each key."""
    montres: dict[str, str] = {}
    fini = asyncio.Event()
    taches = [asyncio.create_task(_deposer_sans_fin(client, montres, fini)) for client in clients]
    for arret in range(ARRETS + 1):
        attendus, limite = len(montres) + ENTRE, time.monotonic() + DELAI
        while len(montres) < attendus:
            if time.monotonic() > limite:
                raise TimeoutError(f"Plus aucun accusé après {arret} arrêt(s) de PostgreSQL.")
            await asyncio.sleep(0.01)
        if arret < ARRETS:
            await asyncio.to_thread(_arreter_net_et_relancer, donnees)
    fini.set()
    await asyncio.gather(*taches)
    return montres


async def _deposer_sans_fin(client, montres: dict[str, str], fini: asyncio.Event) -> None:
    from asgiref.sync import sync_to_async

    from tests.stampede import donnees as semis

    while not fini.is_set():
        await sync_to_async(semis.reecrire_quand_postgres_repond)(client, DELAI)
        client.cle = str(uuid4())
        montres[client.cle] = await _jusqu_a_l_accuse(client)


async def _jusqu_a_l_accuse(client) -> str:
    """Ask again, under the same key, until a receipt is shown: the portal may be down for a while."""
    client.numeros.clear()
    limite = time.monotonic() + DELAI
    await client.deposer()
    while not client.numeros:
        if time.monotonic() > limite:
            raise TimeoutError(f"Aucun accusé : {client.erreurs[-3:]}")
        await asyncio.sleep(0.2)
        await client.deposer()
    return client.numeros[0]


async def _renvoyer(clients, montres: dict[str, str]) -> dict[str, str]:
    """The same keys again, each from the file that sent it; the number that each is shown now."""
    from asgiref.sync import sync_to_async

    from candidatures.models import Depot

    origines = await sync_to_async(lambda: dict(Depot.objects.values_list("cle", "candidature_id")))()
    origines = {str(cle): candidature for cle, candidature in origines.items()}
    par_dossier = {client.candidature: client for client in clients}
    renvois = {}
    for cle in montres:
        client = par_dossier[origines[cle]]
        client.cle = cle
        renvois[cle] = await _jusqu_a_l_accuse(client)
    return renvois


def _arreter_net_et_relancer(donnees: Path) -> None:
    """`pg_ctl stop -m immediate` (no checkpoint), then the same server at the same address."""
    postgres = Postgres(emplacements.ouvrir(donnees))
    port = postgres.port()
    if port is None:
        raise RuntimeError("PostgreSQL ne tourne pas.")
    commande = [postgres._programme() / "pg_ctl", "stop", "-s", "-w", "-m", "immediate", "-D", postgres.base]
    code, sortie = postgres.dossier.compte.lancer(commande, dossier=postgres.dossier.serveurs)
    if code != 0:
        raise RuntimeError(sortie)
    Postgres(postgres.dossier, choisir_port=lambda: port).demarrer()


def _constat(montres: dict[str, str], renvois: dict[str, str]) -> dict[str, object]:
    from django.db import connection

    from candidatures.models import Depot

    gardes = {str(cle): numero for cle, numero in Depot.objects.values_list("cle", "numero")}
    with connection.cursor() as curseur:
        reglages = ("fsync", "synchronous_commit", "full_page_writes")
        curseur.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(reglages)])
        durables = dict(curseur.fetchall())
    return {"montres": montres, "gardes": gardes, "renvois": renvois, "reglages": durables}


if __name__ == "__main__":
    main()
