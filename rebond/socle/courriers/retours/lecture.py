"""Reading a message of the mailbox of returns: the report of a delivery (RFC 3464), or nothing of interest.

Python's own parser reads the structure. An automatic answer, a message that somebody writes, and whatever holds no
report say nothing of a letter. Only the token counts: to know an address is not enough to say that a letter to it came
back.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from uuid import UUID

from rebond.socle.courriers.retours.actions import Constat
from rebond.socle.courriers.retours.regles import genre_de, statut_dans

#: In bytes: a report quotes the letter, whose attachments are of no interest. What is beyond is not read.
TAILLE_MAX = 256 * 1024
JETON = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
# Where the address that the letter was sent from stands, once its report has come back there (RFC 5321, 3.6.3).
ENTETES_DU_RETOUR = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
# Where the letter itself is quoted, whole or by its headers.
CITATIONS = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")


def lire(octets: bytes) -> Constat | None:
    """What the message says became of one letter of ours; None for anything else, however it is made."""
    try:
        return _lire(octets)
    except RecursionError:
        # Parts in parts in parts: no server writes so.
        return None


def _lire(octets: bytes) -> Constat | None:
    message = message_from_bytes(octets[:TAILLE_MAX], policy=policy.compat32)
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return None
    constat = next(_des_destinataires(message), None)
    jeton = _du_retour(message) or _de_la_lettre_citee(message)
    if constat is None or jeton is None:
        return None
    action, statut = constat
    genre = genre_de(action, statut)
    return Constat(jeton=jeton, genre=genre, statut=statut) if genre else None


def _des_destinataires(message: Message) -> Iterator[tuple[str, str]]:
    """Action and status, recipient by recipient: our letters have one."""
    for partie in message.walk():
        if partie.get_content_type() != "message/delivery-status":
            continue
        blocs = partie.get_payload()
        for bloc in blocs if isinstance(blocs, list) else []:
            if isinstance(bloc, Message) and bloc["Action"]:
                statut = statut_dans(str(bloc["Status"] or "")) or statut_dans(str(bloc["Diagnostic-Code"] or ""))
                yield str(bloc["Action"]), statut


def _du_retour(message: Message) -> UUID | None:
    entetes = (str(valeur) for nom in ENTETES_DU_RETOUR for valeur in message.get_all(nom, []))
    return next((jeton for entete in entetes if (jeton := _jeton(entete))), None)


def _de_la_lettre_citee(message: Message) -> UUID | None:
    """From the name of the letter, for a provider that sends from an address of its own."""
    for partie in message.walk():
        if partie.get_content_type() in CITATIONS and (jeton := _jeton(_message_id(partie))):
            return jeton
    return None


def _message_id(partie: Message) -> str:
    contenu = partie.get_payload()
    citee = contenu[0] if isinstance(contenu, list) and contenu else None
    if not isinstance(citee, Message):
        citee = message_from_bytes(str(contenu).encode("utf-8", "replace"), policy=policy.compat32)
    return str(citee["Message-ID"] or "")


def _jeton(texte: str) -> UUID | None:
    trouve = JETON.search(texte.lower())
    return UUID(hex=trouve[0]) if trouve else None
