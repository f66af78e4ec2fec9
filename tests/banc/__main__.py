"""`make bench`: what a closing costs, beside raw SQL, and what it costs to those who deposit elsewhere meanwhile."""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from rebond.embarque import serveurs
from rebond.embarque.emplacement import ouvrir
from rebond.embarque.postgres import Postgres
from tests.outils.roles import ADMINISTRATEUR, en_administrateur

GRAND, PETIT = 10_000, 1_000
SECONDES_MAX, INSTRUCTIONS_MAX, RALENTISSEMENT_MAX, MEMOIRE_MAX = 5.0, 20, 1.5, 1.2
DEPOTS_MAX = 600


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="rebond-banc-") as dossier:
        os.environ |= {
            "REBOND_DONNEES": dossier,
            "REBOND_CLE_SECRETE": "une-clef-pour-le-banc",
            "DJANGO_SETTINGS_MODULE": "rebond.settings",
        }
        (Path(dossier) / "statique").mkdir()
        with serveurs():
            import django

            os.environ[ADMINISTRATEUR] = Postgres(ouvrir(Path(dossier))).url_administrateur()
            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            return mesurer()


def mesurer() -> int:
    from django.db import connection

    from tests.banc import donnees

    # The first closing pays for what Python and Postgres load once.
    clore(donnees.une_vague_close(100))
    vague = donnees.une_vague_close(PETIT)
    _, _, petite = clore(vague, memoire=True)
    vague = donnees.une_vague_close(GRAND)
    _, instructions, grande = clore(vague, memoire=True)
    vague = donnees.une_vague_close(GRAND)
    seconde_vague = donnees.une_vague_close(GRAND)
    sql = plancher(vague.pk)
    duree, _, _ = clore(vague)
    connection.close()
    usuel, pendant, duree_partagee = ralentissement(seconde_vague.pk)
    lignes = [
        (f"Clôture de {GRAND} dossiers de {donnees.PIECES} pièces", f"{duree:.2f} s", duree <= SECONDES_MAX),
        ("  les mêmes lignes en SQL nu", f"{sql:.2f} s (× {duree / sql:.1f})", True),
        ("  instructions SQL", str(instructions), instructions <= INSTRUCTIONS_MAX),
        (f"  mémoire de Python, pour {PETIT} dossiers", f"{petite / 1e6:.1f} Mo", True),
        (
            f"  mémoire de Python, pour {GRAND} dossiers",
            f"{grande / 1e6:.1f} Mo (× {grande / petite:.2f})",
            grande / petite <= MEMOIRE_MAX,
        ),
        ("Dépôt dans une autre vague, 95e centile usuel", f"{usuel * 1000:.1f} ms", True),
        (
            f"  pendant la clôture ({duree_partagee:.2f} s)",
            f"{pendant * 1000:.1f} ms (× {pendant / usuel:.2f})",
            pendant / usuel <= RALENTISSEMENT_MAX,
        ),
    ]
    for libelle, valeur, tenu in lignes:
        print(f"{libelle:<55} {valeur:>22} {'' if tenu else '  TROP'}")
    reussi = all(tenu for *_, tenu in lignes)
    print(f"bench: {'PASS' if reussi else 'FAIL'}")
    return 0 if reussi else 1


def clore(vague, *, memoire: bool = False) -> tuple[float, int, int]:
    """Close for good; seconds, statements, and peak bytes of Python when asked (which slows the rest down)."""
    from candidatures.cloture.actions import cloture
    from rebond.socle.horloge.temps import horloge_base

    maintenant = horloge_base()
    if memoire:
        tracemalloc.start()
    with compter() as instructions:
        debut = time.perf_counter()
        fait = cloture.clore(vague_id=vague.pk, maintenant=maintenant)
        duree = time.perf_counter() - debut
    sommet = tracemalloc.get_traced_memory()[1] if memoire else 0
    tracemalloc.stop()
    if fait is None:
        raise AssertionError("Rien n’a été clos.")
    return duree, len(instructions), sommet


@contextmanager
def compter() -> Iterator[list[str]]:
    from django.db import connection

    vues: list[str] = []

    def noter(execute: Callable, sql: str, *reste):
        vues.append(sql)
        return execute(sql, *reste)

    with connection.execute_wrapper(noter):
        yield vues


def plancher(vague: int) -> float:
    """The same rows written by bare statements, then taken back."""
    from django.db import connection, transaction

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


def ralentissement(vague: int) -> tuple[float, float, float]:
    """95th percentile (seconds) of a deposit to another wave: usually, then while `vague` closes in another process;
    and how long that closing took.
    """
    from candidatures.depot.actions import depots
    from rebond.socle.horloge.temps import horloge_base
    from tests import fabriques as f
    from tests.banc import donnees

    brouillons = donnees.des_brouillons_complets(20)
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

    for _ in range(50):
        deposer()
    usuels = [deposer() for _ in range(DEPOTS_MAX)]
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


if __name__ == "__main__":
    sys.exit(main())
