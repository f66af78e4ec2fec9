"""Somebody in front of a real portal: an address of the loopback, cookies, and the forms of its pages."""

import re
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.outils.serveurs.nginx import HOTE, sans_autorite


class Visiteur:
    """Comes from `adresse`, by TLS as `HOTE` or, with `clair`, straight to the portal at 127.0.0.1.

    `entetes` are sent each time.
    """

    def __init__(self, port: int, adresse: str = "127.0.0.1", *, clair: bool = False, **entetes: str) -> None:
        self.port, self.adresse, self.clair = port, adresse, clair
        self.hote = f"127.0.0.1:{port}" if clair else HOTE
        self.entetes = {nom.replace("_", "-"): valeur for nom, valeur in entetes.items()}
        self.cookies: dict[str, str] = {}

    def nom_de(self, cookie: str) -> str:
        """As the portal names it where one speaks to it by TLS."""
        return cookie if self.clair else f"__Host-{cookie}"

    def lire(self, page: str) -> tuple[HTTPResponse, str]:
        return self._demander("GET", page)

    def envoyer(self, page: str, **champs: str) -> tuple[HTTPResponse, str]:
        """Fill the form of a page of accounts, as it is served, and send it there."""
        if self.nom_de("csrftoken") not in self.cookies:
            self.lire("/compte/login/")
        jeton = {"csrfmiddlewaretoken": self.cookies[self.nom_de("csrftoken")]}
        return self._demander("POST", page, urlencode(jeton | champs))

    def _demander(self, methode: str, page: str, corps: str | None = None) -> tuple[HTTPResponse, str]:
        origine = f"{'http' if self.clair else 'https'}://{self.hote}"
        entetes = {"Host": self.hote, "Origin": origine, "Referer": f"{origine}/"} | self.entetes
        if self.cookies:
            entetes["Cookie"] = "; ".join(f"{nom}={valeur}" for nom, valeur in self.cookies.items())
        if corps is not None:
            entetes["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(self._connexion()) as connexion:
            connexion.request(methode, page, body=corps, headers=entetes)
            reponse = connexion.getresponse()
            texte = reponse.read().decode()
        for pose in reponse.headers.get_all("Set-Cookie") or []:
            for nom, biscuit in SimpleCookie(re.sub(r"; [Ss]ame[Ss]ite=\w+", "", pose)).items():
                self.cookies[nom] = biscuit.value
                if not biscuit.value or biscuit["max-age"] == "0":
                    del self.cookies[nom]
        return reponse, texte

    def _connexion(self) -> HTTPConnection:
        source = (self.adresse, 0)
        if self.clair:
            return HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=source)
        return HTTPSConnection("127.0.0.1", self.port, timeout=60, source_address=source, context=sans_autorite())
