"""Names of cookies, and the messages that one carries to the next page (Django's own storage, under such a name)."""

from django.conf import settings
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


def nom_de_cookie(nom: str) -> str:
    """With an `https:` address, a name that no other host can set (RFC 6265bis, § 4.1.3.2; `rebond.protections`)."""
    return f"__Host-{nom}" if settings.SESSION_COOKIE_SECURE else nom


class MessagesEnCookie(CookieStorage):
    cookie_name = nom_de_cookie("messages")


class Messages(FallbackStorage):
    storage_classes: tuple[type[BaseStorage], ...] = (MessagesEnCookie, SessionStorage)
