"""Addresses of the portal as they leave it, in letters, documents and feeds: whole, and made from their name."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse


def adresse_complete(nom: str, *arguments: object) -> str:
    """`candidatures:dossier`, 12 → « https://rebond.example/candidatures/12/ ». Raises `NoReverseMatch`."""
    return f"{settings.ADRESSE_PUBLIQUE}{reverse(nom, args=arguments)}"


def du_portail(url: str) -> str:
    """`url` at the portal's own address, whatever host it names: a request says by itself which one it asked."""
    morceaux = urlsplit(url)
    return f"{settings.ADRESSE_PUBLIQUE}{morceaux._replace(scheme='', netloc='').geturl()}"
