"""Answers that ProConnect would never give: each is refused, and nobody is signed in."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from rebond.socle.utilisateur import Utilisateur
from tests.comptes.proconnect.fournisseur import AUTRE_CLE, CLE, CLIENT, Fournisseur
from tests.comptes.proconnect.test_proconnect import connecte, entrer, partir, revenir

pytestmark = pytest.mark.django_db

PASSE = int(time.time()) - 3600
FUTUR = int(time.time()) + 3600


def refusee(client: Client, reponse: Any) -> None:
    assert reponse.status_code == 401
    page = reponse.content.decode()
    assert "Connexion avec ProConnect impossible" in page
    assert "Jeton" not in page
    assert (connecte(client), Utilisateur.objects.count(), SocialAccount.objects.count()) == (None, 0, 0)


MENSONGES: dict[str, dict[str, Any]] = {
    "autre émetteur": {"iss": "https://ailleurs.example"},
    "sans émetteur": {"iss": None},
    "autre destinataire": {"aud": "autre-portail"},
    "sans destinataire": {"aud": None},
    "plusieurs destinataires": {"aud": [CLIENT, "autre-portail"]},
    "plusieurs destinataires, un autre autorisé": {"aud": [CLIENT, "autre-portail"], "azp": "autre-portail"},
    "expiré": {"exp": PASSE, "iat": PASSE - 60},
    "sans expiration": {"exp": None},
    "émis dans le futur": {"iat": FUTUR, "exp": FUTUR + 60},
    "pas encore valable": {"nbf": FUTUR, "exp": FUTUR + 60},
    "sans date d'émission": {"iat": None},
    "sans personne": {"sub": None},
}


@pytest.mark.parametrize("mensonge", MENSONGES)
def test_un_id_token_faux_est_refuse(client: Client, proconnect: Fournisseur, mensonge: str) -> None:
    proconnect.id_token = MENSONGES[mensonge]
    refusee(client, entrer(client, proconnect))


@pytest.mark.parametrize("nonce", [None, "", "d-une-autre-demande", 12])
def test_le_nonce_d_une_autre_demande_est_refuse(client: Client, proconnect: Fournisseur, nonce: Any) -> None:
    proconnect.id_token = {"nonce": nonce}
    refusee(client, entrer(client, proconnect))


@pytest.mark.parametrize("mensonge", set(MENSONGES) - {"plusieurs destinataires, un autre autorisé"})
def test_un_userinfo_faux_est_refuse(client: Client, proconnect: Fournisseur, mensonge: str) -> None:
    proconnect.userinfo = MENSONGES[mensonge]
    refusee(client, entrer(client, proconnect))


def test_le_userinfo_d_une_autre_personne_est_refuse(client: Client, proconnect: Fournisseur) -> None:
    proconnect.userinfo = {"sub": "personne-2"}
    refusee(client, entrer(client, proconnect))


def test_un_userinfo_non_signe_est_refuse(client: Client, proconnect: Fournisseur) -> None:
    proconnect.type_d_userinfo = "application/json"
    refusee(client, entrer(client, proconnect))


def test_une_signature_d_une_autre_cle_est_refusee(client: Client, proconnect: Fournisseur) -> None:
    proconnect.cle = AUTRE_CLE
    refusee(client, entrer(client, proconnect))


def test_une_cle_inconnue_est_refusee(client: Client, proconnect: Fournisseur) -> None:
    proconnect.entetes = {"kid": "cle-2"}
    refusee(client, entrer(client, proconnect))


def test_une_cle_donnee_par_le_jeton_lui_meme_est_refusee(client: Client, proconnect: Fournisseur) -> None:
    proconnect.cle = AUTRE_CLE
    proconnect.entetes = {"jwk": jwt.algorithms.RSAAlgorithm.to_jwk(AUTRE_CLE.public_key(), as_dict=True)}
    refusee(client, entrer(client, proconnect))


def test_sans_signature_est_refuse(client: Client, proconnect: Fournisseur) -> None:
    proconnect.algorithme, proconnect.cle = "none", None
    refusee(client, entrer(client, proconnect))


def test_la_cle_publique_prise_pour_un_secret_partage_est_refusee(
    client: Client, proconnect: Fournisseur, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 8725, 2.1: HS256 with the published key as its secret, which libraries once accepted."""
    pem = CLE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    jeton = Fournisseur.jeton

    def forger(self: Fournisseur, dessus: dict[str, Any], **claims: Any) -> str:
        vrai = jeton(self, dessus, **claims)
        entete = _b64({"alg": "HS256", "typ": "JWT", "kid": "cle-1"})
        corps = vrai.split(".")[1]
        signature = hmac.new(pem, f"{entete}.{corps}".encode(), hashlib.sha256).digest()
        return f"{entete}.{corps}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    monkeypatch.setattr(Fournisseur, "jeton", forger)
    refusee(client, entrer(client, proconnect))


