"""Two releases of different dates frozen at the same instant: nobody is a new laureate twice."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta

import pytest
from django.db import transaction

from projets.communique.actions import figer
from projets.models import Communique
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre
from tests.fabriques import un_utilisateur
from tests.projets import decor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrence]


def test_le_second_communique_attend_le_premier_puis_se_relit(ailleurs: Callable[..., Future]) -> None:
    decor.une_annonce()
    auteur = un_utilisateur()

    def au(jours: int) -> dict[str, object]:
        return {"au": decor.RESTITUTION + timedelta(days=jours), "acteur": auteur, "maintenant": horloge_base()}

    with transaction.atomic():
        # Not by `figer`, which nobody calls within a transaction: its instant of facts would hold the second one up.
        decor.un_communique(maintenant=horloge_base())
        second = ailleurs(figer, **au(1))
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match="vient d’annoncer l’un de ces nouveaux lauréats"):
        second.result(DELAI)
    figer(**au(1))
    nouveaux = [len(c.chiffres["chiffres"]["nouveaux_laureats"]["lignes"]) for c in Communique.objects.order_by("au")]
    assert nouveaux == [2, 0]
