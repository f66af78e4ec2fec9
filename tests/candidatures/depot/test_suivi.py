"""What the territory reads of its file, and what it may not read yet."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from candidatures.depot.suivi import situation
from candidatures.dossier.connaissance import etat_connu_du_territoire
from candidatures.dossier.etats import EtatCandidature
from candidatures.models import Candidature, Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.durees import temps_restant
from tests import fabriques as f
from tests.outils.roles import sans_declencheurs

UN_JOUR = timedelta(days=1)


@pytest.mark.parametrize(
    ("duree", "attendu"),
    [
        (timedelta(days=12, hours=4, minutes=59), "12\u00a0jours"),
        (timedelta(days=3), "3\u00a0jours"),
        (timedelta(days=2, hours=23, minutes=59), "2\u00a0jours et 23\u00a0heures"),
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
    """The state that is known chooses the words; `instruction.connaissance` tells which one is known, and when."""

    def lue(self, decidee: EtatCandidature, etat: EtatVague, publique_a: datetime | None = None) -> str:
        dossier = f.une_candidature(vague=f.une_vague(cloture=horloge_base() - UN_JOUR))
        depot = f.un_depot(dossier)
        maintenant = horloge_base()
        with sans_declencheurs():
            Candidature.objects.filter(pk=dossier.pk).update(etat=decidee)
            Vague.objects.filter(pk=dossier.vague_id).update(**self.signee(etat, publique_a))
        dossier = Candidature.objects.select_related("vague").get(pk=dossier.pk)
        connu = etat_connu_du_territoire(dossier, maintenant)
        return situation(dossier, connu, depot=depot, a_redeposer=False, maintenant=maintenant).titre

    def signee(self, etat: EtatVague, publique_a: datetime | None) -> dict[str, Any]:
        champs: dict[str, Any] = {"etat": etat, "publique_a": publique_a}
        if etat != EtatVague.EN_INSTRUCTION:
            champs |= {"labellisee_le": horloge_base() - 3 * UN_JOUR, "labellisee_par": f.un_utilisateur()}
        if etat == EtatVague.PUBLIEE:
            champs |= {"annoncee_le": horloge_base() - 2 * UN_JOUR, "annoncee_par": f.un_utilisateur()}
        return champs

    @pytest.mark.parametrize("etat", ["instruite", "irrecevable", "laureate", "non_retenue", "ajournee"])
    @pytest.mark.parametrize("vague", [EtatVague.EN_INSTRUCTION, EtatVague.LABELLISEE])
    def test_rien_ne_se_voit_avant_l_annonce(self, etat: str, vague: EtatVague) -> None:
        assert self.lue(EtatCandidature(etat), vague) == "Dossier en instruction"

    def test_ni_pendant_l_embargo(self) -> None:
        titre = self.lue(EtatCandidature.LAUREATE, EtatVague.PUBLIEE, horloge_base() + UN_JOUR)
        assert titre == "Dossier en instruction"

    def test_tout_se_dit_ensuite(self) -> None:
        titre = self.lue(EtatCandidature.LAUREATE, EtatVague.PUBLIEE, horloge_base() - UN_JOUR)
        assert titre == "Votre territoire est lauréat"
