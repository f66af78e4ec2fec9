"""What changes on another connection while a request is under way, or between two of the same person."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpResponse

from candidatures.models import Candidature, Depot, Participation, Vague, VersionDeSection
from rebond.comptes.actions import roles
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from territoires.models import Habilitation
from tests import fabriques as f
from tests.candidatures.pages.pages import client_de, page
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = pytest.mark.django_db(transaction=True)

Ailleurs = Callable[..., Any]


@pytest.fixture
def candidature() -> Candidature:
    return f.une_candidature()


def pendant_l_attente(candidature: Candidature, ailleurs: Ailleurs, envoyer: Any, geste: Callable[[], Any]) -> Any:
    """The answer to a request that waits for the file, `geste` being done by whoever holds it."""
    with transaction.atomic():
        Candidature.objects.select_for_update().get(pk=candidature.pk)
        demande = ailleurs(envoyer)
        attendre(attend_un_verrou)
        geste()
    return demande.result(DELAI)


def saisie(candidature: Candidature) -> Callable[[], HttpResponse]:
    client = client_de(f.porteur_de(candidature))
    champs = {"revision": 1, "projets": "Deux projets."}
    return lambda: client.post(page("automatique", candidature.pk, "projets"), champs)  # type: ignore[return-value]


def depot(candidature: Candidature) -> Callable[[], HttpResponse]:
    client = client_de(f.porteur_de(candidature))
    return lambda: client.post(page("deposer", candidature.pk), {"cle": uuid4()})  # type: ignore[return-value]


@pytest.mark.parametrize("demande", [saisie, depot])
def test_qui_est_ecarte_pendant_que_sa_demande_attend_n_ecrit_rien(
    candidature: Candidature, ailleurs: Ailleurs, demande: Any
) -> None:
    participation = Participation.objects.get(candidature=candidature)
    reponse = pendant_l_attente(candidature, ailleurs, demande(candidature), participation.delete)
    assert reponse.status_code == 404
    assert VersionDeSection.objects.filter(candidature=candidature, section="projets").count() == 1
    assert not Depot.objects.exists()


def test_ce_qui_est_recu_a_temps_compte_meme_si_l_echeance_passe_pendant_l_attente(
    candidature: Candidature, ailleurs: Ailleurs
) -> None:
    """A deposit holds its wave as well: `test_depot_et_cloture` tries it."""

    def clore() -> None:
        Vague.objects.filter(pk=candidature.vague_id).update(cloture=horloge_base())

    reponse = pendant_l_attente(candidature, ailleurs, saisie(candidature), clore)
    assert reponse.status_code == 200
    version = VersionDeSection.objects.get(candidature=candidature, section="projets", revision=2)
    assert version.enregistree_le < Vague.objects.get(pk=candidature.vague_id).cloture


def test_un_role_retire_ailleurs_ne_sert_plus_a_la_requete_suivante(ailleurs: Ailleurs) -> None:
    agent = f.un_utilisateur("agent@exemple.fr")
    f.un_role(agent, Role.PRESSE)
    client = client_de(agent)
    assert client.get("/presse/").status_code == 200

    def retirer() -> None:
        habilitation = Habilitation.objects.get(utilisateur=agent)
        acteur = f.un_utilisateur("chef@exemple.fr")
        f.un_role(acteur, Role.ADMINISTRATEUR)
        roles.retirer(habilitation=habilitation, acteur=acteur, maintenant=horloge_base())

    ailleurs(retirer).result(DELAI)
    assert client.get("/presse/").status_code == 404


def test_une_session_fermee_ailleurs_n_enregistre_plus_rien(candidature: Candidature, ailleurs: Ailleurs) -> None:
    client = client_de(f.porteur_de(candidature))
    champs = {"revision": 1, "projets": "Deux projets."}
    adresse = page("automatique", candidature.pk, "projets")
    assert client.post(adresse, champs).status_code == 200
    cle = client.cookies[settings.SESSION_COOKIE_NAME].value
    ailleurs(lambda: SessionStore().delete(cle)).result(DELAI)
    reponse = client.post(adresse, champs | {"revision": 2, "projets": "Trois projets."})
    assert (reponse.status_code, reponse.json()["etat"]) == (401, "deconnecte")
    assert VersionDeSection.objects.filter(candidature=candidature, section="projets").count() == 2
