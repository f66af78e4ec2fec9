"""What people write: the save that a page makes by itself, and the deposit, beside one durable INSERT."""

import os
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.urls import reverse

from candidatures.models import Candidature, Depot
from tests import fabriques as f
from tests.banc.ecrire import inserts_durables
from tests.banc.mesures import Ligne, au_moins, au_plus
from tests.banc.service.http import Charge, a_tour_de_role, charger, requete
from tests.banc.service.serveurs import ADRESSE_DU_CADRE, serveur
from tests.banc.sql import Lecteur
from tests.banc.terrain import Terrain

# As many files for each connection: a multiple of them.
DOSSIERS, CONNEXIONS, BEAUCOUP, TOURS = 64, 8, 32, 3
SAISIE_MIN, SAISIE_MAX = 0.1, 6
DEPOT_MIN, DEPOT_MAX = 0.05, 15
QUEUE_MAX = 4.0
JETON = "c" * 32
CADRE = ("tests.banc.service.cadre", "tests.banc.service.reglages_du_portail")
Encadrer = Callable[[], Charge]
SECTION = "choc"
REECRIRE = """
    UPDATE candidatures_candidature
       SET contenu = jsonb_set(contenu, '{choc,description}', to_jsonb(gen_random_uuid()::text)),
           empreinte = encode(sha256(gen_random_uuid()::text::bytea), 'hex'), revision = revision + 1
     WHERE id = ANY(%s)
"""


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    porteurs, brouillons, cookies = des_brouillons(terrain, DOSSIERS if terrain.entier else CONNEXIONS)
    with serveur(*CADRE, page="/sante/", environ=os.environ) as portail:
        corps = urlencode({"csrfmiddlewaretoken": JETON}).encode()
        envois = a_tour_de_role([requete(ADRESSE_DU_CADRE, corps=corps, Cookie=cookie) for cookie in cookies])

        def encadrer() -> Charge:
            return charger(portail.port, envois, connexions=CONNEXIONS, secondes=terrain.duree(2.0))

        yield _saisie(terrain, brouillons, porteurs, cookies, encadrer)
        yield _depot(terrain, brouillons, porteurs, cookies, encadrer)


def des_brouillons(terrain: Terrain, nombre: int) -> tuple[list[Any], list[Candidature], list[str]]:
    """Porteurs, each one's complete draft, and what each one's browser sends."""
    vague = terrain.decor.modele.candidature.vague
    porteurs = [f.un_utilisateur() for _ in range(nombre)]
    brouillons = [f.une_candidature(vague=vague, porteur=porteur) for porteur in porteurs]
    cookies = [f"{terrain.session(porteur)}; {settings.CSRF_COOKIE_NAME}={JETON}" for porteur in porteurs]
    return porteurs, brouillons, cookies


def _saisie(
    terrain: Terrain, brouillons: list[Candidature], porteurs: list[Any], cookies: list[str], encadrer: Encadrer
) -> Ligne:
    """Each save changes one answer, as somebody who types does, and says which revision it comes from."""
    revisions = {brouillon.pk: 1 for brouillon in brouillons}
    essais = [count() for _ in range(BEAUCOUP)]
    ensemble = CONNEXIONS

    def corps(brouillon: Candidature) -> dict[str, Any]:
        reponses = f.un_contenu()[SECTION] | {"description": f"Une usine ferme ({uuid4()})."}
        revisions[brouillon.pk] += 1
        return reponses | {"revision": revisions[brouillon.pk] - 1, "csrfmiddlewaretoken": JETON}

    def suivante(connexion: int) -> bytes:
        # Each connection has files of its own, as each person has: nobody writes over what is on its way.
        rang = (connexion + ensemble * next(essais[connexion])) % len(brouillons)
        adresse = reverse("candidatures:automatique", args=[brouillons[rang].pk, SECTION])
        return requete(adresse, corps=urlencode(corps(brouillons[rang]), doseq=True).encode(), Cookie=cookies[rang])

    observe = brouillons[0]
    adresse = reverse("candidatures:automatique", args=[observe.pk, SECTION])
    lecteur = Lecteur(porteurs[0])
    lecteur.observer(adresse, corps(observe))
    vue = lecteur.observer(adresse, corps(observe))
    assert vue.statut == 200, vue.statut

    def saisir(connexions: int = CONNEXIONS) -> Charge:
        nonlocal ensemble
        ensemble, duree = connexions, terrain.duree(2.0)
        return charger(terrain.portail.port, suivante, connexions=connexions, secondes=duree, selon_la_connexion=True)

    inserts, cadre, charges = _tour_a_tour(terrain, encadrer, saisir)
    seules, nombreuses = saisir(1), saisir(min(BEAUCOUP, len(brouillons)))
    toutes = [seules, nombreuses, *charges]
    assert all(set(charge.statuts) == {200} for charge in toutes), [charge.statuts for charge in toutes]
    mesures = _mesures(vue.nombre, seules, charges, nombreuses, inserts, cadre)
    return Ligne(
        "enregistrement",
        "Enregistrement automatique d’une rubrique",
        mesures,
        [
            au_moins("d’un INSERT durable, à huit", mesures["rapport"], SAISIE_MIN),
            au_plus("instructions", vue.nombre, SAISIE_MAX),
        ],
    )


