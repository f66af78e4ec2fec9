"""An export made before an announcement says nothing of what it will announce."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from rebond.donnees.export.archive import donnees_de
from rebond.donnees.export.rubrique import Sujet
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from tests.acces import decor
from tests.acces.decor import Decor
from tests.acces.test_embargo import IGNORENT
from tests.decors import partage

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Decor]:
    with partage(django_db_blocker, decor.dresser) as monde:
        yield monde


def exports(monde: Decor, ecartes: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Of each who does not know, once it is decided and announced under embargo; all undone."""
    with transaction.atomic():
        decor.decider(monde, monde.secrete, annonce=horloge_base(), embargo=decor.EMBARGO, ecartes=ecartes)
        lus = {}
        for qui in IGNORENT:
            if (personne := monde.gens.get(qui)) is not None:
                sujet = Sujet(Utilisateur.objects.get(pk=personne.pk), horloge_base())
                lus[qui] = donnees_de(sujet)["donnees"]
        transaction.set_rollback(True)
    return lus


def test_une_decision_secrete_ne_change_rien_a_l_export(monde: Decor) -> None:
    laureats = exports(monde, ())
    ecartes = exports(monde, ("secret", "secret bis", "voisin"))
    assert set(laureats) == set(IGNORENT) - {"public"}
    assert laureats["porteur"]["participations"]
    for qui, lu in laureats.items():
        assert ecartes[qui] == lu, qui
