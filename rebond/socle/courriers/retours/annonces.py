"""What the provider says by itself of the letters that it could not deliver: signed, then read.

Signed as Standard Webhooks 1.0 asks (www.standardwebhooks.com): HMAC-SHA256 of « id.timestamp.body » in base64, under
a secret that both know (`whsec_…`). The body is bound to its instant, which is of the last five minutes: what is sent
again later is refused, and what is sent again at once changes nothing, since a letter comes back once.
"""

import binascii
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from rebond.socle.courriers.retours.actions import Constat
from rebond.socle.courriers.retours.lecture import JETON
from rebond.socle.courriers.retours.regles import Genre, genre_de, statut_dans
from rebond.socle.texte.nombres import entier_de_machine

TOLERANCE = timedelta(minutes=5)
#: In bytes.
TAILLE_MAX = 64 * 1024
#: Twelve figures: thousands of years after any clock.
SECONDES_MAX = 10**12 - 1
PREFIXE = "whsec_"
#: In bytes. What is shorter, as a setting begun and not ended, is guessed: it signs nothing.
CLE_MIN = 16


def est_signee(corps: bytes, entetes: Mapping[str, str], *, secret: str, maintenant: datetime) -> bool:
    """Whether whoever knows `secret` sent this body, less than `TOLERANCE` ago."""
    identifiant, instant = entetes.get("webhook-id", ""), entetes.get("webhook-timestamp", "")
    secondes = entier_de_machine(instant, maximum=SECONDES_MAX)
    if not identifiant or secondes is None:
        return False
    if abs(maintenant.timestamp() - secondes) > TOLERANCE.total_seconds():
        return False
    cle = _cle(secret)
    if len(cle) < CLE_MIN:
        return False
    attendue = b64encode(hmac.new(cle, f"{identifiant}.{instant}.".encode() + corps, sha256).digest())
    recues = entetes.get("webhook-signature", "").split()
    # Each one is compared, and each comparison takes as long.
    justes = [hmac.compare_digest(b"v1," + attendue, recue.encode("utf-8", "replace")) for recue in recues[:5]]
    return any(justes)


def lire(corps: bytes) -> list[Constat]:
    """The letters that an announcement speaks of. Raises `ValueError` for what is none.

    The neutral shape is ours: `{"retours": [{"jeton": …, "action": "failed" | "delayed", "statut": "5.1.1"}]}`, where
    the token is the part of the return address after « + », or of the Message-ID before « @ ». Those of Brevo
    (transactional webhooks) and of AhaSend (`message.bounced`) are read as they come.
    """
    try:
        lue = json.loads(corps)
    except RecursionError as erreur:
        raise ValueError("annonce sans fond") from erreur
    if not isinstance(lue, dict):
        return []
    if isinstance(lue.get("retours"), list):
        return [constat for un in lue["retours"] if isinstance(un, dict) and (constat := _neutre(un))]
    constat = _de_brevo(lue) if "event" in lue else _d_ahasend(lue) if "type" in lue else None
    return [constat] if constat else []


def _neutre(lu: Mapping[str, Any]) -> Constat | None:
    statut = statut_dans(str(lu.get("statut", "")))
    return _constat(lu.get("jeton"), genre_de(str(lu.get("action", "")), statut), statut)


#: `event` of Brevo (developers.brevo.com/docs/transactional-webhooks), by what it means.
DE_BREVO = {
    "hard_bounce": Genre.ADRESSE,
    "invalid_email": Genre.ADRESSE,
    "blocked": Genre.REFUS,
    "error": Genre.PERDU,
    "soft_bounce": Genre.RETARD,
    "deferred": Genre.RETARD,
}


def _de_brevo(lu: Mapping[str, Any]) -> Constat | None:
    genre = DE_BREVO.get(str(lu.get("event")))
    ou = f"{lu.get('X-Mailin-custom', '')} {lu.get('message-id', '')}"
    return _constat(ou, genre, statut_dans(str(lu.get("reason") or "")))


def _d_ahasend(lu: Mapping[str, Any]) -> Constat | None:
    """ahasend.com/docs/api-reference/webhooks/message-bounced; it signs as above by itself."""
    donnees = lu.get("data")
    if lu["type"] != "message.bounced" or not isinstance(donnees, dict):
        return None
    return _constat(donnees.get("message_id_header"), Genre.ADRESSE, "")


def _constat(ou: object, genre: Genre | None, statut: str) -> Constat | None:
    trouve = JETON.search(str(ou or "").lower())
    if trouve is None or genre is None:
        return None
    return Constat(jeton=UUID(hex=trouve[0]), genre=genre, statut=statut)


def _cle(secret: str) -> bytes:
    """The bytes that the secret writes in base64; those of the text itself otherwise."""
    try:
        return b64decode(secret.removeprefix(PREFIXE), validate=True)
    except binascii.Error:
        return secret.encode()
