"""The mailbox of returns, as the settings name it: a maildir, or a folder of an IMAP server.

`maildir:///var/mail/retours`, or `imaps://user:password@host:993/INBOX` (`imap://` on this very machine alone). What
is read is marked so and left there. Two workers at once read the same message twice at worst, which counts once.
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from rebond.socle.courriers.retours.lecture import TAILLE_MAX

#: Messages of one round, and seconds that a server has to answer.
LOT = 200
DELAI = 20
PORT_CHIFFRE, PORT = 993, 143
LOCALES = frozenset({"127.0.0.1", "::1", "localhost"})


class BoiteIllisible(Exception):
    """Out of reach, or not what the setting says; the message never holds the password."""


class Recu:
    """One message: its bytes, and how to say that it is read."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets

    def marquer_lu(self) -> None:
        raise NotImplementedError


@contextmanager
def ouvrir(adresse: str) -> Iterator[Iterator[Recu]]:
    """The unread messages, oldest first, `LOT` at most. Raises `BoiteIllisible`."""
    lue = urlsplit(adresse)
    if lue.scheme == "maildir":
        yield _du_dossier(Path(unquote(lue.path)))
    elif lue.scheme == "imaps" or (lue.scheme == "imap" and lue.hostname in LOCALES):
        with _connexion(lue) as serveur:
            yield _du_serveur(serveur)
    else:
        raise BoiteIllisible(
            "La boîte des retours s’écrit maildir:///chemin, ou imaps://nom:mot-de-passe@hôte/dossier."
        )


class _RecuDuDossier(Recu):
    def __init__(self, chemin: Path) -> None:
        with chemin.open("rb") as fichier:
            super().__init__(fichier.read(TAILLE_MAX))
        self._chemin = chemin

    def marquer_lu(self) -> None:
        """As maildir readers do: out of `new`, flagged as seen. Another worker may have done so."""
        with suppress(FileNotFoundError):
            self._chemin.rename(self._chemin.parent.parent / "cur" / f"{self._chemin.name}:2,S")


def _du_dossier(racine: Path) -> Iterator[Recu]:
    try:
        chemins = sorted(chemin for chemin in (racine / "new").iterdir() if chemin.is_file())
    except OSError as erreur:
        raise BoiteIllisible(f"Boîte des retours illisible\u00a0: {erreur.strerror}.") from erreur
    for chemin in chemins[:LOT]:
        with suppress(FileNotFoundError):
            yield _RecuDuDossier(chemin)


class _RecuDuServeur(Recu):
    def __init__(self, octets: bytes, serveur: imaplib.IMAP4, numero: str) -> None:
        super().__init__(octets)
        self._serveur, self._numero = serveur, numero

    def marquer_lu(self) -> None:
        self._serveur.uid("STORE", self._numero, "+FLAGS.SILENT", r"(\Seen)")


@contextmanager
def _connexion(lue: SplitResult) -> Iterator[imaplib.IMAP4]:
    dossier = unquote(lue.path.strip("/")) or "INBOX"
    try:
        serveur = _serveur(lue)
        try:
            serveur.login(unquote(lue.username or ""), unquote(lue.password or ""))
            reponse, _ = serveur.select(f'"{dossier}"')
            if reponse != "OK":
                raise BoiteIllisible(f"La boîte des retours n’a pas de dossier «\u00a0{dossier}\u00a0».")
            yield serveur
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                serveur.logout()
    except (imaplib.IMAP4.error, OSError) as erreur:
        raise BoiteIllisible(f"Boîte des retours hors d’atteinte ({type(erreur).__name__}).") from erreur


def _serveur(lue: SplitResult) -> imaplib.IMAP4:
    hote = lue.hostname or ""
    if lue.scheme == "imaps":
        securite = ssl.create_default_context()
        return imaplib.IMAP4_SSL(hote, lue.port or PORT_CHIFFRE, ssl_context=securite, timeout=DELAI)
    return imaplib.IMAP4(hote, lue.port or PORT, timeout=DELAI)


def _du_serveur(serveur: imaplib.IMAP4) -> Iterator[Recu]:
    _, trouves = serveur.uid("SEARCH", "UNSEEN")
    numeros = trouves[0].split() if trouves and trouves[0] else []
    for numero in (octets.decode() for octets in numeros[:LOT]):
        # What is not there any more (another worker, another reader) answers nothing.
        _, morceaux = serveur.uid("FETCH", numero, f"(BODY.PEEK[]<0.{TAILLE_MAX}>)")
        for morceau in morceaux:
            if isinstance(morceau, tuple):
                yield _RecuDuServeur(morceau[1], serveur, numero)
