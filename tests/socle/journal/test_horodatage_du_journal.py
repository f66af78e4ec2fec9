"""The root of the journal, dated by an authority: what is made again afterwards shows."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from rebond.socle.journal import scelles
from rebond.socle.journal.models import EntreeJournal, HorodatageDuJournal, ScelleDuJournal
from rebond.socle.journal.verification import empreinte_du_scelle
from rebond.socle.tasks import horodater_le_journal, sceller_le_journal
from tests.outils.roles import administrer, sans_declencheurs
from tests.outils.serveurs.autorite import Autorite, servie
from tests.socle.journal.test_scelles import CHANGER, commande, ecrire


@pytest.fixture(scope="module")
def autorite(tmp_path_factory: pytest.TempPathFactory) -> Autorite:
    return Autorite(tmp_path_factory.mktemp("tsa") / "autorite")


@pytest.mark.django_db
class TestHorodatage:
    @pytest.fixture
    def reglages(self, settings: Any, autorite: Autorite) -> Iterator[Any]:
        with servie(autorite) as adresse:
            settings.HORODATAGE_ADRESSE, settings.HORODATAGE_AUTORITE = adresse, str(autorite.racine)
            yield settings

    def test_le_dernier_scelle_est_date_une_fois_et_avec_lui_tous_ceux_d_avant(self, reglages: Any) -> None:
        assert not horodater_le_journal()
        for _ in range(2):
            ecrire(1)
            sceller_le_journal()
        assert (horodater_le_journal(), horodater_le_journal()) == (True, False)
        assert [h.scelle.numero for h in HorodatageDuJournal.objects.all()] == [2]
        code, sortie = commande()
        assert (code, "1\u00a0horodatage vérifié auprès de l’autorité." in sortie) == (0, True)

    def test_sans_autorite_rien_n_est_demande(self) -> None:
        ecrire(1)
        scelles.sceller()
        assert not scelles.horodater()

    def test_sans_reponse_le_prochain_essai_le_fera(self, settings: Any, autorite: Autorite) -> None:
        settings.HORODATAGE_ADRESSE, settings.HORODATAGE_AUTORITE = "http://127.0.0.1:9/", str(autorite.racine)
        ecrire(1)
        scelles.sceller()
        assert not scelles.horodater()
        assert not HorodatageDuJournal.objects.exists()

    def test_un_jeton_d_un_autre_scelle_ne_vaut_pas(self, reglages: Any) -> None:
        ecrire(1)
        scelles.sceller()
        scelles.horodater()
        with sans_declencheurs():
            administrer(CHANGER.format(EntreeJournal.objects.get().pk), "DELETE FROM socle_scelledujournal")
        scelles.sceller()
        with sans_declencheurs():
            administrer("UPDATE socle_horodatagedujournal SET scelle_id = (SELECT id FROM socle_scelledujournal)")
        code, sortie = commande()
        assert (code, "Scellé n° 1 : son horodatage ne vaut pas." in sortie) == (1, True)

    def test_une_chaine_refaite_et_datee_apres_coup_se_voit(self, reglages: Any) -> None:
        """Whoever holds the whole database dates what they please, but for the authority."""
        ecrire(1)
        scelles.sceller()
        scelle = ScelleDuJournal.objects.get()
        scelle.scelle_le -= timedelta(days=30)
        with sans_declencheurs():
            administrer(
                f"UPDATE socle_scelledujournal SET scelle_le = '{scelle.scelle_le.isoformat()}', "
                f"empreinte = '{empreinte_du_scelle(scelle)}'"
            )
        assert commande()[0] == 0
        scelles.horodater()
        code, sortie = commande()
        assert (code, "Le journal a pu être refait." in sortie) == (1, True)
