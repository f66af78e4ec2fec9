"""What the tests of envelopes begin with.

Models are imported late: this file is read before Django is set up when the folder is named on the command line.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from projets.models import Enveloppe
    from rebond.socle.utilisateur import Utilisateur


@pytest.fixture
def enveloppe() -> "Enveloppe":
    from tests.projets import conduite

    return conduite.une_enveloppe(montant=400_000)


@pytest.fixture
def gestionnaire(client: "Client") -> "Utilisateur":
    from tests.projets import conduite

    personne = conduite.un_gestionnaire()
    client.force_login(personne)
    return personne
