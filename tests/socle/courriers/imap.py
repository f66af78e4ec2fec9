"""A mailbox behind a real IMAP exchange on this machine: what the portal asks of one (RFC 3501), and nothing more."""

import re
import socketserver
import threading
from typing import Any

NUMERO = re.compile(rb"UID (?:FETCH|STORE) (\d+) ")


class _Exchange(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        self._dire(b"* OK IMAP4rev1")
        for ligne in self.rfile:
            etiquette, _, commande = ligne.strip().partition(b" ")
            if not self._repondre(etiquette, commande):
                return

    def _repondre(self, etiquette: bytes, commande: bytes) -> bool:
        boite: BoiteImap = self.server.boite
        mot = commande.split(b" ")[0].upper()
        suite = b"OK"
        if mot == b"CAPABILITY":
            self._dire(b"* CAPABILITY IMAP4rev1")
        elif mot == b"LOGIN":
            suite = b"OK" if boite.mot_de_passe.encode() in commande else b"NO"
        elif mot == b"SELECT":
            self._dire(b"* %d EXISTS" % len(boite.messages))
        elif commande.upper().startswith(b"UID SEARCH"):
            boite.lectures += 1
            self._dire(b"* SEARCH " + b" ".join(b"%d" % numero for numero in boite.non_lus))
        elif commande.upper().startswith(b"UID FETCH"):
            numero = int(NUMERO.match(commande)[1])  # type: ignore[index]
            octets = boite.messages[numero]
            self._dire(b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n%s)" % (numero, numero, len(octets), octets))
        elif commande.upper().startswith(b"UID STORE"):
            boite.lus.add(int(NUMERO.match(commande)[1]))  # type: ignore[index]
        elif mot == b"LOGOUT":
            self._dire(b"* BYE")
        self._dire(etiquette + b" " + suite + b" fait")
        return mot != b"LOGOUT"

    def _dire(self, ligne: bytes) -> None:
        self.wfile.write(ligne + b"\r\n")


class BoiteImap:
    """`messages` by number; those in `lus` are flagged as seen. `lectures` counts the searches."""

    mot_de_passe = "secret/a lire"

    def __init__(self, *messages: bytes) -> None:
        self.messages = dict(enumerate(messages, start=1))
        self.lus: set[int] = set()
        self.lectures = 0
        self._serveur = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Exchange)
        self._serveur.boite = self  # type: ignore[attr-defined]
        self._serveur.daemon_threads = True
        self.port: int = self._serveur.server_address[1]
        threading.Thread(target=self._serveur.serve_forever, daemon=True).start()

    @property
    def non_lus(self) -> list[int]:
        return sorted(set(self.messages) - self.lus)

    def arreter(self) -> None:
        self._serveur.shutdown()
        self._serveur.server_close()
