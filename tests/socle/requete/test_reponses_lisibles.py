"""Every text that leaves says in which letters it is written (OWASP ASVS 5.0, 4.1.1)."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from rebond.socle.requete.entetes import EntetesMiddleware

pytestmark = pytest.mark.django_db
TEXTES = re.compile(r"text/|.*[/+]xml$")


@pytest.mark.parametrize(
    "chemin",
    [
        "/",
        "/nulle-part/",
        "/calendrier.ics",
        "/calendrier.atom",
        "/territoires-laureats/carte.svg",
        "/static/rebond/rebond.css",
        "/static/rebond/rebond.js",
        "/static/dsfr/dist/icons/system/fr--success-fill.svg",
    ],
)
def test_un_texte_dit_ses_lettres(client: Client, chemin: str) -> None:
    reponse = client.get(chemin)
    reponse.close()
    genre, _, lettres = reponse["Content-Type"].partition("; ")
    assert TEXTES.match(genre)
    assert lettres == 'charset="utf-8"' if '"' in lettres else lettres.lower() == "charset=utf-8"


@pytest.mark.parametrize(
    ("genre", "dit"),
    [
        ("text/plain", "text/plain; charset=utf-8"),
        ("image/svg+xml", "image/svg+xml; charset=utf-8"),
        ("text/csv; charset=windows-1252", "text/csv; charset=windows-1252"),
        ("application/pdf", "application/pdf"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",) * 2,
    ],
)
def test_ce_qui_n_est_pas_un_texte_et_ce_qui_le_dit_deja_ne_changent_pas(rf, genre: str, dit: str) -> None:
    intergiciel = EntetesMiddleware(lambda _: HttpResponse("été", content_type=genre))
    assert intergiciel(rf.get("/"))["Content-Type"] == dit
