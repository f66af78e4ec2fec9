"""Each entry of each role's menu leads somewhere, in a portal that is empty and in one that is not."""

import pytest
from django.test import Client

from rebond.portail.menu import LIENS
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.acces import decor
from tests.acces.gens import GENS
from tests.acces.requetes import un_client
from tests.portail.bureau.outils import Contenu

pytestmark = pytest.mark.django_db


def entrees(client: Client) -> dict[str, str]:
    reponse = client.get("/tableau-de-bord/")
    return {entree.url: entree.libelle for entree in reponse.context["navigation"]}


def impasses(personne: Utilisateur) -> list[str]:
    """The entries whose page has neither a row, nor something to do, nor a link that leads further."""
    client = un_client(personne)
    perdues = []
    for url, libelle in entrees(client).items():
        reponse = client.get(url)
        contenu = Contenu(reponse.content.decode())
        suites = [vers for vers, _ in contenu.liens if vers.partition("?")[0] not in {"", url} and vers[0] != "#"]
        if reponse.status_code != 200 or not (contenu.rangees or contenu.actes or suites):
            perdues.append(libelle)
    return perdues


def test_aucune_entree_ne_mene_a_rien_dans_un_portail_vide() -> None:
    gens = {role: f.un_agent(role) for role in Role}
    assert {role: perdues for role, agent in gens.items() if (perdues := impasses(agent))} == {}
    assert impasses(f.un_utilisateur()) == []


def test_aucune_entree_ne_mene_a_rien_dans_un_portail_rempli() -> None:
    monde = decor.sous_embargo()
    assert {nom: perdues for nom in GENS if (perdues := impasses(monde[nom]))} == {}
    # Each entry is somebody's.
    ouvertes = {libelle for nom in GENS for libelle in entrees(un_client(monde[nom])).values()}
    assert {lien.libelle for lien in LIENS} <= ouvertes


@pytest.mark.parametrize(
    ("role", "missions"),
    [
        *((role, False) for role in (Role.EXPERT, Role.COMITE, Role.PRESSE, Role.AUDITEUR)),
        *((role, True) for role in (Role.INSTRUCTEUR, Role.VALIDEUR, Role.CHARGE_MISSION, Role.GESTIONNAIRE)),
    ],
)
def test_les_missions_sont_au_menu_de_qui_peut_en_lire(role: Role, missions: bool) -> None:
    assert ("Missions" in entrees(un_client(f.un_agent(role))).values()) is missions
