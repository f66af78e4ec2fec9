"""A real mail server on this machine, that can be told to misbehave."""

import socket
from collections.abc import Callable
from contextlib import closing
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as RecoitMessage

Reponse = Callable[[str], str | None]


class ServeurSmtp(RecoitMessage):
    """`refus_destinataire` and `refus_texte` answer a reply line for a recipient's address, or None to accept.

    `lettres` are those accepted, `connexions` the connections taken; after `par_connexion` letters the server closes,
    as some do. `avant_reponse` is called with the letter once it is kept, before the client knows.
    """

    def __init__(self) -> None:
        super().__init__()
        with closing(socket.create_server(("127.0.0.1", 0))) as prise:
            self.port: int = prise.getsockname()[1]
        self.lettres: list[Message] = []
        self.connexions = 0
        self.par_connexion = 1000
        self.refus_expediteur = ""
        self.refus_destinataire: Reponse = lambda _adresse: None
        self.refus_texte: Reponse = lambda _adresse: None
        self.rompre: Callable[[str], bool] = lambda _adresse: False
        self.avant_reponse: Callable[[Message], None] = lambda _lettre: None
        self._controleur: Controller | None = None

    @property
    def destinataires(self) -> list[str]:
        return [str(lettre["To"]) for lettre in self.lettres]

    def demarrer(self) -> None:
        self._controleur = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controleur.start()

    def arreter(self) -> None:
        if self._controleur is not None:
            self._controleur.stop()
        self._controleur = None

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, reponses: list[str]) -> Any:  # noqa: N802
        self.connexions += 1
        session.host_name = hostname
        session.recues = 0
        return reponses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, adresse: str, options: Any) -> str:  # noqa: N802
        if self.refus_expediteur:
            return self.refus_expediteur
        envelope.mail_from = adresse
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, adresse: str, options: Any) -> str:  # noqa: N802
        if session.recues >= self.par_connexion:
            return "421 4.7.0 Trop d’e-mails sur cette connexion"
        if refus := self.refus_destinataire(adresse):
            return refus
        envelope.rcpt_tos.append(adresse)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (adresse,) = envelope.rcpt_tos
        if self.rompre(adresse):
            server.transport.close()
            return "250 OK"
        if refus := self.refus_texte(adresse):
            return refus
        session.recues += 1
        await super().handle_DATA(server, session, envelope)
        return "250 OK"

    def handle_message(self, message: Message) -> None:
        self.lettres.append(message)
        self.avant_reponse(message)
