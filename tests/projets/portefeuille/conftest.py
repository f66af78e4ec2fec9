"""What the tests of the portfolio begin with.

Models are imported late: this file is read before Django is set up when the folder is named on the command line.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from projets.models import Mission, Projet


@pytest.fixture
def mission() -> "Mission":
    from rebond.socle.horloge.temps import horloge_base
    from tests.fabriques import une_vague
    from tests.projets import decor

    return decor.une_mission(decor.un_laureat(une_vague(), horloge_base()), restituee_le=None)


@pytest.fixture
def projet(mission: "Mission") -> "Projet":
    from tests.fabriques import un_utilisateur
    from tests.projets import decor

    return decor.un_projet(decor.un_industriel(mission, 1), un_utilisateur())


@pytest.fixture
def equipe(client: "Client", mission: "Mission") -> "Client":
    from tests.projets import conduite

    client.force_login(conduite.un_equipier(mission))
    return client
