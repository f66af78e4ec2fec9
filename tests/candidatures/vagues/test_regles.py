"""What a wave allows, phase by phase."""

import pytest

from candidatures.vagues import regles
from candidatures.vagues.etats import Phase


@pytest.mark.parametrize("phase", Phase)
def test_les_regles_d_une_vague_changent_avant_qu_elle_ouvre(phase):
    programmee = phase == Phase.PROGRAMMEE
    cahier = "Le cahier des charges est figé depuis l’ouverture de la vague."
    silence = (
        "Cette vague est ouverte\u00a0: des accusés de réception disent déjà ce que vaut le silence. Cela ne change "
        "plus."
    )
    assert regles.empechement_de_changer_le_cahier(phase) == (None if programmee else cahier)
    assert regles.empechement_de_fixer_le_silence(phase) == (None if programmee else silence)


@pytest.mark.parametrize("phase", Phase)
def test_les_dates_d_une_vague_changent_avant_qu_elle_ouvre(phase):
    close = "Cette vague est close\u00a0: ses dates ne changent plus."
    attendus = {
        Phase.PROGRAMMEE: None,
        Phase.OUVERTE: "Cette vague est ouverte\u00a0: ses dates ne changent plus. Reporter sa clôture serait une "
        "prolongation, motivée et signée par deux personnes.",
        Phase.PROLONGEE: close,
        Phase.EN_CLOTURE: close,
        Phase.CLOSE: close,
        Phase.SUSPENDUE: "Cette vague est suspendue\u00a0: rétablissez-la avant de changer ses dates.",
    }
    assert regles.empechement_de_deplacer(phase) == attendus[phase]


@pytest.mark.parametrize("phase", Phase)
def test_un_dossier_se_commence_dans_une_vague_ouverte(phase):
    refus = "La période de dépôt n°\u00a04 n’est pas ouverte\u00a0: aucun dossier ne peut y être commencé."
    assert regles.empechement_de_commencer(phase, 4) == (None if phase == Phase.OUVERTE else refus)
