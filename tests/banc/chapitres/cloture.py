"""What a closing costs, beside raw SQL, and what it costs to those who deposit elsewhere meanwhile."""

import statistics
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from uuid import uuid4

from django.db import connection, transaction

from candidatures.cloture.actions import cloture
from candidatures.depot.actions import depots
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.banc.comparaison import empiler
from tests.banc.donnees import vagues_closes
from tests.banc.mesures import Ligne, au_plus
from tests.banc.reference import lenteur
from tests.banc.sql import noter
from tests.banc.terrain import Terrain
from tests.outils.roles import en_administrateur

GRAND, PETIT = 10_000, 1_000
SECONDES_MAX, INSTRUCTIONS_MAX, RALENTISSEMENT_MAX, MEMOIRE_MAX = 5.0, 20, 1.5, 1.2
DEPOTS_USUELS = 600


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    grand, petit = terrain.taille(GRAND), terrain.taille(PETIT)
    # The first closing pays for what Python and Postgres load once.
    clore(vagues_closes.une_vague_close(min(100, petit)))
    _, _, petite = clore(vagues_closes.une_vague_close(petit), memoire=True)
    _, instructions, grande = clore(vagues_closes.une_vague_close(grand), memoire=True)
    vague, seconde_vague = vagues_closes.une_vague_close(grand), vagues_closes.une_vague_close(grand)
    sql = plancher(vague.pk)
    duree, _, _ = clore(vague)
    connection.close()
    usuel, pendant, duree_partagee = ralentissement(seconde_vague.pk, terrain.taille(DEPOTS_USUELS, minimum=40))
    croissance, retard = grande / petite, pendant / usuel
    yield Ligne(
        "cloture",
        f"Clôture de {GRAND} dossiers de {vagues_closes.PIECES} pièces",
        {
            "instructions": instructions,
            "base_ms": 1000 * sql,
            "p50_ms": 1000 * duree,
            "memoire_mo": grande / 1e6,
            "croissance": croissance,
            "rapport": duree / sql,
        },
        [
            au_plus("secondes", duree, SECONDES_MAX * lenteur(empiler(terrain))),
            au_plus("instructions", instructions, INSTRUCTIONS_MAX),
            au_plus(f"mémoire de Python, de {PETIT} à {GRAND}", croissance, MEMOIRE_MAX),
        ],
        note=f"le rapport est celui au même travail en SQL nu ({sql:.2f} s)",
    )
    yield Ligne(
        "depot-pendant-cloture",
        f"Dépôt dans une autre vague, pendant une clôture ({duree_partagee:.1f} s)",
        {"p95_usuel_ms": 1000 * usuel, "p95_ms": 1000 * pendant, "rapport": retard},
        [au_plus("95e centile, de l’usuel", retard, RALENTISSEMENT_MAX)],
    )


def clore(vague, *, memoire: bool = False) -> tuple[float, int, int]:
    """Close for good; seconds, statements, and peak bytes of Python when asked (which slows the rest down)."""
    maintenant = horloge_base()
    if memoire:
        tracemalloc.start()
    with noter() as instructions:
        debut = time.perf_counter()
        fait = cloture.clore(vague_id=vague.pk, maintenant=maintenant)
        duree = time.perf_counter() - debut
    sommet = tracemalloc.get_traced_memory()[1] if memoire else 0
    tracemalloc.stop()
    if fait is None:
        raise AssertionError("Rien n’a été clos.")
    return duree, len(instructions), sommet


def plancher(vague: int) -> float:
    """The same rows written by bare statements, then taken back."""
    with en_administrateur(), transaction.atomic(), connection.cursor() as curseur:
        debut = time.perf_counter()
        for instruction in PLANCHER:
            curseur.execute(instruction, {"vague": vague})
        duree = time.perf_counter() - debut
        transaction.set_rollback(True)
    return duree


PLANCHER = (
    """
    CREATE TEMPORARY TABLE lignes AS
    SELECT d.id, d.numero, d.recu_le, d.empreinte, string_agg(doc.sha256, ',' ORDER BY p.id) AS pieces
      FROM candidatures_depot d JOIN candidatures_candidature c ON c.id = d.candidature_id
      JOIN candidatures_piecedeposee p ON p.depot_id = d.id JOIN socle_document doc ON doc.id = p.document_id
     WHERE c.vague_id = %(vague)s GROUP BY d.id
    """,
    """
    INSERT INTO socle_entreejournal (acte, acteur, objet_type, objet_id, objet, fait_le, details)
    SELECT 'ouvrir_instruction', 'Portail', 'candidatures.candidature', id::text, id::text, now(), '{}'
      FROM candidatures_candidature WHERE vague_id = %(vague)s
    """,
    """
    INSERT INTO socle_courrier (cle, destinataire, objet, texte, tentatives, derniere_erreur)
    SELECT 'banc-' || c.id, u.email, 'Votre dossier', repeat('Bonjour. ', 100), 0, ''
      FROM candidatures_candidature c JOIN candidatures_participation p ON p.candidature_id = c.id
      JOIN socle_utilisateur u ON u.id = p.utilisateur_id WHERE c.vague_id = %(vague)s
    """,
    "UPDATE candidatures_candidature SET etat = 'en_instruction' WHERE vague_id = %(vague)s",
)


def programme_de_cloture(vague: int) -> str:
    """Closes `vague` once told to, and prints how long it took."""
    return (
        "import django, sys, time; django.setup()\n"
        "from candidatures.cloture.actions import cloture\n"
        "from rebond.socle.horloge.temps import horloge_base\n"
        "maintenant = horloge_base(); print('pret', flush=True); sys.stdin.readline()\n"
        "debut = time.perf_counter()\n"
        f"assert cloture.clore(vague_id={vague}, maintenant=maintenant)\n"
        "print(time.perf_counter() - debut, flush=True)\n"
    )


def ralentissement(vague: int, depots_usuels: int) -> tuple[float, float, float]:
    """95th percentile (seconds) of a deposit to another wave: usually, then while `vague` closes in another process;
    and how long that closing took.
    """
    brouillons = vagues_closes.des_brouillons_complets(20)
    auteurs = [f.porteur_de(brouillon) for brouillon in brouillons]
    tour = 0

    def deposer() -> float:
        nonlocal tour
        rang = tour % len(brouillons)
        tour += 1
        recu_le = horloge_base()
        debut = time.perf_counter()
        depots.deposer(candidature=brouillons[rang], auteur=auteurs[rang], recu_le=recu_le, cle=uuid4())
        return time.perf_counter() - debut

    for _ in range(depots_usuels // 12 + 1):
        deposer()
    usuels = [deposer() for _ in range(depots_usuels)]
    pendant: list[float] = []
    with subprocess.Popen(
        [sys.executable, "-c", programme_de_cloture(vague)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as autre:
        assert autre.stdin
        assert autre.stdout
        autre.stdout.readline()
        fini = threading.Event()
        duree: list[float] = []

        def attendre() -> None:
            assert autre.stdout
            duree.append(float(autre.stdout.readline()))
            fini.set()

        guet = threading.Thread(target=attendre)
        guet.start()
        autre.stdin.write("\n")
        autre.stdin.flush()
        while not fini.is_set():
            pendant.append(deposer())
        guet.join()
    return centile(usuels), centile(pendant), duree[0]


def centile(durees: list[float]) -> float:
    return statistics.quantiles(durees, n=20)[-1]
