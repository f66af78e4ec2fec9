"""What the tests of the closing begin with.

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
def signataire():
    from territoires.etats import Role
    from tests import fabriques as f

    return f.un_agent(Role.ADMINISTRATEUR)


@pytest.fixture
def passee():
    """Past its deadline and its grace, not recorded yet."""
    from rebond.socle.horloge.temps import horloge_base
    from tests import fabriques as f

    return f.une_vague(cloture=horloge_base() - timedelta(minutes=2))


@pytest.fixture
def proposer(administrateur):
    from candidatures.cloture.actions import prolongations
    from rebond.socle.horloge.temps import horloge_base
    from tests.candidatures.cloture.prolongations.outils import HEURE, MOTIF

    def proposer(vague, candidature=None, *, jusqu_au=None, motif=MOTIF):
        return prolongations.proposer(
            vague=vague,
            candidature=candidature,
            jusqu_au=jusqu_au or horloge_base() + HEURE,
            motif=motif,
            acteur=administrateur,
            maintenant=horloge_base(),
        )

    return proposer


@pytest.fixture
def accorder(proposer, signataire):
    from candidatures.cloture.actions import prolongations
    from rebond.socle.horloge.temps import horloge_base

    def accorder(vague, candidature=None, **arguments):
        return prolongations.signer(
            prolongation=proposer(vague, candidature, **arguments), acteur=signataire, maintenant=horloge_base()
        )

    return accorder
