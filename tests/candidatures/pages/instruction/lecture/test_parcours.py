"""« 7 sur 60 »: the list goes with whoever reads file after file, and counts nothing that they may not see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.candidatures.pages.instruction.lecture.outils import adresse, constater, declarer
from tests.candidatures.pages.instruction.outils import connecter, demander

pytestmark = pytest.mark.django_db
NOMS = ["Alès", "Blois", "Cambrai", "Douai"]


@pytest.fixture
def instructeur() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


@pytest.fixture
def dossiers():
    return une_vague_close(*[None] * 4, noms=NOMS)[1]


def parcours(client, dossier, liste=""):
    return client.get(adresse(dossier), {"liste": liste}).context["parcours"]


def test_la_liste_mene_au_dossier_avec_sa_recherche_et_le_dossier_y_ramene(dossiers, instructeur):
    client = connecter(instructeur)
    vague = f"/instruction/vagues/{dossiers[0].vague.numero}/"
    liste = client.get(vague, {"etat": "en_instruction", "tri": "-territoire"}).content.decode()
    assert f'href="{adresse(dossiers[1])}?liste=etat%3Den_instruction%26tri%3D-territoire"' in liste

    page = client.get(adresse(dossiers[1]), {"liste": "etat=en_instruction&tri=-territoire"})
    lu = page.context["parcours"]
    assert (lu.rang, lu.total, lu.avant, lu.apres) == (3, 4, dossiers[2].pk, dossiers[0].pk)
    assert f'href="{vague}?etat=en_instruction&amp;tri=-territoire"' in page.content.decode()


#: What an instructeur opens on a file, and from there.
PAGES = ("", "recevabilite/", "avis/demander/", "correction/demander/", "confier/", "notes/", "messages/", "interets/")


@pytest.mark.parametrize("acte", [*PAGES, "avis/rendre/", "evaluateurs/"])
def test_le_fil_de_chaque_page_d_un_dossier_ramene_a_la_liste_telle_qu_elle_etait_cherchee(
    acte, dossiers, instructeur
):
    lue = connecter(instructeur).get(f"{adresse(dossiers[1])}{acte}", {"liste": "etat=en_instruction&tri=-territoire"})
    fil = lue.content.decode().partition('id="fil"')[2].partition("</nav>")[0]
    vague = f"/instruction/vagues/{dossiers[0].vague.numero}/"
    assert f'href="{vague}?etat=en_instruction&amp;tri=-territoire"' in fil
    retour = f'href="{adresse(dossiers[1])}?liste=etat%3Den_instruction%26tri%3D-territoire"'
    assert (retour in fil) is bool(acte)


@pytest.mark.parametrize("refusee", ["proposition/", "reserve/", "prendre/", "relie/"])
def test_un_refus_ramene_au_dossier_et_lui_a_sa_liste(refusee, dossiers, instructeur):
    """An address that only receives leads there at once."""
    lue = connecter(instructeur).get(f"{adresse(dossiers[1])}{refusee}", {"liste": "tri=-territoire"})
    retour = f"{adresse(dossiers[1])}?liste=tri%3D-territoire"
    if lue.status_code == 302:
        assert lue["Location"] == retour
    else:
        assert lue.status_code == 409
        assert f'href="{retour}">Revenir au dossier' in lue.content.decode()


def test_un_dossier_sorti_de_la_liste_garde_ses_voisins(dossiers, instructeur):
    constater(dossiers[1], instructeur)
    lu = parcours(connecter(instructeur), dossiers[1], "attente=recevabilite")
    assert (lu.rang, lu.total, lu.avant, lu.apres) == (None, 3, dossiers[0].pk, dossiers[2].pk)


def test_sans_liste_ou_pour_une_recherche_illisible_il_n_y_a_pas_de_parcours(dossiers, instructeur):
    client = connecter(instructeur)
    assert client.get(adresse(dossiers[0])).context["parcours"] is None
    assert parcours(client, dossiers[0], f"q={'x' * 101}") is None


def test_un_expert_n_a_pas_de_parcours(dossiers, instructeur):
    expert = f.un_agent(Role.EXPERT)
    demander(dossiers[0], expert, instructeur)
    assert parcours(connecter(expert), dossiers[0]) is None


def test_un_dossier_en_conflit_ne_compte_ni_dans_le_rang_ni_dans_le_total(dossiers, instructeur):
    """Nor does anything that becomes of it: the whole page, byte by byte."""
    declarer(dossiers[1], instructeur)
    client = connecter(instructeur)
    lu = parcours(client, dossiers[2], "tri=territoire")
    assert (lu.rang, lu.total, lu.avant) == (2, 3, dossiers[0].pk)

    def octets() -> bytes:
        page = client.get(adresse(dossiers[2]), {"liste": "etat=en_instruction"}).content
        return b"\n".join(ligne for ligne in page.splitlines() if b"csrf" not in ligne and b"cle_d_envoi" not in ligne)

    avant = octets()
    instruire(dossiers[1])
    assert octets() == avant


def test_enregistrer_et_suivant_passe_au_dossier_qui_suivait_avant_l_acte(dossiers, instructeur):
    """The act takes the file out of the list: the next one is that which was next before."""
    client = connecter(instructeur)
    suite = "?liste=attente%3Drecevabilite"
    form = client.get(adresse(dossiers[1], f"recevabilite/{suite}"))
    assert "Enregistrer et passer au dossier suivant" in form.content.decode()
    envoi = {"toutes": "oui", "suivant": "Enregistrer et passer au dossier suivant"}
    reponse = client.post(adresse(dossiers[1], f"recevabilite/{suite}"), envoi)
    assert reponse.url == adresse(dossiers[2], suite)
    # The other button stays on the file, within the list.
    reponse = client.post(adresse(dossiers[2], f"recevabilite/{suite}"), {"toutes": "oui"})
    assert reponse.url == adresse(dossiers[2], suite)


def test_le_dernier_n_a_pas_de_suivant(dossiers, instructeur):
    page = connecter(instructeur).get(adresse(dossiers[3], "recevabilite/?liste="))
    assert "Enregistrer et passer au dossier suivant" not in page.content.decode()


def test_le_parcours_est_une_instruction_de_plus_quelle_que_soit_la_liste(dossiers, instructeur):
    client = connecter(instructeur)
    comptes = []
    for demande in ({}, {"liste": ""}, {"liste": "etat=en_instruction&tri=region"}):
        client.get(adresse(dossiers[0]), demande)
        with CaptureQueriesContext(connection) as captees:
            client.get(adresse(dossiers[0]), demande)
        comptes.append(len(captees))
    assert (comptes[1] - comptes[0], comptes[2] - comptes[0]) == (1, 1)
