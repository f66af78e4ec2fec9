"""The page on personal data tells each cookie that the portal sets, and no other."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from rebond.portail.cookies import COOKIES
from tests.fabriques import un_utilisateur

pytestmark = pytest.mark.django_db


def test_la_page_dit_tous_les_cookies_et_eux_seuls(client: Client) -> None:
    """Someone arrives, signs in, is told something, and leaves."""
    personne = un_utilisateur()
    personne.set_password("une phrase assez longue")
    personne.save()
    deposes: set[str] = set()

    def suivre(reponse: object) -> None:
        deposes.update(reponse.cookies)  # type: ignore[attr-defined]

    suivre(client.get(reverse("account_login")))
    suivre(client.post(reverse("account_login"), {"login": personne.email, "password": "une phrase assez longue"}))
    suivre(client.get(reverse("tableau_de_bord")))
    suivre(client.post(reverse("account_logout")))
    dits = set(re.findall(r"<code>(\w+)</code>", client.get(reverse("donnees_personnelles")).content.decode()))
    assert deposes == dits == {cookie.nom for cookie in COOKIES}
