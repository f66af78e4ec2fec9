"""`make stampede N=500 ARGS="--graine 7"`: see docs/epreuves.md. Exit status 0 when every promise was kept."""

import argparse
import asyncio
import os
import random
import secrets
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.stampede.servir import portail_neuf

SURCHARGE = 5
# Files that measure the capacity, and how many times each.
ECHAUFFEMENT = 12
TOURS = 4
PETITE = 100
# Before the first request: connections that are opened in advance, and the change of the deadline.
ELAN = 5.0
GRACE_MIN, GRACE_MAX = 6.0, 600.0


def main(arguments: Sequence[str]) -> int:
    choix = _lire(arguments)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with portail_neuf(STAMPEDE_DECALAGE=str(choix.horloge)) as (donnees, port):
        return _courir(choix, donnees, port)


def _lire(arguments: Sequence[str]) -> argparse.Namespace:
    lecteur = argparse.ArgumentParser(prog="make stampede", description="Une ruée de dépôts autour de l’échéance.")
    lecteur.add_argument("-n", type=int, default=500, help="nombre de dossiers (500)")
    lecteur.add_argument("--graine", type=int, default=None, help="graine du hasard, pour recommencer à l’identique")
    lecteur.add_argument("--grace", type=float, default=0.0, help="grâce technique, en secondes (calculée)")
    lecteur.add_argument("--delai", type=float, default=120.0, help="attente maximale du procès-verbal et des lettres")
    lecteur.add_argument("--horloge", type=int, default=0, help="décalage de l’horloge du serveur web, en secondes")
    lecteur.add_argument("--temoin", action="store_true", help="sans le verrou : doit échouer")
    choix = lecteur.parse_args(arguments)
    if choix.graine is None:
        choix.graine = secrets.randbelow(1_000_000)
    if choix.temoin and choix.horloge:
        lecteur.error("--temoin et --horloge ne vont pas ensemble.")
    return choix


def _courir(choix: argparse.Namespace, donnees: Path, port: int) -> int:
    from django.db import connections

    from tests.stampede import donnees as semis
    from tests.stampede.degats import PROCESSUS_WEB, Portail

    print(f"Graine {choix.graine}. Préparation de {choix.n} dossiers…", flush=True)
    vague = semis.une_vague_ouverte()
    clients = semis.des_clients(vague, choix.n, port)
    chauffe = semis.des_clients(vague, ECHAUFFEMENT if choix.n > PETITE else ECHAUFFEMENT // 2, port)
    if choix.temoin:
        semis.neutraliser_le_declencheur()
    connections.close_all()
    modules = {"temoin": "tests.stampede.sans_verrou", "horloge": "tests.stampede.horloge_fausse"}
    genre = "temoin" if choix.temoin else "horloge" if choix.horloge else ""
    environ = os.environ | {"REBOND_WEB_PROCESSUS": str(PROCESSUS_WEB)}
    with Portail(modules.get(genre, "rebond.gunicorn"), environ=environ, donnees=donnees) as portail:
        portail.attendre(port)
        return asyncio.run(_jouer(choix, portail, vague, clients, chauffe, donnees))


async def _jouer(choix, portail, vague, clients, chauffe, donnees) -> int:
    from asgiref.sync import sync_to_async

    from tests.stampede import donnees as semis
    from tests.stampede.clients import saturer, se_ruer
    from tests.stampede.degats import malmener
    from tests.stampede.verdict import Charge, juger, tout_est_enregistre

    hasard = random.Random(choix.graine)  # noqa: S311 (repeatable on purpose)
    tours = TOURS if choix.n > PETITE else 1
    capacite = await saturer(chauffe, tours, reecrire=lambda: sync_to_async(semis.reecrire)(chauffe))
    duree = len(clients) / (SURCHARGE * capacite)
    # Twice the time that the backlog takes: the workers make the receipts meanwhile.
    grace = choix.grace or min(GRACE_MAX, max(GRACE_MIN, 2 * len(clients) / capacite + 4))
    echeance = round(time.time() + ELAN + duree / 2, 3)
    await sync_to_async(semis.fixer_l_echeance)(vague, echeance=echeance, grace=grace)
    print(
        f"Capacité {capacite:.1f} dépôts/s ; {len(clients)} demandes en {duree:.2f} s ; grâce {grace:.0f} s.",
        flush=True,
    )
    ruee = se_ruer(clients, echeance=echeance, duree=duree, hasard=hasard)
    degats = malmener(portail, vague, donnees=donnees, hasard=random.Random(choix.graine + 1))  # noqa: S311
    _, faits = await asyncio.gather(ruee, degats)
    print("\n".join(f"  {fait}" for fait in faits), flush=True)
    limite = time.monotonic() + choix.delai
    while not await sync_to_async(tout_est_enregistre)(vague) and time.monotonic() < limite:
        await asyncio.sleep(0.3)
    charge = Charge(capacite, _cadence([remise.apres for client in clients for remise in client.remises]))
    verdict = await sync_to_async(juger)(clients, vague=vague, charge=charge, courriels=donnees / "courriels")
    for ligne in verdict.lignes:
        print(f"{ligne.libelle:<55} {ligne.valeur:>16}{'' if ligne.tenu else '  NON'}")
    print(verdict.resume, flush=True)
    return 0 if verdict.reussi else 1


def _cadence(instants: list[float]) -> float:
    """Requests per second, without the first and the last twentieth: a few clients come back long afterwards."""
    instants = sorted(instants)
    bord = len(instants) // 20
    milieu = instants[bord : len(instants) - bord]
    return len(milieu) / (milieu[-1] - milieu[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
