"""What the territory reads of its file, and what it may not read yet."""

from datetime import timedelta
from typing import Any

import pytest

from candidatures.etats import EtatCandidature, EtatVague
from candidatures.models import Candidature, Depot, Vague
from candidatures.suivi import situation, temps_restant
from rebond.socle.temps import horloge_base
from territoires.models import Territoire


@pytest.mark.parametrize(
    ("duree", "attendu"),
    [
        (timedelta(days=12, hours=4, minutes=59), "12\u00a0jours et 4\u00a0heures"),
        (timedelta(days=1), "1\u00a0jour"),
        (timedelta(hours=1, minutes=2), "1\u00a0heure et 2\u00a0minutes"),
        (timedelta(minutes=3, seconds=10), "3\u00a0minutes et 10\u00a0secondes"),
        (timedelta(seconds=1), "1\u00a0seconde"),
        (timedelta(milliseconds=500), "moins d’une seconde"),
        (timedelta(0), ""),
        (timedelta(seconds=-5), ""),
    ],
)
def test_le_temps_restant_se_lit(duree: timedelta, attendu: str) -> None:
    assert temps_restant(duree) == attendu


@pytest.mark.django_db
class TestSecretDesDecisions:
    def lue(self, decidee: EtatCandidature, **vague: Any) -> str:
        maintenant = horloge_base()
        close = Vague(
            numero=7, ouverture=maintenant - timedelta(days=90), cloture=maintenant - timedelta(days=9), **vague
        )
        candidature = Candidature(vague=close, territoire=Territoire(nom="Essai"), etat=decidee)
        depot = Depot(numero="R7-0001-1", rang=1, recu_le=maintenant - timedelta(days=10))
        return situation(candidature, depot=depot, a_redeposer=False, maintenant=maintenant).titre

    @pytest.mark.parametrize("etat", ["instruite", "irrecevable", "laureate", "non_retenue", "ajournee"])
    @pytest.mark.parametrize("vague", [EtatVague.EN_INSTRUCTION, EtatVague.LABELLISEE])
    def test_rien_ne_se_voit_avant_l_annonce(self, etat: str, vague: EtatVague) -> None:
        assert self.lue(EtatCandidature(etat), etat=vague) == "Dossier en instruction"

    def test_ni_pendant_l_embargo(self) -> None:
        demain = horloge_base() + timedelta(days=1)
        titre = self.lue(EtatCandidature.LAUREATE, etat=EtatVague.PUBLIEE, publique_a=demain)
        assert titre == "Dossier en instruction"

    def test_tout_se_dit_ensuite(self) -> None:
        hier = horloge_base() - timedelta(days=1)
        titre = self.lue(EtatCandidature.LAUREATE, etat=EtatVague.PUBLIEE, publique_a=hier)
        assert titre == "Votre territoire est lauréat"
