"""A closed wave of two files, one of which is entrusted to two people; whoever else reads it.

Models are imported late: this file is read before Django is set up when the folder is named on the command line.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from candidatures.models import Candidature, Vague


@dataclass
class Monde:
    """`une` and `deux` evaluate `dossier`; `tiers`, who instructs it, entrusted them with it."""

    vague: "Vague"
    dossier: "Candidature"
    autre: "Candidature"
    une: Any
    deux: Any
    tiers: Any
    valideur: Any


@pytest.fixture
def monde() -> Monde:
    from territoires.etats import Role
    from tests import fabriques as f
    from tests.candidatures.evaluation.evaluation import confier
    from tests.candidatures.instruction.instruction import une_vague_close

    vague, (dossier, autre) = une_vague_close(None, None)
    une, deux, tiers = (f.un_agent(Role.INSTRUCTEUR) for _ in range(3))
    monde = Monde(vague, dossier, autre, une, deux, tiers, f.un_agent(Role.VALIDEUR))
    confier(dossier, une, deux, auteur=tiers)
    return monde
