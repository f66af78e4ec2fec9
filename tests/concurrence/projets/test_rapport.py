"""A mission report survives the death of the worker that was making it."""

from collections.abc import Callable
from typing import Any

import pytest

from projets.models import Rapport
from projets.rapport import actions as rapports
from projets.rapport.etats import EtatRapport
from projets.tasks import fabriquer_rapports_en_attente
from tests.concurrence.attente import attendre
from tests.fabriques import un_utilisateur
from tests.projets import decor

pytestmark = pytest.mark.django_db(transaction=True)


def test_un_rapport_survit_a_la_mort_de_son_ouvrier(ouvrier: Callable[..., Any]) -> None:
    premier = ouvrier()
    rapport = rapports.demander_rapport(mission=decor.une_annonce(), au=decor.RESTITUTION, acteur=un_utilisateur())

    def lire() -> Rapport:
        return Rapport.objects.get(pk=rapport.pk)

    attendre(lambda: lire().avancement > 0)
    premier.tuer()
    assert lire().etat == EtatRapport.EN_COURS
    # As if a minute had gone by without a sign of life.
    Rapport.objects.filter(pk=rapport.pk).update(signe_de_vie=lire().signe_de_vie - rapports.SILENCE_MAX)
    ouvrier()
    fabriquer_rapports_en_attente()
    attendre(lambda: lire().etat == EtatRapport.PRET)
    assert lire().document is not None
