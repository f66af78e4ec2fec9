"""Documents that workers make, and the pages meanwhile."""

import time
from collections.abc import Iterator
from datetime import date, datetime

from django.urls import reverse

from candidatures.cloture.actions import cloture
from candidatures.models import ProcesVerbal
from projets.models import Rapport
from projets.rapport import actions as rapports
from projets.rapport.etats import EtatRapport
from rebond.socle.horloge.temps import PARIS, horloge_base
from tests import fabriques as f
from tests.banc.a_part import fabriquer
from tests.banc.comparaison import empiler
from tests.banc.donnees import portefeuilles, vagues_closes
from tests.banc.mesures import Ligne, au_plus
from tests.banc.reference import lenteur
from tests.banc.service.http import charger, requete
from tests.banc.service.ouvriers import ouvriers
from tests.banc.terrain import Terrain
from tests.projets import decor

RAPPORT_MAX, PROCES_VERBAL_MAX_S, MEMOIRE_MAX_MO, VOISIN_MAX = 1.25, 10, 150, 1.5
DEPOTS, RAPPORTS, PROJETS = 2_000, 50, 20
CONNEXIONS = 2
EN_ATTENTE = (EtatRapport.DEMANDE, EtatRapport.EN_COURS)


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    yield _rapport(terrain)
    yield _proces_verbal(terrain)
    yield _rapports_en_file(terrain)


def _rapport(terrain: Terrain) -> Ligne:
    semes = terrain.portefeuilles
    nombre = min(semes.jours)
    demande = Rapport.objects.create(
        mission=semes.missions[nombre], version=1, au=semes.jours[nombre], demande_par=semes.equipier
    )
    fait = fabriquer("rapport", demande.pk)
    rapports.fabriquer(rapport_id=demande.pk, maintenant=horloge_base())
    rapport = fait["secondes"] / fait["weasyprint"]
    return Ligne(
        "rapport",
        f"Rapport de mission de {nombre} projets",
        {
            "p50_ms": 1000 * fait["secondes"],
            "base_ms": 1000 * fait["weasyprint"],
            "memoire_mo": fait["memoire_mo"],
            "rapport": rapport,
        },
        [au_plus("de WeasyPrint seul", rapport, RAPPORT_MAX)],
        note="« base ms » est ici WeasyPrint seul, sur le même HTML",
    )


def _proces_verbal(terrain: Terrain) -> Ligne:
    vague = vagues_closes.une_vague_close(terrain.taille(DEPOTS))
    assert cloture.clore(vague_id=vague.pk, maintenant=horloge_base())
    acte = ProcesVerbal.objects.get(vague=vague)
    fait = fabriquer("proces_verbal", acte.pk)
    return Ligne(
        "proces-verbal",
        f"Procès-verbal de {DEPOTS} dépôts, imprimé",
        {"p50_ms": 1000 * fait["secondes"], "memoire_mo": fait["memoire_mo"], "octets": fait["octets"]},
        [
            au_plus("secondes", fait["secondes"], PROCES_VERBAL_MAX_S * lenteur(empiler(terrain))),
            au_plus("Mo du processus", fait["memoire_mo"], MEMOIRE_MAX_MO),
        ],
    )


def _rapports_en_file(terrain: Terrain) -> Ligne:
    """A page at two connections, the workers idle, then while they make one report after the other."""
    vague = decor.une_releve(2, date(2022, 9, 1), ouverture=date(2022, 5, 1))
    annonce = datetime(2022, 9, 27, 10, tzinfo=PARIS)
    nombre = terrain.taille(RAPPORTS, minimum=2)
    missions = [
        portefeuilles.une_mission(decor.un_laureat(vague, annonce), date(2023, 7, 3), PROJETS) for _ in range(nombre)
    ]
    demande = requete(reverse("tableau_de_bord"), Cookie=terrain.session(f.un_utilisateur()))
    acteur = f.un_utilisateur()
    with ouvriers(terrain):
        usuel = charger(terrain.portail.port, lambda: demande, connexions=CONNEXIONS, secondes=terrain.duree(6.0))
        for mission in missions:
            rapports.demander_rapport(mission=mission, au=date(2023, 7, 3), acteur=acteur)
        pendant = charger(terrain.portail.port, lambda: demande, connexions=CONNEXIONS, secondes=terrain.duree(12.0))
        restants = Rapport.objects.filter(etat__in=EN_ATTENTE).count()
        limite = time.monotonic() + (60 if terrain.entier else 5)
        while Rapport.objects.filter(etat__in=EN_ATTENTE).exists() and time.monotonic() < limite:
            time.sleep(0.2)
    retard = pendant.centile(95) / usuel.centile(95)
    return Ligne(
        "pendant-rapports",
        f"L’accueil d’un porteur, pendant {RAPPORTS} rapports",
        {
            "p50_ms": pendant.centile(50),
            "p95_ms": pendant.centile(95),
            "p95_usuel_ms": usuel.centile(95),
            "rapport": retard,
        },
        [au_plus("95e centile, de l’usuel", retard, VOISIN_MAX)],
        note=f"{nombre - restants} rapports sur {nombre} étaient faits à la fin de la mesure",
    )
