"""Errors that people read."""

from datetime import datetime


class RegleEnfreinte(Exception):
    """An act that the rules forbid now. Each message is a French sentence, shown as it is to whoever tried.

    Nothing has been written when it is raised inside an action: the transaction is rolled back by its exit. `statut`
    is that of the page that tells it; `mene_a`, words and the address of what stands in the way.
    """

    statut = 409

    def __init__(self, *messages: str, mene_a: tuple[str, str] | None = None) -> None:
        super().__init__(*messages)
        self.mene_a = mene_a
        self.messages = messages
        self.message = " ".join(messages)


class EcheanceDepassee(RegleEnfreinte):
    """A request received at or after a deadline; carries both instants so that the answer can show them."""

    def __init__(self, message: str, *, recu_le: datetime, echeance: datetime) -> None:
        super().__init__(message)
        self.recu_le = recu_le
        self.echeance = echeance
