"""The whole list of a wave as a file: how long, how heavy, and what the others feel meanwhile."""

import re
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from django.db import connection
from django.urls import reverse

from candidatures.models import Vague
from candidatures.pages.instruction.vague.choix import CHOISIS
from rebond.exports.models import Export
from tests import fabriques as f
from tests.banc.a_part import fabriquer
from tests.banc.comparaison import empiler
from tests.banc.donnees import dossiers
from tests.banc.mesures import Ligne, au_moins, au_plus
from tests.banc.reference import lenteur
from tests.banc.service.http import charger, requete
from tests.banc.service.ouvriers import ouvriers
from tests.banc.terrain import Terrain
from tests.outils.roles import url_administrateur

GRANDE, PETITE = 10_000, 1_000
FORMATS = ("csv", "xlsx", "ods")
COPIE_MAX, ECRIVAIN_MAX, PREMIER_MAX_MS, MEMOIRE_MAX_MO = 5.0, 1.5, 500, 150
# Millions of bytes that ten thousand rows take beyond a hundred; files of an archive, of which there are 300 at most.
CROISSANCE_MAX_MO, MINIME, ARCHIVES, ARCHIVES_D_ABORD = 30, 100, 20, 4
VOISIN_MIN = 0.7
JETON = "c" * 32
DELAI = 300.0
COPIE = """
COPY (
    SELECT c.id, t.nom, e.siren, e.nom, r.nom, c.etat, d.recu_le, a.demandes, a.rendus, p.sens
      FROM candidatures_candidature c JOIN territoires_territoire t ON t.id = c.territoire_id
      JOIN territoires_epci e ON e.id = t.chef_de_file_id JOIN territoires_region r ON r.id = t.region_pilote_id
      JOIN LATERAL (SELECT recu_le FROM candidatures_depot WHERE candidature_id = c.id ORDER BY rang DESC LIMIT 1) d
        ON true
      LEFT JOIN (SELECT candidature_id, count(*) AS demandes, count(rendu_le) AS rendus FROM candidatures_saisine
                  WHERE close_le IS NULL GROUP BY 1) a ON a.candidature_id = c.id
      LEFT JOIN candidatures_proposition p ON p.candidature_id = c.id
     WHERE c.vague_id = {vague} ORDER BY t.nom
) TO STDOUT (FORMAT csv)
"""


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    minime, petite, grande = (terrain.vague(nombre) for nombre in (MINIME, PETITE, GRANDE))
    yield _directe(terrain, petite)
    with ExitStack() as pile:
        pile.enter_context(ouvriers(terrain))
        copie, planchers = _copie(grande), fabriquer("planchers", _adresse(grande, "csv"), _agent(terrain).pk)
        for format_ in FORMATS:
            yield _entiere(terrain, grande, minime, format_, planchers.get(format_, copie))
        yield _archive(terrain, grande)
        yield from _pendant_deux_exports(terrain, grande)
    memoire = terrain.portail.memoire
    yield Ligne(
        "memoire-apres-exports",
        "Un processus web, après ces exports",
        {"memoire_mo": memoire, "part_de_memoire_mo": terrain.portail.part_de_memoire},
        [au_plus("Mo", memoire, MEMOIRE_MAX_MO)],
    )


def _agent(terrain: Terrain) -> Any:
    return terrain.decor.instructeur


def _adresse(vague: Vague, format_: str) -> str:
    return reverse(f"instruction:export_{format_}", args=[vague.numero])


def _copie(vague: Vague) -> float:
    """Seconds of COPY for the same rows."""
    durees = []
    with psycopg.connect(url_administrateur(connection.settings_dict["NAME"])) as une, une.cursor() as curseur:
        for _ in range(5):
            debut = time.perf_counter()
            with curseur.copy(COPIE.format(vague=vague.pk).encode()) as copie:
                for _morceau in copie:
                    pass
            durees.append(time.perf_counter() - debut)
    return statistics.median(durees)


@dataclass(frozen=True)
class Obtenu:
    """Milliseconds to the first byte of the answer, seconds until the file was whole; whether a worker made it: then
    milliseconds until it was at it, and to the first byte of the file once it is made."""

    premier_ms: float
    secondes: float
    octets: int
    a_part: bool
    commence_ms: float = 0.0
    remis_ms: float = 0.0


