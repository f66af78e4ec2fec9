"""« Mme X lit ce dossier »: told to those who instruct it with them, for less than a minute, and kept nowhere."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from candidatures.instruction import presences
from candidatures.models import Candidature
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.pages.instruction.lecture.outils import adresse, declarer
from tests.candidatures.pages.instruction.outils import connecter

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Candidature:
    dossier = une_vague_close(None)[1][0]
    cache.delete(f"dossier-lu-{dossier.pk}")
    return dossier


@pytest.fixture
def moi() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


def signaler(personne: Utilisateur, dossier: Candidature) -> list[str]:
    reponse = connecter(personne).post(adresse(dossier, "presence/"))
    assert reponse.status_code == 200
    lecteurs: list[str] = reponse.json()["lecteurs"]
    return lecteurs


def test_deux_instructeurs_se_voient_sans_rien_recharger_ni_rien_garder(dossier, moi):
    autre = f.un_agent(Role.INSTRUCTEUR)
    assert (signaler(moi, dossier), signaler(autre, dossier), signaler(moi, dossier)) == ([], [str(moi)], [str(autre)])
    assert f"{autre} lit ce dossier." in connecter(moi).get(adresse(dossier)).content.decode()
    assert f"{moi} lit ce dossier." not in connecter(moi).get(adresse(dossier)).content.decode()


def test_ouvrir_la_page_ne_le_dit_a_personne(dossier, moi):
    """A GET writes nothing, be it in the cache."""
    connecter(moi).get(adresse(dossier))
    assert cache.get(f"dossier-lu-{dossier.pk}") is None


def test_une_presence_s_efface_d_elle_meme(dossier, moi):
    vieux = horloge_base() - presences.DUREE
    presences.signaler(dossier=dossier, personne=f.un_agent(Role.INSTRUCTEUR), maintenant=vieux)
    assert signaler(moi, dossier) == []
    presences.signaler(
        dossier=dossier, personne=f.un_agent(Role.INSTRUCTEUR), maintenant=vieux + timedelta(seconds=20)
    )
    assert len(signaler(moi, dossier)) == 1


def test_qui_declare_un_conflit_n_est_plus_dit_present(dossier, moi):
    autre = f.un_agent(Role.INSTRUCTEUR)
    signaler(autre, dossier)
    assert signaler(moi, dossier) == [str(autre)]
    declarer(dossier, autre)
    assert signaler(moi, dossier) == []
    assert connecter(autre).post(adresse(dossier, "presence/")).status_code == 404


@pytest.mark.parametrize("role", [Role.COMITE, Role.VALIDEUR])
def test_les_autres_lecteurs_n_en_savent_rien(dossier, moi, role):
    client = connecter(f.un_agent(role))

    def octets() -> list[bytes]:
        page = client.get(adresse(dossier)).content
        return [ligne for ligne in page.splitlines() if b"csrf" not in ligne]

    avant = octets()
    signaler(moi, dossier)
    assert octets() == avant
    assert client.post(adresse(dossier, "presence/")).status_code == 404
