"""What a web process weighs once it has served thousands of pages of every kind: fresh ones, that do nothing else."""

import os
import time
from collections.abc import Iterator

from django.urls import reverse

from tests import fabriques as f
from tests.banc.donnees import dossiers
from tests.banc.mesures import Ligne, au_plus
from tests.banc.service.http import a_tour_de_role, charger, requete
from tests.banc.service.serveurs import serveur
from tests.banc.terrain import Terrain

PAGES, DERNIERES = 9_000, 5_000
# So many that none of them asks for more lists a minute than the portal gives one person.
AGENTS = 16
SECONDES_MAX = 120.0
MEMOIRE_MAX_MO, CROISSANCE_MAX = 150, 1.05


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    melees = a_tour_de_role(_pages(terrain))
    total = terrain.taille(PAGES, minimum=120)
    lot = max(total // 18, 20)
    with serveur(
        "rebond.wsgi", "tests.banc.service.reglages_du_portail", page="/sante/", environ=os.environ
    ) as portail:
        releves: list[tuple[int, float]] = []
        servies, debut = 0, time.monotonic()
        while servies < total and time.monotonic() - debut < SECONDES_MAX:
            charge = charger(portail.port, melees, connexions=8, secondes=SECONDES_MAX, au_plus=lot)
            assert set(charge.statuts) <= {200, 302}, charge.statuts
            servies += len(charge.durees)
            releves.append((servies, portail.memoire))
        part = portail.part_de_memoire
    dernieres = [memoire for rang, memoire in releves if rang > servies * (1 - DERNIERES / PAGES)]
    croissance = dernieres[-1] / dernieres[0]
    yield Ligne(
        "memoire",
        f"Un processus web, après {servies} pages mêlées",
        {
            "memoire_mo": dernieres[-1],
            "part_de_memoire_mo": part,
            "croissance": croissance,
            "pages": servies,
            "au_debut_mo": releves[0][1],
        },
        [
            au_plus("Mo", dernieres[-1], MEMOIRE_MAX_MO),
            au_plus("croissance sur les cinq derniers neuvièmes", croissance, CROISSANCE_MAX),
        ],
    )


def _pages(terrain: Terrain) -> list[bytes]:
    """A visitor, a porteur, an agent, a team: as they come, turn by turn."""
    vague = terrain.vague(1_000)
    semes = terrain.portefeuilles
    porteur = f.un_utilisateur()
    brouillon = f.une_candidature(vague=terrain.decor.modele.candidature.vague, porteur=porteur)
    publiques = ("accueil", "calendrier", "cahier_des_charges", "laureats", "carte_laureats", "plan_du_site")
    liste = reverse("instruction:vague", args=[vague.numero])
    du_porteur = [
        reverse("tableau_de_bord"),
        reverse("candidatures:dossier", args=[brouillon.pk]),
        reverse("candidatures:section", args=[brouillon.pk, "choc"]),
        reverse("candidatures:pieces", args=[brouillon.pk]),
        reverse("candidatures:deposer", args=[brouillon.pk]),
    ]
    de_l_equipe = [
        reverse(nom, args=[semes.missions[min(semes.jours)].pk]) for nom in ("projets:mission", "projets:projets")
    ]
    cookie = terrain.session(porteur)
    equipe = terrain.session(semes.equipier)
    pages = [requete(reverse(nom)) for nom in publiques]
    pages += [requete(adresse, Cookie=cookie) for adresse in du_porteur]
    pages += [requete(adresse, Cookie=equipe) for adresse in de_l_equipe]
    lus = [reverse("instruction:dossier", args=[pk]) for pk in dossiers.des_dossiers(vague, AGENTS)]
    for rang, agent in enumerate(terrain.decor.instructeurs[:AGENTS]):
        session = terrain.session(agent)
        pages += [requete(adresse, Cookie=session) for adresse in (liste, f"{liste}?page={rang + 2}", lus[rang])]
    return pages
