"""Where a request comes from: the one reader of `REMOTE_ADDR` and of `X-Forwarded-For`.

A proxy appends the address of whoever speaks to it (RFC 7239, 7.4): of that list, what the trusted proxies wrote
stands at its end, and all that stands before may have been typed by the visitor. Limits, letters, journals and access
logs read the address here.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest

#: Of a request that nothing tells the origin of (a Unix socket without proxy): all of them share it.
INCONNUE = str(IPv4Address(0))
# What one subscriber is given (RFC 6177): anybody has as many IPv6 addresses as they wish.
PREFIXE_IPV6 = 64


def adresse_du_visiteur(request: HttpRequest) -> str:
    """The IP address of whoever sent `request`, always a valid one."""
    return adresse_selon(request.META)


def adresse_selon(environ: Mapping[str, Any]) -> str:
    """The same, of a WSGI environment.

    What did not come through all the proxies (a health check, a mistake of installation) has the address of its
    sender: the header is then anybody's.
    """
    suite = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    rang = settings.MANDATAIRES
    if 0 < rang <= len(suite) and (transmise := _lue(suite[-rang])):
        return transmise
    return _lue(str(environ.get("REMOTE_ADDR", ""))) or INCONNUE


def origine(request: HttpRequest) -> str:
    """What limits count by: the address, or the network that one subscriber has in IPv6."""
    adresse = adresse_du_visiteur(request)
    if ":" not in adresse:
        return adresse
    return str(IPv6Network(f"{adresse}/{PREFIXE_IPV6}", strict=False).network_address)


def _lue(texte: str) -> str:
    """The address that `texte` holds, without port nor zone; empty when it holds none."""
    texte = texte.strip()
    if texte.startswith("["):
        texte = texte[1:].partition("]")[0]
    elif texte.count(":") == 1:
        texte = texte.partition(":")[0]
    try:
        adresse: IPv4Address | IPv6Address = ip_address(texte.partition("%")[0])
    except ValueError:
        return ""
    # A server that listens to both families sees IPv4 so: one network of 64 bits would hold the whole country.
    if isinstance(adresse, IPv6Address) and adresse.ipv4_mapped:
        adresse = adresse.ipv4_mapped
    return str(adresse)
