"""Releases of one date, frozen at the same instant, each on its own connection."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from projets.communique.actions import figer
from projets.communique.annexes import TOUS
from projets.models import Communique, FichierDeCommunique
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.horloge.temps import PARIS
from rebond.socle.journal.models import EntreeJournal
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre
from tests.fabriques import un_utilisateur
from tests.projets import decor

pytestmark = pytest.mark.django_db(transaction=True)

MAINTENANT = datetime(2023, 8, 29, 9, tzinfo=PARIS)
ENSEMBLE = 4


def test_quatre_demandes_ensemble_figent_un_communique(ailleurs: Callable[..., Future]) -> None:
    decor.une_annonce()
    acteur = un_utilisateur()
    depart = threading.Barrier(ENSEMBLE)

    def demander() -> int:
        depart.wait(DELAI)
        return figer(au=decor.RESTITUTION, acteur=acteur, maintenant=MAINTENANT).pk

    demandes = [ailleurs(demander) for _ in range(ENSEMBLE)]
    versions = {demande.result(60) for demande in demandes}
    assert versions == {Communique.objects.get().pk}
    assert FichierDeCommunique.objects.count() == len(TOUS)
    assert EntreeJournal.objects.filter(acte="figer_communique").count() == 1


def test_la_base_met_en_file_deux_ecritures_de_la_meme_version(ailleurs: Callable[..., Future]) -> None:
    """Straight into the table: the second one waits for the first, then reads it."""
    bon: dict[str, Any] = {
        "au": decor.RESTITUTION,
        "version": 1,
        "chiffres": {},
        "contenu": {"contacts": ["a"]},
        "empreinte": "la même",
        "fige_par": un_utilisateur(),
    }

    def ecrire() -> str:
        try:
            Communique.objects.create(**(bon | {"version": 2, "motif": "Un projet avait été oublié."}))
        except IntegrityError as erreur:
            return nom_contrainte(erreur)
        return ""

    with transaction.atomic():
        Communique.objects.create(**bon)
        autre = ailleurs(ecrire)
        attendre(lambda: attend_un_verrou(genre="advisory"))
    assert autre.result(DELAI) == "communique_change"
    assert Communique.objects.count() == 1