def obtenir(terrain: Terrain, adresse: str, personne: Any) -> Obtenu:
    """The file, as somebody gets it: at once, or asked for and waited for when the portal offers to prepare it."""
    entetes = {"Cookie": f"{terrain.session(personne)}; {settings.CSRF_COOKIE_NAME}={JETON}"}
    debut = time.perf_counter()
    reponse = _demander(terrain, "GET", adresse, entetes)
    assert reponse.statut == 200, reponse.statut
    if "text/html" not in reponse.type:
        return Obtenu(1000 * (reponse.premier - debut), time.perf_counter() - debut, len(reponse.corps), a_part=False)
    page = reponse.corps.decode()
    trouve = re.search(r'name="adresse"[^>]*value="([^"]+)"', page)
    assert trouve, "ni fichier, ni formulaire pour le demander"
    champs = urlencode({"adresse": trouve[1].replace("&amp;", "&"), "csrfmiddlewaretoken": JETON})
    entetes_du_post = entetes | {"Content-Type": "application/x-www-form-urlencoded"}
    demandee = _demander(terrain, "POST", reverse("exports:demander"), entetes_du_post, champs)
    assert demandee.statut == 302, demandee.statut
    (numero,) = re.findall(r"(\d+)", demandee.vers)[-1:]
    commence = _attendre_l_ouvrier(int(numero))
    fichier = reverse("exports:fichier", args=[numero])
    while (recue := _demander(terrain, "GET", fichier, entetes)).statut != 200:
        assert time.perf_counter() - debut < DELAI, "le fichier n’est pas venu"
        time.sleep(0.1)
    return Obtenu(
        1000 * (reponse.premier - debut),
        time.perf_counter() - debut,
        len(recue.corps),
        a_part=True,
        commence_ms=1000 * commence,
        remis_ms=1000 * (recue.premier - recue.debut),
    )


def _attendre_l_ouvrier(numero: int) -> float:
    """Seconds until a worker has begun, which it writes before anything else."""
    debut = time.perf_counter()
    while not Export.objects.filter(pk=numero, essais__gt=0).exists():
        assert time.perf_counter() - debut < DELAI, "aucun ouvrier n’a commencé"
        time.sleep(0.005)
    return time.perf_counter() - debut


@dataclass(frozen=True)
class _Reponse:
    statut: int
    type: str
    vers: str
    debut: float
    premier: float
    corps: bytes


def _demander(terrain: Terrain, methode: str, adresse: str, entetes: dict[str, str], corps: str = "") -> _Reponse:
    connexion = HTTPConnection("127.0.0.1", terrain.portail.port, timeout=DELAI)
    try:
        debut = time.perf_counter()
        connexion.request(methode, adresse, body=corps or None, headers=entetes)
        reponse = connexion.getresponse()
        tete = reponse.read(1)
        premier = time.perf_counter()
        lu = tete + reponse.read()
    finally:
        connexion.close()
    type_, vers = (reponse.headers.get(nom, "") for nom in ("Content-Type", "Location"))
    return _Reponse(reponse.status, type_, vers, debut, premier, lu)


def _directe(terrain: Terrain, vague: Vague) -> Ligne:
    obtenus = [obtenir(terrain, _adresse(vague, "csv"), _agent(terrain)) for _ in range(3)]
    premier = statistics.median(obtenu.premier_ms for obtenu in obtenus)
    copie, total = _copie(vague), statistics.median(obtenu.secondes for obtenu in obtenus)
    return Ligne(
        "csv-direct",
        f"CSV de {PETITE} dossiers, aussitôt",
        {"premier_octet_ms": premier, "p50_ms": 1000 * total, "base_ms": 1000 * copie, "octets": obtenus[0].octets},
        [au_plus("premier octet en ms", premier, PREMIER_MAX_MS * lenteur(empiler(terrain)))],
    )


def _entiere(terrain: Terrain, vague: Vague, minime: Vague, format_: str, plancher: float) -> Ligne:
    """`plancher`: seconds of what the file is measured against, COPY or the writer alone."""
    adresse, agent = _adresse(vague, format_), _agent(terrain)
    fait = fabriquer("fichier", adresse, agent.pk, _adresse(minime, format_))
    obtenu = obtenir(terrain, adresse, agent)
    rapport, seuil = fait["secondes"] / plancher, COPIE_MAX if format_ == "csv" else ECRIVAIN_MAX
    premier_max = PREMIER_MAX_MS * lenteur(empiler(terrain))
    return Ligne(
        f"export-{format_}",
        f"{format_.upper()} de {GRANDE} dossiers",
        {
            "p50_ms": 1000 * fait["secondes"],
            "base_ms": 1000 * plancher,
            "memoire_mo": fait["memoire_mo"],
            "de_plus_mo": fait["de_plus_mo"],
            "premier_octet_ms": obtenu.premier_ms,
            "ouvrier_ms": obtenu.commence_ms,
            "remis_ms": obtenu.remis_ms,
            "pret_s": obtenu.secondes,
            "octets": obtenu.octets,
            "rapport": rapport,
        },
        [
            au_plus(f"de {'COPY' if format_ == 'csv' else 'l’écrivain seul'}", rapport, seuil),
            au_plus("premier octet de la réponse en ms", obtenu.premier_ms, premier_max),
            au_plus("un ouvrier s’y met, en ms", obtenu.commence_ms, premier_max),
            au_plus("premier octet du fichier fait, en ms", obtenu.remis_ms, premier_max),
            au_plus("Mo de plus que pour 100 dossiers", fait["de_plus_mo"], CROISSANCE_MAX_MO),
        ],
        note=f"prêt en {obtenu.secondes:.1f} s, {'par un ouvrier' if obtenu.a_part else 'par le processus web'}",
    )


