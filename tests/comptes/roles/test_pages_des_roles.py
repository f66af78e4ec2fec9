"""« Qui a accès à quoi »: the list, its files, the page of one role, and who reads them."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rebond.comptes.regles import POUVOIRS
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db


def entre(role: Role) -> Client:
    client = Client()
    client.force_login(f.un_agent(role))
    return client


def test_chaque_role_dit_ce_qu_il_permet() -> None:
    assert set(POUVOIRS) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_la_liste_des_roles_et_ses_fichiers_ne_s_ouvrent_qu_aux_administrateurs_et_aux_auditeurs(role: Role) -> None:
    client, tenu = entre(role), f.un_agent(Role.EXPERT).habilitations.get()
    attendu = 200 if role in {Role.ADMINISTRATEUR, Role.AUDITEUR} else 404
    for adresse in ("", ".csv", ".xlsx", ".ods", f"/{tenu.pk}/"):
        page = f"/administration/roles{adresse or '/'}"
        assert client.get(page).status_code == attendu, page
    gestes = 200 if role == Role.ADMINISTRATEUR else 404
    assert client.get("/administration/roles/donner/").status_code == gestes
    assert client.get(f"/administration/roles/{tenu.pk}/retirer/").status_code == gestes
    assert client.get(f"/administration/roles/{tenu.pk}/effacer/").status_code == 404


def test_un_auditeur_lit_les_roles_sans_bouton() -> None:
    client, tenu = entre(Role.AUDITEUR), f.un_agent(Role.EXPERT).habilitations.get()
    for adresse in ("/administration/roles/", f"/administration/roles/{tenu.pk}/"):
        page = client.get(adresse).content.decode().partition("<main")[2].partition("</main")[0]
        assert tenu.adresse in page
        assert "Retirer" not in page
        assert "Donner un rôle" not in page


def test_le_fichier_dit_qui_a_donne_signe_et_confirme() -> None:
    premier, second = f.un_agent(Role.ADMINISTRATEUR), f.un_agent(Role.ADMINISTRATEUR)
    agent = f.un_agent(Role.VALIDEUR)
    client = Client()
    client.force_login(premier)
    texte = client.get("/administration/roles.csv").getvalue().decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    (ligne,) = [lue for lue in lignes if lue["Adresse e-mail"] == agent.email]
    assert (ligne["Rôle"], ligne["État"]) == ("Valideur", "En vigueur")
    assert (ligne["Donné par"], ligne["Signé par"]) == (str(premier), str(second))
    assert len(lignes) == 3


def test_un_role_echu_que_rien_n_a_enregistre_ne_se_lit_pas_en_vigueur() -> None:
    client = entre(Role.ADMINISTRATEUR)
    tenu = f.un_role(f.un_utilisateur(), Role.EXPERT, a_confirmer_avant=horloge_base() - timedelta(days=1))
    for adresse in ("/administration/roles/", f"/administration/roles/{tenu.pk}/"):
        page = client.get(adresse).content.decode()
        assert "Échu" in page


def test_la_liste_et_la_fiche_coutent_autant_de_requetes_pour_un_role_que_pour_trois() -> None:
    client = entre(Role.ADMINISTRATEUR)
    f.un_agent(Role.ADMINISTRATEUR)
    mesures = []
    for nombre in (1, 2):
        for _ in range(nombre):
            tenu = f.un_agent(Role.VALIDEUR, region=f.un_departement().region).habilitations.get()
        client.get("/administration/roles/")
        for adresse in ("/administration/roles/", "/administration/roles.csv", f"/administration/roles/{tenu.pk}/"):
            with CaptureQueriesContext(connection) as captees:
                client.get(adresse).getvalue()
            mesures.append(len(captees))
    assert mesures[:3] == mesures[3:]


def test_un_administrateur_seul_lit_ce_qu_il_faut_pour_en_avoir_un_second() -> None:
    client = entre(Role.ADMINISTRATEUR)
    for adresse in ("/administration/roles/", "/administration/roles/donner/"):
        assert "manage.py nommer_administrateur ADRESSE" in client.get(adresse).content.decode()
    f.un_agent(Role.ADMINISTRATEUR)
    for adresse in ("/administration/roles/", "/administration/roles/donner/"):
        assert "nommer_administrateur" not in client.get(adresse).content.decode()


def test_donner_un_role_ne_dit_pas_qui_a_un_compte() -> None:
    """The same answer, bytes and letters' number aside, whether the address has an account or not."""
    client = entre(Role.ADMINISTRATEUR)
    f.un_utilisateur("connue@exemple.fr")
    reponses = []
    for adresse in ("connue@exemple.fr", "inconnu@exemple.fr"):
        saisie = {"adresse": adresse, "role": Role.EXPERT, "organisme": f.un_service().pk, **f.d_une_autre_page()}
        reponse = client.post("/administration/roles/donner/", saisie)
        messages = [str(message) for message in client.get(reponse["Location"]).context["messages"]]
        reponses.append((reponse.status_code, reponse["Location"], messages))
    assert reponses[0] == reponses[1]
