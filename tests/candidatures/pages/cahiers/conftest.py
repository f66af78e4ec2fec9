"""What the tests of the editor of specifications begin with.

Models are imported late: this file is read before Django is set up when the folder is named on the command line.
"""

from datetime import timedelta

import pytest


@pytest.fixture
def administrateur():
    from territoires.etats import Role
    from tests import fabriques as f

    return f.un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def client(administrateur):
    from tests.candidatures.pages.pages import client_de

    return client_de(administrateur)


@pytest.fixture
def vague():
    """A wave that opens in ten days, with a first version."""
    from candidatures.cahier.actions import cahier_en_vigueur
    from rebond.socle.horloge.temps import horloge_base
    from tests import fabriques as f

    ouverture = horloge_base() + timedelta(days=10)
    vague = f.une_vague(ouverture=ouverture, cloture=ouverture + timedelta(days=30))
    cahier_en_vigueur(vague=vague)
    return vague
