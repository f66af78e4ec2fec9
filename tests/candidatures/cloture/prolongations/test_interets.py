"""Nobody gives time to the file that they write, or wrote, with its territory."""

import pytest
from django.test import Client

from candidatures.cloture.actions import prolongations
from candidatures.models import Candidature, Participation, Prolongation
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.jumeaux import UN_JOUR
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Candidature:
    return f.une_candidature()


def proposer(dossier: Candidature, acteur: Utilisateur) -> Prolongation:
    return prolongations.proposer(
        vague=dossier.vague,
        candidature=dossier,
        jusqu_au=dossier.vague.cloture + UN_JOUR,
        motif="Une panne.",
        acteur=acteur,
        maintenant=horloge_base(),
    )


def interesser(dossier: Candidature, personne: Utilisateur, *, parti: bool) -> None:
    Participation.objects.create(candidature=dossier, utilisateur=personne, qualite="lecteur")
    if parti:
        Participation.objects.filter(candidature=dossier, utilisateur=personne).delete()


@pytest.mark.parametrize("parti", [False, True])
def test_on_ne_propose_pas_la_prolongation_de_son_dossier(dossier: Candidature, parti: bool) -> None:
    admin = f.un_agent(Role.ADMINISTRATEUR)
    interesser(dossier, admin, parti=parti)
    with pytest.raises(RegleEnfreinte, match="ou y avez participé"):
        proposer(dossier, admin)
    assert not Prolongation.objects.exists()


@pytest.mark.parametrize("parti", [False, True])
def test_on_ne_signe_pas_la_prolongation_de_son_dossier(dossier: Candidature, parti: bool) -> None:
    valideur = f.un_agent(Role.VALIDEUR)
    prolongation = proposer(dossier, f.un_agent(Role.ADMINISTRATEUR))
    interesser(dossier, valideur, parti=parti)
    client = Client()
    client.force_login(valideur)
    page = client.get(f"/administration/prolongations/{prolongation.pk}/").content.decode()
    assert "une autre personne doit proposer et signer sa prolongation" in page
    assert "Signer la prolongation" not in page
    with pytest.raises(RegleEnfreinte, match="ou y avez participé"):
        prolongations.signer(prolongation=prolongation, acteur=valideur, maintenant=horloge_base())
    signature = {"etat": "accordee", "signee_par": valideur, "signee_le": horloge_base()}
    assert refus(lambda: Prolongation.objects.update(**signature)) == "prolongation_par_un_tiers"
