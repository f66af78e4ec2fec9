"""What people read alone: an applicant's home, a file as an agent reads it, the decisions of a wave."""

from collections.abc import Iterator

from django.urls import reverse

from candidatures.models import Candidature
from tests import fabriques as f
from tests.banc.comparaison import Comparaison
from tests.banc.donnees import dossiers
from tests.banc.mesures import Ligne, Objectif, au_moins, au_plus
from tests.banc.pages import une_page
from tests.banc.reference import PRETALX_ACCUEIL, PRETALX_DOSSIER, latences_vides, rapport_de_pretalx
from tests.banc.terrain import Terrain

DECISIONS, DECISIONS_MAX_MS = 2_000, 150
ACCUEIL_MAX, DOSSIER_MAX = 8, 12
LECTEURS = 8


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    yield _accueil_du_porteur(terrain)
    yield _un_dossier(terrain)
    yield _decisions(terrain)


def _accueil_du_porteur(terrain: Terrain) -> Ligne:
    """People with two files of the open wave each."""
    vague = terrain.decor.modele.candidature.vague
    porteurs = [f.un_utilisateur() for _ in range(2 if not terrain.entier else LECTEURS)]
    for porteur in porteurs:
        for _ in range(2):
            f.une_candidature(vague=vague, porteur=porteur)

    def juger(mesures: dict[str, float], comparaison: Comparaison) -> list[Objectif]:
        # Mean latency of the empty view at eight, in milliseconds: clients = throughput × latency.
        latence = 1000 * 8 / comparaison.vide[8]
        return [
            au_plus(
                "p95 à huit, en latences de la vue vide (un tiers de pretalx)",
                mesures["p95_ms_8"] / latence,
                latences_vides(PRETALX_ACCUEIL, part=1 / 3),
            ),
            au_plus("instructions", mesures["instructions"], ACCUEIL_MAX),
        ]

    return une_page(
        terrain, "accueil-porteur", "Accueil d’un responsable", [reverse("tableau_de_bord")], porteurs, juger=juger
    )


def _un_dossier(terrain: Terrain) -> Ligne:
    vague = terrain.vague(10_000)
    milieu = dossiers.un_dossier(vague)
    lus = Candidature.objects.filter(vague=vague, pk__gte=milieu.pk).order_by("pk").values_list("pk", flat=True)[:20]
    adresses = [reverse("instruction:dossier", args=[pk]) for pk in lus]

    def juger(mesures: dict[str, float], comparaison: Comparaison) -> list[Objectif]:
        return [
            au_moins(
                "de la vue vide, à huit (quatre fois pretalx)",
                comparaison.rapport(),
                rapport_de_pretalx(PRETALX_DOSSIER, fois=4),
            ),
            au_plus("instructions", mesures["instructions"], DOSSIER_MAX),
        ]

    return une_page(
        terrain,
        "dossier",
        "Un dossier, lu par un agent",
        adresses,
        terrain.decor.instructeurs[:LECTEURS],
        juger=juger,
    )


def _decisions(terrain: Terrain) -> Ligne:
    vague = terrain.vague(DECISIONS, instruits=True)

    def juger(mesures: dict[str, float], _: Comparaison) -> list[Objectif]:
        return [au_plus("p50 en ms", mesures["p50_ms"], DECISIONS_MAX_MS * mesures["lenteur"])]

    adresse = reverse("instruction:decisions", args=[vague.numero])
    libelle = f"Décisions de {DECISIONS} dossiers"
    return une_page(terrain, "decisions", libelle, [adresse], terrain.decor.valideurs, juger=juger)