def _archive(terrain: Terrain, vague: Vague) -> Ligne:
    """Of some files: each is laid out in two PDFs, and memory is that of one of them, however many they are."""
    nombre = terrain.taille(ARCHIVES, minimum=ARCHIVES_D_ABORD)
    tous = urlencode([(CHOISIS, cle) for cle in dossiers.des_dossiers(vague, nombre)])
    quelques_uns = urlencode([(CHOISIS, cle) for cle in dossiers.des_dossiers(vague, ARCHIVES_D_ABORD)])
    adresse, agent = reverse("instruction:archive_zip", args=[vague.numero]), _agent(terrain)
    fait = fabriquer("archive", adresse, agent.pk, quelques_uns, tous)
    obtenu = obtenir(terrain, f"{adresse}?{tous}", agent)
    premier_max = PREMIER_MAX_MS * lenteur(empiler(terrain))
    return Ligne(
        "export-zip",
        f"Archive de {nombre} dossiers",
        {
            "p50_ms": 1000 * fait["secondes"],
            "memoire_mo": fait["memoire_mo"],
            "de_plus_mo": fait["de_plus_mo"],
            "premier_octet_ms": obtenu.premier_ms,
            "ouvrier_ms": obtenu.commence_ms,
            "remis_ms": obtenu.remis_ms,
            "pret_s": obtenu.secondes,
            "octets": obtenu.octets,
        },
        [
            au_plus("premier octet de la réponse en ms", obtenu.premier_ms, premier_max),
            au_plus("un ouvrier s’y met, en ms", obtenu.commence_ms, premier_max),
            au_plus("premier octet du fichier fait, en ms", obtenu.remis_ms, premier_max),
            au_plus(f"Mo de plus que pour {ARCHIVES_D_ABORD} dossiers", fait["de_plus_mo"], CROISSANCE_MAX_MO),
        ],
        note=f"prête en {obtenu.secondes:.1f} s, {'par un ouvrier' if obtenu.a_part else 'par le processus web'}",
    )


def _pendant_deux_exports(terrain: Terrain, vague: Vague) -> Iterator[Ligne]:
    """Two people download all the time; the others are measured alone, then meanwhile."""
    porteur = f.un_utilisateur()
    pages = {
        "calendrier": ("Le calendrier", requete(reverse("calendrier"))),
        "accueil": (
            "L’accueil d’un responsable",
            requete(reverse("tableau_de_bord"), Cookie=terrain.session(porteur)),
        ),
    }
    for cle, (libelle, demande) in pages.items():
        seul = charger(terrain.portail.port, lambda d=demande: d, connexions=8, secondes=terrain.duree(3.0))
        fini = threading.Event()

        def telecharger(format_: str, personne: Any, fini: threading.Event = fini) -> None:
            while not fini.is_set():
                obtenir(terrain, _adresse(vague, format_), personne)

        gens = terrain.decor.instructeurs[-2:]
        fils = [threading.Thread(target=telecharger, args=paire) for paire in zip(("csv", "xlsx"), gens, strict=True)]
        for fil in fils:
            fil.start()
        pendant = charger(terrain.portail.port, lambda d=demande: d, connexions=8, secondes=terrain.duree(6.0))
        fini.set()
        for fil in fils:
            fil.join()
        rapport = pendant.par_seconde / seul.par_seconde
        yield Ligne(
            f"pendant-exports-{cle}",
            f"{libelle}, pendant deux exports",
            {
                "par_seconde_8": pendant.par_seconde,
                "seul_par_seconde_8": seul.par_seconde,
                "p95_ms": pendant.centile(95),
                "p95_seul_ms": seul.centile(95),
                "rapport": rapport,
            },
            [au_moins("de ce qui se fait sans eux", rapport, VOISIN_MIN)],
        )
