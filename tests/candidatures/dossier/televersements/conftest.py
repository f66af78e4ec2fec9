"""What the tests of uploads begin with.

Models are imported late: this file is read before Django is set up when the folder is named on the command line.
"""

import pytest


@pytest.fixture(autouse=True)
def _dossier_des_envois(settings, tmp_path):
    settings.TELEVERSEMENTS = tmp_path / "televersements"


@pytest.fixture
def candidature():
    from tests import fabriques as f

    return f.une_candidature()


@pytest.fixture
def porteur(candidature):
    from tests import fabriques as f
    from tests.candidatures.pages.pages import client_de

    return client_de(f.porteur_de(candidature))
