"""Erasing a document, as the tests do."""

from pathlib import Path
from typing import Any

import pytest

from rebond.donnees.effacement import actions
from rebond.donnees.tasks import finir_les_effacements
from rebond.socle.documents.effacements import EffacementDeDocument
from rebond.socle.documents.models import Document
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f

MOTIF = "Ordonnance d’un salarié"
Deux = tuple[Utilisateur, Utilisateur]


@pytest.fixture(autouse=True)
def magasin(settings: Any, tmp_path: Path) -> None:
    """A storage of the test's own."""
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path / "fichiers"}}
    }


@pytest.fixture
def deux() -> Deux:
    """One asks, the other signs."""
    return f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.ADMINISTRATEUR)


def demander(document: Document, qui: Utilisateur, motif: str = MOTIF) -> EffacementDeDocument:
    return actions.demander(empreinte=document.sha256, motif=motif, acteur=qui, maintenant=horloge_base())


def effacer(document: Document, deux: Deux) -> EffacementDeDocument:
    demande = demander(document, deux[0])
    signe = actions.signer(effacement=demande, acteur=deux[1], maintenant=horloge_base())
    assert finir_les_effacements() == 1
    return signe
