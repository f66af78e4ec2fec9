"""Typed reading of the environment: a wrong or missing value stops the start and is named.

`settings` is the only caller. Nothing here touches Django.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

VRAI = frozenset({"1", "oui", "true", "vrai", "yes", "on"})
# What the address of a database may say besides, in the words of libpq.
CHIFFREMENT = frozenset({"sslmode", "sslrootcert"})
SSLMODES = ("verify-full", "verify-ca", "require", "prefer", "disable")
FAUX = frozenset({"", "0", "non", "false", "faux", "no", "off"})


class ReglageInvalide(RuntimeError):
    """A variable of the environment is missing or cannot be read; the message names it, in French."""


class Environnement:
    def __init__(self, valeurs: Mapping[str, str] | None = None) -> None:
        self._valeurs = os.environ if valeurs is None else valeurs

    def texte(self, nom: str, defaut: str | None = None) -> str:
        valeur = self._valeurs.get(nom)
        if valeur:
            return valeur
        if defaut is None:
            raise ReglageInvalide(f"La variable d'environnement {nom} est obligatoire.")
        return defaut

    def booleen(self, nom: str, defaut: bool) -> bool:
        valeur = self._valeurs.get(nom)
        if valeur is None:
            return defaut
        if valeur.strip().lower() in VRAI:
            return True
        if valeur.strip().lower() in FAUX:
            return False
        raise ReglageInvalide(f"{nom} vaut « {valeur} » : écrivez oui ou non.")

    def entier(self, nom: str, defaut: int) -> int:
        valeur = self._valeurs.get(nom)
        if not valeur:
            return defaut
        try:
            return int(valeur)
        except ValueError:
            raise ReglageInvalide(f"{nom} vaut « {valeur} » : un nombre entier est attendu.") from None

    def liste(self, nom: str, defaut: list[str]) -> list[str]:
        valeur = self._valeurs.get(nom)
        return defaut if not valeur else [mot.strip() for mot in valeur.split(",") if mot.strip()]

    def chemin(self, nom: str, defaut: Path) -> Path:
        return Path(self._valeurs.get(nom) or defaut)

    def base_postgres(self, nom: str) -> dict[str, Any]:
        """Django's DATABASES entry for a `postgresql://user:password@host:port/name?sslmode=verify-full` URL."""
        url = urlsplit(self.texte(nom))
        options = dict(parse_qsl(url.query, keep_blank_values=True))
        if not CHIFFREMENT.issuperset(options) or options.get("sslmode", SSLMODES[0]) not in SSLMODES:
            raise ReglageInvalide(
                f"{nom} ne dit comment chiffrer que par sslmode ({', '.join(SSLMODES)}) et sslrootcert : "
                f"« {url.query} » ne serait pas lu."
            )
        if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
            raise ReglageInvalide(f"{nom} doit avoir la forme postgresql://utilisateur:motdepasse@hote:port/base.")
        return {
            "ENGINE": "rebond.socle.bdd.moteur",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or 5432),
            "OPTIONS": options,
        }
