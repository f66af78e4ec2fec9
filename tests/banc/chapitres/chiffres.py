"""The press office's draft and the dashboard of a mission, whatever the portfolio."""

from collections.abc import Iterator

from django.urls import reverse

from tests.banc.comparaison import Comparaison
from tests.banc.mesures import Ligne, Objectif, au_plus
from tests.banc.pages import observer, une_page
from tests.banc.terrain import Terrain

PRESSE_MAX, PRESSE_MAX_MS, MISSION_MAX_MS = 10, 300, 100


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    semes = terrain.portefeuilles
    tailles = sorted(semes.jours)
    petites = {}
    for nombre in tailles:
        adresse = reverse("presse:projet", args=[semes.jours[nombre]])
        libelle = f"Page de la presse, {nombre} projets"
        yield _jugee(terrain, f"presse-{nombre}", libelle, adresse, terrain.decor.presse, PRESSE_MAX_MS, petites)
    for nombre in tailles[:2]:
        mission = semes.missions[nombre]
        for nom, libelle in (("projets:mission", "Mission"), ("projets:projets", "Projets d’une mission")):
            adresse = reverse(nom, args=[mission.pk])
            cle = f"{nom.replace('projets:', 'mission-')}-{nombre}"
            yield _jugee(
                terrain, cle, f"{libelle}, {nombre} projets", adresse, [semes.equipier], MISSION_MAX_MS, petites
            )


def _jugee(terrain, cle, libelle, adresse, personnes, max_ms: float, petites: dict[str, int]) -> Ligne:
    """The same number of statements at every size; `petites` keeps that of the smallest, by kind of page."""
    genre = cle.rpartition("-")[0]
    vue, _ = observer(adresse, personnes[0])
    petites.setdefault(genre, vue.nombre)

    def juger(mesures: dict[str, float], _: Comparaison) -> list[Objectif]:
        objectifs = [
            au_plus("p50 en ms", mesures["p50_ms"], max_ms * mesures["lenteur"]),
            au_plus("instructions, de plus qu’à la plus petite taille", vue.nombre - petites[genre], 0),
        ]
        if genre == "presse":
            objectifs.append(au_plus("instructions", mesures["instructions"], PRESSE_MAX))
        return objectifs

    return une_page(terrain, cle, libelle, [adresse], personnes, juger=juger)
