"""A provider of OpenID Connect that lies on demand: a real HTTP server, whose every answer a test may change."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

CLIENT, SECRET = "rebond-essai", "secret-de-rebond"
SIRET = "20006850000004"
KID = "cle-1"


def une_cle() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


CLE, AUTRE_CLE = une_cle(), une_cle()


def publique(cle: RSAPrivateKey, **champs: Any) -> dict[str, Any]:
    jwk: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(cle.public_key(), as_dict=True)
    return {**jwk, "kid": KID, "use": "sig", "alg": "RS256", **champs}


@dataclass
class Fournisseur:
    """What it says of a person, and what a test changes of it: claims, then whole tokens and whole answers."""

    adresse: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    #: Put over the claims of each; None takes one away.
    id_token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    cle: Any = CLE
    algorithme: str = "RS256"
    entetes: dict[str, Any] = field(default_factory=dict)
    configuration: dict[str, Any] = field(default_factory=dict)
    type_d_userinfo: str = "application/jwt"
    en_panne: set[str] = field(default_factory=set)
    demandes: list[dict[str, str]] = field(default_factory=list)
    echanges: list[dict[str, str]] = field(default_factory=list)

    def autoriser(self, adresse: str) -> dict[str, str]:
        """The person agrees: what their browser brings back, from the address where they were sent."""
        demande = {nom: valeurs[0] for nom, valeurs in parse_qs(urlsplit(adresse).query).items()}
        self.demandes.append(demande)
        return {"code": f"code-{len(self.demandes)}", "state": demande["state"]}

    def jeton(self, dessus: dict[str, Any], **claims: Any) -> str:
        maintenant = int(time.time())
        tous = {"iss": self.adresse, "aud": CLIENT, "iat": maintenant, "exp": maintenant + 60, **claims, **dessus}
        garde = {nom: valeur for nom, valeur in tous.items() if valeur is not None}
        return jwt.encode(garde, self.cle, algorithm=self.algorithme, headers={"kid": KID, **self.entetes})

    def repondre(self, chemin: str, corps: dict[str, str]) -> tuple[str, bytes]:
        json_ = "application/json"
        if chemin == "/.well-known/openid-configuration":
            return json_, json.dumps(self._configuration()).encode()
        if chemin == "/jwks":
            return json_, json.dumps({"keys": [publique(CLE)]}).encode()
        if chemin == "/token":
            self.echanges.append(corps)
            self._exiger_pkce(corps)
            nonce = self.demandes[-1].get("nonce")
            jeton = self.jeton(self.id_token, sub=self.claims["sub"], nonce=nonce)
            return json_, json.dumps({"access_token": "acces", "token_type": "Bearer", "id_token": jeton}).encode()
        if self.type_d_userinfo == json_:
            return json_, json.dumps(self.claims).encode()
        return self.type_d_userinfo, self.jeton(self.userinfo, **self.claims).encode()

    def _configuration(self) -> dict[str, Any]:
        chemins = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "userinfo_endpoint": "/userinfo",
            "jwks_uri": "/jwks",
            "end_session_endpoint": "/logout",
        }
        adresses = {nom: f"{self.adresse}{chemin}" for nom, chemin in chemins.items()}
        return {"issuer": self.adresse, **adresses, **self.configuration}

    def _exiger_pkce(self, corps: dict[str, str]) -> None:
        """RFC 7636, 4.6: as a real provider does."""
        somme = hashlib.sha256(corps["code_verifier"].encode()).digest()
        defi = base64.urlsafe_b64encode(somme).rstrip(b"=").decode()
        assert (self.demandes[-1]["code_challenge"], self.demandes[-1]["code_challenge_method"]) == (defi, "S256")


@contextmanager
def ouvert() -> Iterator[Fournisseur]:
    fournisseur = Fournisseur()

    class Guichet(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._repondre({})

        def do_POST(self) -> None:
            recu = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._repondre({nom: valeurs[0] for nom, valeurs in parse_qs(recu).items()})

        def _repondre(self, corps: dict[str, str]) -> None:
            chemin = urlsplit(self.path).path
            if chemin in fournisseur.en_panne:
                self.send_error(503)
                return
            if chemin == "/authorize":
                recu = fournisseur.autoriser(self.path)
                self.send_response(302)
                self.send_header("Location", f"{fournisseur.demandes[-1]['redirect_uri']}?{urlencode(recu)}")
                self.end_headers()
                return
            if chemin == "/logout":
                self.send_response(302)
                self.send_header("Location", parse_qs(urlsplit(self.path).query)["post_logout_redirect_uri"][0])
                self.end_headers()
                return
            genre, octets = fournisseur.repondre(chemin, corps)
            self.send_response(200)
            self.send_header("Content-Type", genre)
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            self.wfile.write(octets)

        def log_message(self, *_: object) -> None:
            pass

    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Guichet)
    fournisseur.adresse = f"http://127.0.0.1:{serveur.server_port}"
    fil = Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    fil.start()
    try:
        yield fournisseur
    finally:
        serveur.shutdown()
        serveur.server_close()
        fil.join()
