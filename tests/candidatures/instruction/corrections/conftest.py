"""What the tests of corrections begin with.

Models are imported late: this file is read before Django is set up when the folder is named on the command line.
"""

import pytest


@pytest.fixture
def dossier():
    from tests.candidatures.instruction.instruction import une_vague_close

    return une_vague_close(None)[1][0]


@pytest.fixture
def instructeur():
    from territoires.etats import Role
    from tests import fabriques as f

    return f.un_agent(Role.INSTRUCTEUR)


@pytest.fixture
def demande(dossier, instructeur):
    from tests.candidatures.instruction.corrections.outils import demander

    return demander(dossier, instructeur)
