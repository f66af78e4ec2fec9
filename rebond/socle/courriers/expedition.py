"""One connection to the mail server for a batch of letters, and what its refusals mean.

SMTP (RFC 5321, 4.2.1): a reply 4xx is temporary, 5xx permanent, 421 closes the connection. A refusal of the recipient
or of the text concerns one letter; a refusal of the sender, of the account or of the connection concerns them all.
"""

from contextlib import suppress
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection

from rebond.socle.courriers.retours.regles import Genre, genre_de, statut_de_refus

FERMETURE = 421
PERMANENT = 500


class EnvoiManque(Exception):
    """This letter did not leave; others may. `definitif` when trying again would change nothing; `genre` and `statut`
    then say what the server refused, when it is the server that did.
    """

    def __init__(self, message: str, *, definitif: bool = False, genre: Genre | None = None, statut: str = "") -> None:
        super().__init__(message)
        self.definitif = definitif
        self.genre = genre
        self.statut = statut


class ConnexionRompue(EnvoiManque):
    """The connection broke while this letter was handed over: it may have left, and goes again under the same name."""


class ServeurInjoignable(Exception):
    """Nothing can leave for now, whatever the letter."""


class Expedition:
    """Context manager: a connection opened by the first letter, kept for the others, opened again when it breaks.

    A server that breaks two fresh connections in a row is out of reach: a batch never spends more than a few
    timeouts (`settings.EMAIL_TIMEOUT`, in seconds) on it.
    """

    def __init__(self) -> None:
        self._connexion: Any = None
        self._remises = 0
        self._ruptures = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, genre: type[BaseException] | None, valeur: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fermer()

    def expedier(self, message: EmailMessage) -> None:
        """Hand `message` over to the mail server. Raises `EnvoiManque` or `ServeurInjoignable`."""
        # Servers limit how many letters a connection takes: the one that finds it closed has done nothing wrong.
        deja_servi = self._remises > 0
        try:
            self._remettre(message)
        except ConnexionRompue:
            if not deja_servi:
                raise
            self._remettre(message)

    def _remettre(self, message: EmailMessage) -> None:
        self._ouvrir()
        try:
            self._connexion.send_messages([message])
        except SMTPException as erreur:
            if _ferme_la_connexion(erreur):
                raise self._rupture(erreur) from erreur
            if (code := _refus_de_la_lettre(erreur)) is None:
                raise ServeurInjoignable(str(erreur)) from erreur
            self._ruptures = 0
            if code < PERMANENT:
                raise EnvoiManque(str(erreur)) from erreur
            statut = statut_de_refus(str(erreur))
            raise EnvoiManque(str(erreur), definitif=True, genre=genre_de("failed", statut), statut=statut) from erreur
        except OSError as erreur:
            raise self._rupture(erreur) from erreur
        except ValueError as erreur:
            raise EnvoiManque(str(erreur), definitif=True) from erreur
        self._remises += 1
        self._ruptures = 0

    def _ouvrir(self) -> None:
        if self._connexion is not None:
            return
        connexion = get_connection()
        try:
            connexion.open()
        except (SMTPException, OSError) as erreur:
            raise ServeurInjoignable(str(erreur)) from erreur
        self._connexion = connexion

    def _rupture(self, erreur: Exception) -> Exception:
        self._fermer()
        self._ruptures += 1
        return ServeurInjoignable(str(erreur)) if self._ruptures > 1 else ConnexionRompue(str(erreur))

    def _fermer(self) -> None:
        if self._connexion is not None:
            with suppress(SMTPException, OSError):
                self._connexion.close()
        self._connexion = None
        self._remises = 0


def _ferme_la_connexion(erreur: SMTPException) -> bool:
    codes = _codes(erreur)
    return isinstance(erreur, SMTPServerDisconnected) or FERMETURE in codes


def _refus_de_la_lettre(erreur: SMTPException) -> int | None:
    """The reply code when the server refuses this recipient or this text; None when all letters would be refused."""
    if not isinstance(erreur, SMTPRecipientsRefused | SMTPDataError):
        return None
    return max(_codes(erreur))


def _codes(erreur: SMTPException) -> list[int]:
    if isinstance(erreur, SMTPRecipientsRefused):
        return [code for code, _ in erreur.recipients.values()]
    return [erreur.smtp_code] if isinstance(erreur, SMTPResponseException) else []
