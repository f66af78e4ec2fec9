"""How a browser is named to the person who uses it, and known again."""

import hashlib
import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from rebond.socle.requete.cookies import nom_de_cookie

TEMOIN = nom_de_cookie("rebond_appareil")
# CNIL, guidelines of 17 September 2020: what a site keeps on somebody's device lasts thirteen months at most.
CONSERVATION = timedelta(days=390)
MARQUE = re.compile(r"[0-9a-f]{32}")

# In this order: Edge and Opera call themselves Chrome, and Chrome calls itself Safari.
NAVIGATEURS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def nom_de(user_agent: str) -> str:
    """« Firefox sur Windows »: enough to know one's own, and no more."""
    navigateur = next((nom for signe, nom in NAVIGATEURS if signe in user_agent), "Navigateur inconnu")
    systeme = next((nom for signe, nom in SYSTEMES if signe in user_agent), "")
    return f"{navigateur} sur {systeme}" if systeme else navigateur


def marque_de(request: HttpRequest) -> str:
    """The mark that this browser keeps; empty when it keeps none that could be ours."""
    marque: str = request.COOKIES.get(TEMOIN, "")
    return marque if MARQUE.fullmatch(marque) else ""


def nouvelle_marque() -> str:
    return secrets.token_hex(16)


def empreinte_de(marque: str) -> str:
    return hashlib.sha256(marque.encode()).hexdigest()


def poser(reponse: HttpResponse, marque: str) -> None:
    reponse.set_cookie(
        TEMOIN,
        marque,
        max_age=CONSERVATION,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
