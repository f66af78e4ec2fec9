"""Two agents answer at the same instant, each on their own connection, those who do not find their authority."""

from collections.abc import Callable

import pytest

from candidatures.demandes.actions import EpciASaisir, demander, repondre
from candidatures.demandes.models import DemandeDEpci
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Nature, Role
from territoires.models import Epci
from tests import fabriques as f
from tests.candidatures.demandes.test_demandes import DITE, SIREN
from tests.concurrence.test_dossiers import ensemble

pytestmark = pytest.mark.django_db(transaction=True)


def repondre_en_saisissant(demande: DemandeDEpci, agent: Utilisateur) -> Callable[[], DemandeDEpci]:
    a_saisir = EpciASaisir(
        siren=SIREN,
        nom="CC des Deux Caps",
        nature=Nature.CC,
        population=22_000,
        departement=f.un_departement(),
        source="Arrêté préfectoral du 12 décembre 2025",
    )
    return lambda: repondre(
        demande=demande, reponse="Voilà.", epci=None, a_saisir=a_saisir, acteur=agent, maintenant=horloge_base()
    )


def une_demande(email: str = DITE["email"]) -> DemandeDEpci:
    return demander(maintenant=horloge_base(), **DITE | {"email": email})


def test_deux_agents_repondent_a_la_meme_demande_et_un_seul_est_entendu() -> None:
    demande, agents = une_demande(), [f.un_agent(Role.ADMINISTRATEUR) for _ in range(2)]
    issues = ensemble(*(repondre_en_saisissant(demande, agent) for agent in agents))
    assert sorted(type(issue).__name__ for issue in issues) == ["DemandeDEpci", "RegleEnfreinte"]
    assert Courrier.objects.filter(cle__endswith="-reponse").count() == 1


def test_deux_agents_saisissent_la_meme_intercommunalite_et_le_second_est_prevenu() -> None:
    """Two people of one authority asked: their requests are two, it is one."""
    demandes = [une_demande(), une_demande("autre@audinghen.example")]
    agents = [f.un_agent(Role.ADMINISTRATEUR) for _ in range(2)]
    for _ in range(3):
        issues = ensemble(*(repondre_en_saisissant(*paire) for paire in zip(demandes, agents, strict=True)))
        assert max(type(issue).__name__ for issue in issues) == "RegleEnfreinte"
    assert Epci.objects.filter(siren=SIREN).count() == 1


def test_la_meme_demande_envoyee_par_plusieurs_a_la_fois_n_en_fait_qu_une() -> None:
    issues = ensemble(*[une_demande] * 4)
    assert len({issue.pk for issue in issues}) == 1
    assert Courrier.objects.filter(cle__startswith="demande-epci").count() == 1
