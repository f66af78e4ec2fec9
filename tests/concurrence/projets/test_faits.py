"""What is known at an instant, while somebody is writing: real connections."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date, datetime

import pytest
from django.db import transaction

from projets.models import Mission
from rebond.socle.faits.models import Fait
from rebond.socle.faits.requetes import arreter_les_faits, connu_a
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = pytest.mark.django_db(transaction=True)


def une_mission(titre: str) -> Mission:
    return Mission.objects.create(titre=titre, debut=date(2023, 4, 3))


def test_un_instant_attend_qui_est_en_train_d_ecrire_un_fait_d_avant_lui(ailleurs: Callable[..., Future]) -> None:
    """Its fact bears an instant of before: read too early, what was known then would change afterwards."""
    une_mission("Déjà là")
    ecrit, fini = threading.Event(), threading.Event()

    def ecrire() -> None:
        with transaction.atomic():
            une_mission("En train de s’écrire")
            ecrit.set()
            assert fini.wait(DELAI)

    en_cours = ailleurs(ecrire)
    assert ecrit.wait(DELAI)
    arret: Future = ailleurs(arreter_les_faits)
    attendre(attend_un_verrou)
    fini.set()
    en_cours.result(DELAI)
    connu_le: datetime = arret.result(DELAI)
    assert Fait.objects.order_by("pk").last().saisi_le < connu_le
    with connu_a(connu_le):
        assert list(Mission.objects.order_by("pk").values_list("titre", flat=True)) == [
            "Déjà là",
            "En train de s’écrire",
        ]


def test_qui_ecrit_ensemble_ne_s_attend_pas(ailleurs: Callable[..., Future]) -> None:
    ecrit, fini = threading.Event(), threading.Event()

    def ecrire() -> None:
        with transaction.atomic():
            une_mission("La première")
            ecrit.set()
            assert fini.wait(DELAI)

    en_cours = ailleurs(ecrire)
    assert ecrit.wait(DELAI)
    ailleurs(une_mission, titre="La seconde").result(DELAI)
    fini.set()
    en_cours.result(DELAI)
    assert Mission.objects.count() == 2


def test_ce_qui_est_connu_se_relit_dans_une_transaction_sans_ecriture() -> None:
    une_mission("Une mission")
    connu_le = arreter_les_faits()
    une_mission("Une autre")
    with connu_a(connu_le):
        assert Mission.objects.count() == 1
    assert Mission.objects.count() == 2
