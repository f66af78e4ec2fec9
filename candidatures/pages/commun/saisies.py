"""What a page that saves by itself is answered, whoever types in it."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import JsonResponse
from django.shortcuts import resolve_url
from django.urls import reverse

DECONNECTE = (
    "Vous êtes déconnecté\u00a0: rien de ce que vous tapez n’est plus enregistré. Votre texte reste dans cette page, "
    "et une copie sur cet ordinateur. Connectez-vous, puis revenez ici\u00a0: l’enregistrement reprendra."
)


def deconnecte() -> JsonResponse:
    """Signing in happens in another tab, which then says to come back to this one."""
    connexion = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: reverse('connecte')})}"
    return JsonResponse({"etat": "deconnecte", "message": DECONNECTE, "connexion": connexion}, status=401)


def enregistre(revision: int, rappel: str) -> JsonResponse:
    """What was typed is kept, whole, in a page that checks nothing of it; `rappel` says what is still to be done."""
    rien: dict[str, Any] = {"incomprises": [], "motifs": [], "relus": [], "etats": {}, "champs": {}, "manques": ""}
    return JsonResponse({"etat": "enregistre", **rien, "recharger": False, "rappel": rappel, "revision": revision})


def copie_de_recevabilite(dossier: int, personne: int) -> str:
    """The name under which a browser keeps what `personne` types of the admissibility of `dossier`, both keys: until
    the page of the file says that it led to something (`static/rebond/candidatures.js`)."""
    return f"rebond-recevabilite-{dossier}-{personne}"
