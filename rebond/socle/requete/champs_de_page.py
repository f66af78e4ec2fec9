"""What a page writes in its forms by itself, beside what people type."""

from secrets import token_bytes
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

#: The key that makes a form sent twice act once (`rebond.socle.requete.envois`).
CLE_D_ENVOI = "cle_d_envoi"
PROPRES_A_LA_PAGE = ("csrfmiddlewaretoken", CLE_D_ENVOI)

ALEA = 8  # bytes of a key that are drawn; the eight others sign for whom


def cle_pour(personne: int | None) -> UUID:
    """A new key for a page shown to `personne` (a primary key; None for a visitor), which nobody else can draw."""
    alea = token_bytes(ALEA)
    return UUID(bytes=alea + _signature(alea, personne))


def ecrite_pour(cle: str, personne: int | None) -> bool:
    """Whether the page that sent `cle` had been shown to `personne`."""
    try:
        octets = UUID(cle).bytes
    except ValueError:
        return False
    return constant_time_compare(octets[ALEA:], _signature(octets[:ALEA], personne))


def _signature(alea: bytes, personne: int | None) -> bytes:
    valeur = f"{alea.hex()}/{personne or ''}"
    return salted_hmac("rebond.socle.champs_de_page", valeur, algorithm="sha256").digest()[: 16 - ALEA]
