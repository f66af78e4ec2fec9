"""Slopes, on which docs/echelle.md rests: bytes of each kind of row, pages by number of files and of journal entries,
deposits and visitors by number of connections, what a receipt costs. Asked for by its name alone, judged by nobody.
"""

import statistics
import time
from collections.abc import Iterator

from django.db import connection
from django.urls import reverse

from candidatures.depot.actions import accuses
from candidatures.models import VersionDeSection
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.banc.chapitres.ecritures import Deposants, des_brouillons
from tests.banc.donnees import vagues_closes
from tests.banc.donnees.semis import semer
from tests.banc.mesures import Ligne
from tests.banc.pages import observer
from tests.banc.service.http import charger, requete
from tests.banc.sql import blocs
from tests.banc.terrain import Terrain

DOSSIERS = (100, 1_000, 10_000)
JOURNAL = (100_000, 500_000, 1_000_000)
VERSIONS, ACCUSES = 10, 12
CONNEXIONS = (1, 8, 32)
TABLES = (
    *("candidatures_candidature", "candidatures_depot", "candidatures_piecedeposee", "candidatures_saisine"),
    *("candidatures_message", "candidatures_participation", "candidatures_proposition", "candidatures_recevabilite"),
    *("territoires_territoire", "territoires_territoire_epcis", "socle_utilisateur"),
)


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    yield from _dossiers(terrain)
    yield _versions(terrain)
    yield from _journal(terrain)
    yield from _depots(terrain)
    yield _accuses(terrain)
    yield from _visiteurs(terrain)


def _dossiers(terrain: Terrain) -> Iterator[Ligne]:
    agent = terrain.decor.instructeur
    for nombre in DOSSIERS:
        avant = _octets(*TABLES)
        debut = time.perf_counter()
        vague = terrain.vague(nombre)
        semis = time.perf_counter() - debut
        octets = (_octets(*TABLES) - avant) / terrain.taille(nombre)
        liste = reverse("instruction:vague", args=[vague.numero])
        page, page_ms = observer(liste, agent)
        filtree, filtree_ms = observer(f"{liste}?filiere=textile", agent)
        yield Ligne(
            f"echelle-dossiers-{nombre}",
            f"{nombre} dossiers : octets de chacun, liste",
            {
                "octets_par_dossier": octets,
                "semis_s": semis,
                "instructions": page.nombre,
                "base_ms": page_ms,
                "blocs": blocs(page.instructions),
                "base_filtree_ms": filtree_ms,
                "blocs_filtree": blocs(filtree.instructions),
                "instructions_filtree": filtree.nombre,
            },
        )


def _versions(terrain: Terrain) -> Ligne:
    """Of a section of 10 kB, saved again and again."""
    table = VersionDeSection._meta.db_table
    avant = _octets(table)
    vague, modele = terrain.vague(DOSSIERS[1]), terrain.decor.modele.candidature_id
    with semer() as semoir:
        semoir.copier(
            table,
            "m.candidature_id = %(modele)s AND m.section = 'choc'",
            "candidatures_candidature c, generate_series(2, %(fois)s + 1) i",
            {
                "candidature_id": "c.id",
                "revision": "i",
                "reponses": "c.contenu -> 'choc'",
            },
            modele=modele,
            fois=VERSIONS,
        )
    nombre = VersionDeSection.objects.count()
    octets = (_octets(table) - avant) / nombre
    mesures = {"octets_par_version": octets, "versions": nombre, "vague": vague.numero}
    return Ligne("echelle-versions", "Une version d’une rubrique de 10 ko", mesures)


def _journal(terrain: Terrain) -> Iterator[Ligne]:
    """Rows of the model file, over and over, without the trigger that dates them one by one."""
    table, auditeur = EntreeJournal._meta.db_table, f.un_agent(Role.AUDITEUR)
    for nombre in JOURNAL:
        voulu = terrain.taille(nombre)
        avant, deja = _octets(table), EntreeJournal.objects.count()
        with semer() as semoir, semoir.sans(table, "journal_ecrit_par_la_base"):
            semoir.copier(
                table,
                "m.id = (SELECT min(id) FROM socle_entreejournal)",
                "generate_series(1, %(reste)s) i",
                {"objet_id": "(i %% 20000)::text", "acteur": "'personne' || i %% 5000 || '@example.org'"},
                reste=max(1, voulu - deja),
            )
        octets = (_octets(table) - avant) / max(1, voulu - deja)
        mesures: dict[str, float] = {"octets_par_ligne": octets, "lignes": EntreeJournal.objects.count()}
        for nom, question in (("page", ""), ("auteur", "?acteur=personne12"), ("derniere", "?page=1000")):
            vue, ms = observer(reverse("journal") + question, auditeur)
            mesures |= {f"base_{nom}_ms": ms, f"blocs_{nom}": blocs(vue.instructions)}
        yield Ligne(f"echelle-journal-{nombre}", f"Journal de {nombre} lignes", mesures)


def _depots(terrain: Terrain) -> Iterator[Ligne]:
    _, brouillons, cookies = des_brouillons(terrain, 48 if terrain.entier else 8)
    deposants = Deposants(terrain, [brouillon.pk for brouillon in brouillons], cookies)
    deposants.tour()
    for connexions in CONNEXIONS:
        charge = deposants.tour(min(connexions, len(brouillons)))
        mesures = {"par_seconde": charge.par_seconde, "p50_ms": charge.centile(50), "p95_ms": charge.centile(95)}
        yield Ligne(f"echelle-depots-{connexions}", f"Dépôts, à {connexions} connexions", mesures)


def _accuses(terrain: Terrain) -> Ligne:
    """Seconds of processor of a receipt, which no other load on the machine stretches much: workers make one for each
    deposit, one after the other."""
    depots = [
        f.un_depot(dossier) for dossier in vagues_closes.des_brouillons_complets(ACCUSES if terrain.entier else 3)
    ]
    durees = []
    for depot in depots:
        debut = time.process_time()
        fait = accuses.fabriquer_accuse(depot_id=depot.pk)
        durees.append(time.process_time() - debut)
    # The first one pays for what is loaded once.
    mesures = {"processeur_s": statistics.median(durees[1:]), "octets": fait.document.taille}
    return Ligne("echelle-accuses", "Un accusé de réception", mesures)


def _visiteurs(terrain: Terrain) -> Iterator[Ligne]:
    demande = requete(reverse("accueil"))
    for connexions in (*CONNEXIONS, 128):
        charge = charger(terrain.portail.port, lambda: demande, connexions=connexions, secondes=terrain.duree(3.0))
        mesures = {
            "par_seconde": charge.par_seconde,
            "p50_ms": charge.centile(50),
            "p95_ms": charge.centile(95),
            "connexions_postgresql": _connexions(),
        }
        yield Ligne(f"echelle-visiteurs-{connexions}", f"Accueil public, à {connexions} connexions", mesures)


def _octets(*tables: str) -> int:
    """On disk, with indexes and what is kept aside."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT sum(pg_total_relation_size(t::regclass)) FROM unnest(%s::text[]) t", [list(tables)])
        return int(curseur.fetchone()[0])


def _connexions() -> int:
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(curseur.fetchone()[0])