def test_un_corps_change_apres_signature_est_refuse(
    client: Client, proconnect: Fournisseur, monkeypatch: pytest.MonkeyPatch
) -> None:
    jeton = Fournisseur.jeton

    def alterer(self: Fournisseur, dessus: dict[str, Any], **claims: Any) -> str:
        entete, corps, signature = jeton(self, dessus, **claims).split(".")
        vrais = json.loads(base64.urlsafe_b64decode(corps + "=="))
        return f"{entete}.{_b64({**vrais, 'sub': 'personne-2'})}.{signature}"

    monkeypatch.setattr(Fournisseur, "jeton", alterer)
    refusee(client, entrer(client, proconnect))


def test_un_jeton_illisible_est_refuse(
    client: Client, proconnect: Fournisseur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fournisseur, "jeton", lambda *_, **__: "pas.un.jeton")
    refusee(client, entrer(client, proconnect))


@pytest.mark.parametrize("siret", [None, "", "123", "20006850000005", "2000685000000A", 20006850000004, ["x"]])
def test_un_siret_impossible_est_refuse(client: Client, proconnect: Fournisseur, siret: Any) -> None:
    proconnect.userinfo = {"siret": siret}
    refusee(client, entrer(client, proconnect))


def test_un_siret_possible_que_personne_ici_ne_connait_n_ouvre_qu_un_compte(
    client: Client, proconnect: Fournisseur
) -> None:
    proconnect.claims["siret"] = "13002526500005"
    entrer(client, proconnect)
    personne = Utilisateur.objects.get()
    assert connecte(client) == personne.pk
    assert not personne.habilitations.exists()
    assert not personne.participations.exists()


@pytest.mark.parametrize("claim", ["email", "uid", "given_name"])
def test_un_claim_illisible_est_refuse(client: Client, proconnect: Fournisseur, claim: str) -> None:
    proconnect.userinfo = {claim: ["deux", "valeurs"]}
    refusee(client, entrer(client, proconnect))


@pytest.mark.parametrize("claim", ["email", "uid"])
def test_un_claim_absent_est_refuse(client: Client, proconnect: Fournisseur, claim: str) -> None:
    proconnect.userinfo = {claim: None}
    refusee(client, entrer(client, proconnect))


def test_un_etat_deja_servi_est_refuse(client: Client, proconnect: Fournisseur) -> None:
    recu = proconnect.autoriser(partir(client))
    revenir(client, recu)
    client.post("/compte/logout/", {"next": "/"})
    assert revenir(client, recu).status_code == 401
    assert connecte(client) is None
    assert len(proconnect.echanges) == 1


def test_l_etat_d_un_autre_navigateur_est_refuse(client: Client, proconnect: Fournisseur) -> None:
    """Somebody sends their own return to somebody else, to have them work in the wrong account."""
    recu = proconnect.autoriser(partir(Client()))
    refusee(client, revenir(client, recu))
    assert proconnect.echanges == []


@pytest.mark.parametrize("etat", ["", "invente"])
def test_un_retour_sans_demande_est_refuse(client: Client, proconnect: Fournisseur, etat: str) -> None:
    refusee(client, client.post(f"/compte/proconnect/retour/?code=abc&state={etat}"))


def test_une_configuration_d_un_autre_emetteur_est_refusee(client: Client, proconnect: Fournisseur) -> None:
    proconnect.configuration = {"issuer": "https://ailleurs.example"}
    refusee(client, client.post("/compte/proconnect/"))


@pytest.mark.parametrize("chemin", ["/token", "/userinfo", "/jwks"])
def test_en_panne_apres_le_depart_la_page_le_dit(client: Client, proconnect: Fournisseur, chemin: str) -> None:
    recu = proconnect.autoriser(partir(client))
    proconnect.en_panne = {chemin}
    refusee(client, revenir(client, recu))


def test_en_panne_au_depart_la_page_le_dit(client: Client, proconnect: Fournisseur) -> None:
    proconnect.en_panne = {"/.well-known/openid-configuration"}
    refusee(client, client.post("/compte/proconnect/"))


def test_une_reponse_qui_renvoie_ailleurs_n_est_pas_suivie(client: Client, proconnect: Fournisseur) -> None:
    cles = urlencode({"post_logout_redirect_uri": f"{proconnect.adresse}/jwks"})
    proconnect.configuration = {"jwks_uri": f"{proconnect.adresse}/logout?{cles}"}
    refusee(client, entrer(client, proconnect))


def test_annuler_chez_proconnect_ramene_ici(client: Client, proconnect: Fournisseur) -> None:
    recu = proconnect.autoriser(partir(client))
    reponse = client.post(f"/compte/proconnect/retour/?error=access_denied&state={recu['state']}")
    assert reponse.headers["Location"] == "/compte/proconnect/annulee/"
    assert "Connexion annulée" in client.get(reponse.headers["Location"]).content.decode()


def _b64(objet: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(objet).encode()).rstrip(b"=").decode()
