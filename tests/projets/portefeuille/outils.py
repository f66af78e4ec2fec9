"""What the tests of the portfolio have in common."""

from typing import Any

from projets.models import Mission, Projet
from projets.portefeuille.etats import NatureProjet
from tests.projets import decor


def adresse(projet: Projet, suite: str = "") -> str:
    return f"/missions/{projet.mission_id}/projets/{projet.pk}/{suite}"


def saisie(mission: Mission, **champs: Any) -> dict[str, Any]:
    industriel = mission.industriels.first() or decor.un_industriel(mission, 9)
    return {
        "industriel": industriel.pk,
        "intitule": "Nouvelle ligne",
        "nature": NatureProjet.CAPACITE.value,
        "epci": industriel.epci.pk,
        "structurant": "on",
        "recense_le": "2023-06-01",
        "investissement": "1 250 000",
        "emplois_potentiels": "12",
    } | champs
