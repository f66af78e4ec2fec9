"""The invented portfolio of the Cambrai mission: companies and projects that do not exist, whose totals are
exactly those of the announcement of 28 August 2023 (source: communiqué n° 1097 of 29/08/2023).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from projets.portefeuille.etats import NatureProjet
from territoires.regles import siren_fictif

INDUSTRIELS = 44
PROJETS = 88
INVESTISSEMENT = 286_340_000
EMPLOIS_POTENTIELS = 645
STRUCTURANTS = 17
EMPLOIS_PREVISIONNELS = 304
ENVELOPPE = 5_000_000

DEBUT_RENCONTRES = date(2023, 4, 11)
# The first ranks of invented SIREN are the demonstration's authorities.
PREMIER_RANG = 500

ACTIVITES = (
    "Transformation de légumes",
    "Tissage technique",
    "Mécanique de précision",
    "Emballage carton",
    "Confiserie",
    "Chaudronnerie",
    "Plasturgie",
    "Broderie et dentelle",
    "Maintenance ferroviaire",
    "Logiciel industriel",
    "Chimie fine",
)
OBJETS = {
    NatureProjet.CAPACITE: "Nouvelle ligne de production",
    NatureProjet.MODERNISATION: "Modernisation d’un atelier",
    NatureProjet.DIVERSIFICATION: "Diversification vers un nouveau marché",
    NatureProjet.TRANSITION: "Récupération de chaleur et électrification",
    NatureProjet.NUMERIQUE: "Pilotage numérique de la production",
    NatureProjet.INNOVATION: "Mise au point d’un nouveau procédé",
    NatureProjet.IMPLANTATION: "Implantation d’une unité sur une friche",
    NatureProjet.COMPETENCES: "Atelier-école interne",
}


@dataclass(frozen=True)
class IndustrielFictif:
    nom: str
    siren: str
    activite: str
    effectif: int
    rencontre_le: date
    # 0: Cambrai, 1: Caudrésis-Catésis.
    epci: int


@dataclass(frozen=True)
class ProjetFictif:
    """`investissement` in whole euros, jobs in posts; `emplois_previsionnels` only for the structuring ones."""

    industriel: int
    intitule: str
    nature: NatureProjet
    recense_le: date
    structurant: bool
    investissement: int
    emplois_potentiels: int
    emplois_previsionnels: int | None


def repartir(total: int, poids: list[int], pas: int = 1) -> list[int]:
    """Share `total` in proportion to `poids`, in multiples of `pas`; the last share takes the rest, so that the
    sum is exact."""
    parts = [total * p // sum(poids) // pas * pas for p in poids[:-1]]
    return [*parts, total - sum(parts)]


def industriels() -> Iterator[IndustrielFictif]:
    for rang in range(INDUSTRIELS):
        yield IndustrielFictif(
            nom=f"Industriel fictif n° {rang + 1:02d}",
            siren=siren_fictif(PREMIER_RANG + rang),
            activite=ACTIVITES[rang % len(ACTIVITES)],
            effectif=18 + 23 * (rang * 7 % 19),
            # Met from mid-April to the end of June 2023, on working days.
            rencontre_le=_ouvre(DEBUT_RENCONTRES + timedelta(days=rang * 79 // INDUSTRIELS)),
            epci=rang % 2,
        )


def projets() -> Iterator[ProjetFictif]:
    rencontres = [industriel.rencontre_le for industriel in industriels()]
    natures = list(NatureProjet)
    structurants = [rang % 5 == 1 and rang < 5 * STRUCTURANTS for rang in range(PROJETS)]
    poids = [(22 if structurant else 5) + rang * 13 % 11 for rang, structurant in enumerate(structurants)]
    montants = repartir(INVESTISSEMENT, poids, pas=10_000)
    potentiels = repartir(EMPLOIS_POTENTIELS, poids)
    previsionnels = iter(repartir(EMPLOIS_PREVISIONNELS, [9 + rang * 5 % 7 for rang in range(STRUCTURANTS)]))
    for rang, structurant in enumerate(structurants):
        nature = natures[rang * 3 % len(natures)]
        industriel = rang % INDUSTRIELS
        yield ProjetFictif(
            industriel=industriel,
            intitule=f"{OBJETS[nature]} – projet fictif n° {rang + 1:02d}",
            nature=nature,
            recense_le=rencontres[industriel],
            structurant=structurant,
            investissement=montants[rang],
            emplois_potentiels=potentiels[rang],
            emplois_previsionnels=next(previsionnels) if structurant else None,
        )


def _ouvre(jour: date) -> date:
    return jour - timedelta(days=max(0, jour.weekday() - 4))
