"""The pages that belong to no app, and those that tell of an error."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from rebond.socle.erreurs import RegleEnfreinte
from rebond.urls import urlpatterns as urls_du_portail

REGLE = "La relève n° 4 est close depuis le 1er octobre 2023 à 12:00:00."


def enfreindre(request: HttpRequest) -> HttpResponse:
    raise RegleEnfreinte(REGLE)


def refuser(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def soupconner(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def tomber(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("regle/", enfreindre),
    path("refus/", refuser),
    path("soupcon/", soupconner),
    path("panne/", tomber),
    *urls_du_portail,
]
erreurs = pytest.mark.urls(__name__)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chemin", "attendu"),
    [
        ("/plan-du-site/", "Plan du site"),
        ("/accessibilite/", "non conforme"),
        ("/mentions-legales/", "Éditeur"),
        ("/donnees-personnelles/", "sessionid"),
        ("/contact/", "territoires-industrie@anct.gouv.fr"),
    ],
)
def test_chaque_page_obligatoire_est_la_et_liee_depuis_l_accueil(client: Client, chemin: str, attendu: str) -> None:
    reponse = client.get(chemin)
    assert reponse.status_code == 200
    assert attendu in reponse.content.decode()
    assert f'href="{chemin}"' in client.get("/contact/").content.decode()


@pytest.mark.django_db
def test_le_tableau_de_bord_demande_de_se_connecter(client: Client) -> None:
    reponse = client.get("/tableau-de-bord/")
    assert reponse.headers["Location"] == "/compte/login/?next=/tableau-de-bord/"


@erreurs
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chemin", "statut", "titre"),
    [
        ("/regle/", 409, "Cette action n’est pas possible"),
        ("/refus/", 403, "Cette action ne vous est pas ouverte"),
        ("/soupcon/", 400, "Cette demande n’a pas pu être comprise"),
        ("/nulle-part/", 404, "Cette page n’existe pas"),
        ("/panne/", 500, "Le portail a rencontré un problème"),
    ],
)
def test_une_erreur_se_lit_en_francais(client: Client, chemin: str, statut: int, titre: str) -> None:
    client.raise_request_exception = False
    reponse = client.get(chemin)
    assert reponse.status_code == statut
    assert f"<h1>{titre}</h1>" in reponse.content.decode()


@erreurs
@pytest.mark.django_db
def test_une_regle_enfreinte_est_citee_et_ramene_d_ou_l_on_vient(client: Client) -> None:
    reponse = client.post("/regle/", headers={"referer": "http://testserver/candidatures/4/"})
    html = reponse.content.decode()
    assert REGLE in html
    assert 'href="http://testserver/candidatures/4/"' in html


@erreurs
def test_une_panne_s_affiche_sans_base_de_donnees(client: Client) -> None:
    """No `django_db` here: any query would fail the test."""
    client.raise_request_exception = False
    assert client.get("/panne/").status_code == 500