@dataclass
class Deposants:
    """People each of whom deposits one file, again and again."""

    terrain: Terrain
    pks: list[int]
    cookies: list[str]

    @property
    def deposes(self) -> int:
        return Depot.objects.filter(candidature__in=self.pks).count()

    def changer(self) -> None:
        """The database itself changes what each file says: the same again would be no deposit."""
        with connection.cursor() as curseur:
            curseur.execute(REECRIRE, [self.pks])

    def tour(self, connexions: int = CONNEXIONS) -> Charge:
        """Each file once."""
        self.changer()
        rangs = iter(range(len(self.pks)))

        def suivante() -> bytes:
            rang = next(rangs)
            champs = urlencode({"csrfmiddlewaretoken": JETON, "cle": str(uuid4())}).encode()
            adresse = reverse("candidatures:deposer", args=[self.pks[rang]])
            return requete(adresse, corps=champs, Cookie=self.cookies[rang])

        nombre, avant = len(self.pks), self.deposes
        port = self.terrain.portail.port
        charge = charger(port, suivante, connexions=connexions, secondes=0, au_plus=nombre, au_moins=nombre)
        assert self.deposes - avant == nombre, "tous n’ont pas été déposés"
        return charge


def _depot(
    terrain: Terrain, brouillons: list[Candidature], porteurs: list[Any], cookies: list[str], encadrer: Encadrer
) -> Ligne:
    deposants = Deposants(terrain, [brouillon.pk for brouillon in brouillons], cookies)
    lecteur = Lecteur(porteurs[0])
    adresse = reverse("candidatures:deposer", args=[brouillons[0].pk])
    deposants.changer()
    lecteur.observer(adresse, {"cle": str(uuid4())})
    deposants.changer()
    vue = lecteur.observer(adresse, {"cle": str(uuid4())})
    assert vue.statut == 302, vue.statut
    inserts, cadre, charges = _tour_a_tour(terrain, encadrer, deposants.tour)
    seules, nombreuses = deposants.tour(1), deposants.tour(min(BEAUCOUP, len(brouillons)))
    mesures = _mesures(vue.nombre, seules, charges, nombreuses, inserts, cadre)
    return Ligne(
        "depot",
        "Dépôt d’un dossier",
        mesures,
        [
            au_moins("d’un INSERT durable, à huit", mesures["rapport"], DEPOT_MIN),
            au_plus("instructions", vue.nombre, DEPOT_MAX),
            au_plus("p99, de la médiane", mesures["p99_ms_8"] / mesures["p50_ms_8"], QUEUE_MAX),
        ],
    )


def _tour_a_tour(
    terrain: Terrain, encadrer: Encadrer, charge: Callable[[], Charge]
) -> tuple[float, float, list[Charge]]:
    """The floors and the act, one after the other: durable INSERTs a second, empty forms of somebody signed in a
    second, and what was measured of the act."""
    charge()
    encadrer()
    inserts, cadres, charges = [], [], []
    for _ in range(TOURS if terrain.entier else 1):
        inserts.append(inserts_durables(terrain))
        cadres.append(encadrer().par_seconde)
        charges.append(charge())
    return statistics.median(inserts), statistics.median(cadres), charges


def _mesures(
    instructions: int, seules: Charge, charges: list[Charge], nombreuses: Charge, inserts: float, cadre: float
) -> dict[str, float]:
    """By one client, by eight turn by turn with the floors, by thirty-two."""
    toutes = Charge([duree for charge in charges for duree in charge.durees])
    a_huit = statistics.median(charge.par_seconde for charge in charges)
    return {
        "p50_ms": seules.centile(50),
        "p95_ms": seules.centile(95),
        "instructions": instructions,
        "par_seconde_1": seules.par_seconde,
        "par_seconde_8": a_huit,
        "par_seconde_32": nombreuses.par_seconde,
        "p50_ms_8": toutes.centile(50),
        "p99_ms_8": toutes.centile(99),
        "inserts_par_seconde": inserts,
        # A form of somebody signed in, answered at once: what no act of the portal can be quicker than.
        "cadre_par_seconde": cadre,
        "rapport_du_cadre": cadre / inserts,
        "rapport": a_huit / inserts,
    }
