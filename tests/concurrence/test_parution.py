"""What is published shows at once in every process, and a page is answered whole to a real client."""

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from rebond.portail.textes.actions import publier
from rebond.portail.textes.pages import PageDeTexte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.outils.portail import Portail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portail(transactional_db: None, tmp_path: Path) -> Iterator[Portail]:
    portail = Portail(tmp_path)
    yield portail
    portail.arreter()


def test_un_texte_publie_par_un_processus_se_lit_aussitot_dans_un_autre(
    portail: Portail, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    auteur = f.un_utilisateur()
    for version, texte in enumerate(("Écrivez-nous.", "Appelez-nous.", "Venez nous voir.")):
        publier(
            page=PageDeTexte.CONTACT,
            version=version,
            texte=texte,
            commentaire="",
            auteur=auteur,
            maintenant=horloge_base(),
        )
        # The second time, each sends what it keeps.
        for _ in range(2):
            assert texte in client.get("/contact/").content.decode()
            assert texte in portail.demander("GET", "/contact/")[1].decode()
    with django_assert_num_queries(1):
        client.get("/contact/")
    _tient_sur_une_connexion(portail)
    _ne_se_laisse_pas_dire_ou_il_est(portail)


def _ne_se_laisse_pas_dire_ou_il_est(portail: Portail) -> None:
    """A proxy on the same machine passes on whatever header it is sent."""
    with closing(HTTPConnection("127.0.0.1", portail.port, timeout=60)) as connexion:
        lus = []
        for adresse, entetes in (
            ("/contact/", {}),
            ("/contact/", {"SCRIPT_NAME": "/contact"}),
            ("/ailleurs/contact/", {"SCRIPT_NAME": "/ailleurs"}),
        ):
            connexion.request("GET", adresse, headers=entetes)
            reponse = connexion.getresponse()
            lus.append((reponse.status, reponse.read()))
    assert lus[1] == lus[0]
    assert lus[2][0] == 404


def _tient_sur_une_connexion(portail: Portail) -> None:
    """Heads, bodies, and none, one after the other: each answer ends where it says that it does."""
    with closing(HTTPConnection("127.0.0.1", portail.port, timeout=60)) as connexion:

        def demander(methode: str, **entetes: str) -> tuple[int, bytes, str]:
            connexion.request(methode, "/contact/", headers={n.replace("_", "-"): v for n, v in entetes.items()})
            reponse = connexion.getresponse()
            return reponse.status, reponse.read(), str(reponse.headers["ETag"])

        statut, corps, etag = demander("GET", Accept_Encoding="gzip")
        assert statut == 200
        assert demander("HEAD", Accept_Encoding="gzip") == (200, b"", etag)
        assert demander("GET", Accept_Encoding="gzip", If_None_Match=etag) == (304, b"", etag)
        assert demander("GET", Accept_Encoding="gzip") == (200, corps, etag)
