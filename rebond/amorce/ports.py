"""The port of the web server: read from the environment, and tried before anything is started."""

import errno
import socket
from collections.abc import Mapping

from rebond.amorce.erreurs import AmorceImpossible


def port_demande(environ: Mapping[str, str]) -> int:
    texte = environ.get("PORT") or "8000"
    if not texte.isdecimal() or not 0 < int(texte) < 65536:
        raise AmorceImpossible(f"PORT vaut « {texte} » : un nombre de 1 à 65535 est attendu.")
    return int(texte)


def verifier_libre(port: int) -> None:
    with socket.socket() as prise:
        # As the web server does: a connection that is fading away does not hold the port.
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind(("127.0.0.1", port))
        except OSError as panne:
            if panne.errno == errno.EACCES:
                raison = "est réservé à l'administrateur du système"
            else:
                raison = "est déjà pris par un autre programme"
            raise AmorceImpossible(
                f"Le port {port} {raison} : choisissez-en un autre (make demo PORT=8010)."
            ) from None
