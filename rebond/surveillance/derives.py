"""Clocks that are off: whoever watches over the portal is told. Nobody's reception depends on them meanwhile."""

import logging
import socket
import time
from datetime import datetime, timedelta
from decimal import Decimal

from rebond.socle.horloge.horloges import ECART_MAX, Noeud, Reception, ecarts
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import nombre
from rebond.surveillance import alarmes

PREFIXE = "horloge-"
# Between two tellings by the same process: requests come by hundreds.
REPOS = 60.0
# A node that is no longer there puts out no alarm; one that is still off rings again.
RAPPEL = timedelta(days=1)

journal = logging.getLogger(__name__)
_dites: dict[Noeud, float] = {}


def denoncer(reception: Reception) -> None:
    """Ring for the `suspect` of a reception, if any. Never raises: what was received comes first."""
    noeud = reception.suspect
    monotone = time.monotonic()
    if noeud is None or monotone - _dites.get(noeud, -REPOS) < REPOS:
        return
    _dites[noeud] = monotone
    try:
        _sonner(noeud, reception.ecart, horloge_base())
    except Exception:  # noqa: BLE001 (the deposit goes on)
        journal.exception("L’alarme d’horloge n’a pas pu sonner.")


def surveiller(*, maintenant: datetime) -> None:
    """Judge the clocks that stamp what this server receives: ring, or put out."""
    for noeud, ecart in ecarts().items():
        if abs(ecart) > ECART_MAX:
            _sonner(noeud, ecart, maintenant)
        else:
            alarmes.eteindre(_cle(noeud), maintenant=maintenant)
    alarmes.eteindre_anciennes(PREFIXE, avant=maintenant - RAPPEL, maintenant=maintenant)


def _cle(noeud: Noeud) -> str:
    return f"{PREFIXE}{noeud}-{socket.gethostname()}"[:100]


def _sonner(noeud: Noeud, ecart: timedelta, maintenant: datetime) -> None:
    sens = "en retard" if ecart > timedelta(0) else "en avance"
    secondes = nombre(Decimal(abs(ecart) / timedelta(seconds=1)), 1)
    texte = TEXTE.format(qui=QUI[noeud], machine=socket.gethostname(), ecart=secondes, sens=sens)
    alarmes.sonner(cle=_cle(noeud), objet="une horloge n’est pas à l’heure", texte=texte, maintenant=maintenant)


QUI = {Noeud.SERVEUR: "du serveur", Noeud.MANDATAIRE: "du mandataire placé devant le serveur"}
TEXTE = """L’horloge {qui} {machine} est {sens} de {ecart} secondes sur celle de la base de données.

Personne n’y perd : le portail ne croit plus cette horloge, et date les dépôts par la base de données, moins le temps \
qu’ils ont attendu. Vérifiez la mise à l’heure de cette machine (NTP)."""
