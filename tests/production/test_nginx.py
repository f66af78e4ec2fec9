"""What the nginx of the example says by itself: how it ciphers, and its answers when the portal gives none."""

import ssl
from collections.abc import Iterator
from http.client import HTTPSConnection

import pytest

from rebond.embarque.processus import port_libre
from tests.outils.serveurs.nginx import HOTE, Nginx, sans_autorite

DE_TOUTES = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
}
RECOMMANDEES = [
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
]
# CBC, without forward secrecy, and what both Mozilla and ANSSI have left.
DELAISSEES = ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-CCM8"]


@pytest.fixture(scope="module")
def seul(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """Nobody listens behind it."""
    nginx = Nginx(tmp_path_factory.mktemp("nginx"), port_libre())
    yield nginx
    nginx.arreter()


def negociee(nginx: Nginx, suites: str, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2) -> str:
    """The suite that both agree upon; empty when they do not."""
    contexte = sans_autorite()
    contexte.minimum_version = contexte.maximum_version = version
    contexte.set_ciphers(f"{suites}:@SECLEVEL=0")
    connexion = HTTPSConnection("127.0.0.1", nginx.port, context=contexte, timeout=10)
    try:
        connexion.connect()
        assert isinstance(connexion.sock, ssl.SSLSocket)
        choisie = connexion.sock.cipher()
        return choisie[0] if choisie else ""
    except ssl.SSLError:
        return ""
    finally:
        connexion.close()


@pytest.mark.parametrize(("chemin", "statut", "annonce"), [("/", 502, 0), ("/", 413, 300 * 1024 * 1024)])
def test_ses_propres_reponses_portent_les_memes_gardes(seul, chemin, statut, annonce):
    connexion = HTTPSConnection("127.0.0.1", seul.port, context=sans_autorite(), timeout=10)
    connexion.putrequest("POST" if annonce else "GET", chemin, skip_host=True)
    connexion.putheader("Host", HOTE)
    if annonce:
        connexion.putheader("Content-Length", str(annonce))
    connexion.endheaders()
    reponse = connexion.getresponse()
    connexion.close()
    assert (reponse.status, {nom: reponse.headers.get_all(nom) for nom in DE_TOUTES}) == (
        statut,
        {nom: [valeur] for nom, valeur in DE_TOUTES.items()},
    )
    assert "/" not in reponse.headers["Server"]


def test_il_ne_chiffre_que_comme_il_est_recommande_et_prefere_le_plus_fort(seul):
    assert [negociee(seul, suite) for suite in RECOMMANDEES] == RECOMMANDEES
    assert [negociee(seul, suite) for suite in DELAISSEES] == [""] * len(DELAISSEES)
    assert negociee(seul, ":".join(reversed(RECOMMANDEES))) == RECOMMANDEES[0]


@pytest.mark.parametrize("ancienne", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_les_anciens_tls_sont_refuses(seul, ancienne):
    with pytest.deprecated_call():
        assert negociee(seul, "ALL", ancienne) == ""
