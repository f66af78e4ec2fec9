"""Letters that somebody waits for in front of their screen leave at once, and without any worker.

Each web process has one thread for them: neither a worker busy with a report, nor a queue that is down, nor a slow
mail server holds a code back, or the page that asked for it. The sweep of the workers sends them too.
"""

import logging
import threading
from secrets import token_hex

from django.db import connections, transaction

from rebond.socle.courriers.envoi import envoyer_en_attente
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.taches import planifier

journal = logging.getLogger(__name__)

#: How the keys of these letters begin.
PREFIXE = "attendu-"
TACHE = "rebond.socle.tasks.envoyer_courriers"
# In seconds: the mail server came back, or another process died with a letter in hand.
PERIODE = 10.0

_en_place = threading.Event()
_reveil = threading.Event()


def cle_attendue() -> str:
    """A key of its own for one more letter: the same asked twice are two."""
    return f"{PREFIXE}{token_hex(16)}"


def demarrer() -> None:
    """One thread for as long as this process lives."""
    _en_place.set()
    threading.Thread(target=_distribuer_sans_fin, name="facteur", daemon=True).start()


def reveiller() -> None:
    """To be called once a letter is queued under `cle_attendue`; it leaves as soon as it is committed."""
    transaction.on_commit(_reveiller, robust=True)


def distribuer() -> None:
    """Send what waits, and what waited since. Never raises."""
    try:
        envoyer_en_attente(maintenant=horloge_base(), prefixe=PREFIXE)
    except Exception:  # noqa: BLE001 (whatever went wrong, the next letter must leave)
        journal.exception("Des e-mails attendus ne sont pas partis ; nouvel essai dans %s s.", PERIODE)


def _reveiller() -> None:
    if _en_place.is_set():
        _reveil.set()
    else:
        planifier(TACHE)


def _distribuer_sans_fin() -> None:
    while True:
        _reveil.wait(PERIODE)
        _reveil.clear()
        distribuer()
        connections.close_all()
