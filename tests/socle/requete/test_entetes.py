"""What every answer carries: nothing private is kept, nothing is open to another site."""

import pytest
from django.conf import settings

from rebond.socle.requete.entetes import PERMISSIONS_POLICY
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db
DE_TOUTES = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
PUBLIQUES = ("/", "/calendrier/", "/calendrier.ics", "/calendrier.atom", "/territoires-laureats/carte.svg")


def conserve(reponse) -> set[str]:
    return {mot.strip() for mot in reponse.get("Cache-Control", "").split(",")} - {""}


@pytest.mark.parametrize("chemin", ["/nulle-part/", "/journal/", "/static/rebond/rebond.css", *PUBLIQUES])
def test_chaque_reponse_porte_les_memes_gardes(client, chemin):
    reponse = client.get(chemin)
    reponse.close()
    assert {nom: reponse.get(nom) for nom in DE_TOUTES} == DE_TOUTES
    assert "Content-Security-Policy" in reponse


@pytest.mark.parametrize(
    "chemin", ["/plan-du-site/", "/entete/", "/tableau-de-bord/", "/nulle-part/", "/administration/roles/"]
)
def test_aucune_page_d_une_personne_connectee_ne_se_conserve(client, chemin):
    client.force_login(f.un_agent(Role.ADMINISTRATEUR))
    assert {"no-store", "private"} <= conserve(client.get(chemin))


def test_la_page_d_un_visiteur_qui_porte_son_formulaire_ne_se_conserve_pas(client):
    premiere = client.get("/compte/login/code/")
    assert "no-store" in conserve(premiere)
    assert settings.CSRF_COOKIE_NAME in client.cookies
    assert "no-store" in conserve(client.get("/compte/login/code/"))


def test_la_deconnexion_ne_laisse_rien(client):
    client.force_login(f.un_utilisateur())
    assert "no-store" in conserve(client.post("/compte/logout/"))


@pytest.mark.parametrize("chemin", PUBLIQUES)
def test_ce_qui_est_le_meme_pour_tous_se_conserve_meme_connecte(client, chemin):
    client.force_login(f.un_utilisateur())
    assert "public" in conserve(client.get(chemin))


@pytest.mark.parametrize(
    "chemin", ["/", "/sante/", "/compte/login/", "/tableau-de-bord/", "/static/rebond/rebond.css"]
)
def test_trace_n_est_servi_nulle_part(client, chemin):
    """ASVS 5.0, 13.4.4."""
    assert client.trace(chemin).status_code == 405


def test_aucune_page_ne_prend_de_greffon_ni_de_script_d_ailleurs(client):
    """What no directive of its own says falls back on « default-src »; this one is named all the same."""
    politique = dict(
        directive.strip().split(" ", 1) for directive in client.get("/")["Content-Security-Policy"].split(";")
    )
    assert {nom: politique[nom] for nom in ("default-src", "object-src", "base-uri", "script-src", "style-src")} == {
        "default-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
    }


def test_une_page_publique_reste_au_visiteur_sans_session(client):
    assert "no-store" not in conserve(client.get("/calendrier/"))
