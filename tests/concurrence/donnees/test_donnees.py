"""Erasing, preparing and letting time pass, by two people or two workers at the same instant."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from rebond.donnees.conservation.actions import appliquer
from rebond.donnees.effacement import actions
from rebond.donnees.export.actions import demander
from rebond.donnees.export.models import ExportDeDonnees
from rebond.donnees.tasks import finir_les_effacements, preparer_les_exports
from rebond.socle.bdd import verrous
from rebond.socle.documents import stockage
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.concurrence.attente import attend_un_verrou, attendre
from tests.donnees import effacer as e
from tests.donnees.effacer import deux, magasin
from tests.outils.documents import garde

__all__ = ["deux", "magasin"]
pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]
Ailleurs = Callable[..., Future[Any]]
OCTETS = b"une ordonnance"


def test_qui_garde_les_memes_octets_a_cet_instant_finit_avant_la_signature(ailleurs: Ailleurs, deux: e.Deux) -> None:
    document = garde(OCTETS)
    demande = e.demander(document, deux[0])
    with transaction.atomic():
        assert stockage.enregistrer(OCTETS, type_mime="application/pdf") == document
        signature = ailleurs(actions.signer, effacement=demande, acteur=deux[1], maintenant=horloge_base())
        attendre(attend_un_verrou)
    assert signature.result(10).signe_par == deux[1]
    with pytest.raises(RegleEnfreinte, match="ne peut pas être gardé"):
        stockage.enregistrer(OCTETS, type_mime="application/pdf")
    finir_les_effacements()
    assert not default_storage.exists(document.chemin)


def test_qui_les_garde_pendant_la_signature_est_refuse(ailleurs: Ailleurs, deux: e.Deux) -> None:
    document = garde(OCTETS)
    demande = e.demander(document, deux[0])
    with transaction.atomic():
        actions.signer(effacement=demande, acteur=deux[1], maintenant=horloge_base())
        essai = ailleurs(stockage.enregistrer, contenu=OCTETS, type_mime="application/pdf")
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match="ne peut pas être gardé"):
        essai.result(10)


def test_deux_ouvriers_ne_preparent_pas_deux_fois_le_meme_export(ailleurs: Ailleurs) -> None:
    personne = f.un_utilisateur()
    export = demander(personne=personne, acteur=personne, maintenant=horloge_base())
    with transaction.atomic():
        assert verrous.prendre(f"export:{export.pk}")
        assert ailleurs(preparer_les_exports).result(10) == 0
    assert preparer_les_exports() == 1
    assert ExportDeDonnees.objects.exclude(pret_le=None).count() == 1


def test_une_seule_application_des_durees_a_la_fois(ailleurs: Ailleurs) -> None:
    with verrous.exclusif("conservation") as seul:
        assert seul
        assert ailleurs(appliquer, maintenant=horloge_base()).result(10) == {}
    assert appliquer(maintenant=horloge_base())["courriels"] == 0
