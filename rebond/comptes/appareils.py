"""Browsers where somebody has signed in before: what others try never closes the door to them.

After OWASP's « device cookies ». The cookie opens nothing: it only says of which account a browser has failures of its
own, so that those of strangers do not count against it. Stolen, it gives a thief that small number of attempts more,
on that account alone, until its password changes; it then shares no count with the browser it was taken from as soon
as the latter signs in again. Nobody makes one without the key of the portal.
"""

from dataclasses import dataclass
from secrets import token_urlsafe

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from rebond.socle.requete.cookies import nom_de_cookie
from rebond.socle.utilisateur import Utilisateur

COOKIE = nom_de_cookie("appareil")
SEL = "rebond.comptes.appareils"
# In seconds: a year, from each time that one signs in.
DUREE = 365 * 24 * 3600
# Machines of town halls are shared: each of the last people keeps theirs.
COMPTES_MAX = 5


@dataclass(frozen=True)
class Marque:
    """One account that signed in here: drawn each time (`alea`), the same for all its browsers (`compte`), proof."""

    alea: str
    compte: str
    preuve: str


def marques(request: HttpRequest) -> tuple[Marque, ...]:
    """Those of the cookie of this browser, the latest first; none when it is forged, altered or too old."""
    try:
        lues = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SEL, max_age=DUREE)
        return tuple(Marque(*lue) for lue in lues)
    except (signing.BadSignature, TypeError, ValueError):
        return ()


def appareil_de(request: HttpRequest, adresse: str) -> str:
    """What names this browser for the account of `adresse`; empty when that account never signed in here, or when its
    password has changed since."""
    connues = marques(request)
    if not connues:
        return ""
    # One query for a known address as for another.
    titulaire = Utilisateur.objects.filter(email__iexact=adresse).first()
    if titulaire is None:
        return ""
    return next((marque.alea for marque in connues if _prouve(marque, titulaire)), "")


def dernier_compte(request: HttpRequest) -> str:
    """What names the account that signed in here last, whatever its number of browsers; empty when none did."""
    return next((marque.compte for marque in marques(request)), "")


def reconnaitre(request: HttpRequest, reponse: HttpResponseBase, titulaire: Utilisateur) -> None:
    """Remember, by the answer to it, that `titulaire` signed in from here."""
    compte = _compte(titulaire)
    alea = token_urlsafe(12)
    neuve = Marque(alea, compte, _preuve(alea, titulaire))
    gardees = [neuve, *(marque for marque in marques(request) if marque.compte != compte)][:COMPTES_MAX]
    reponse.set_cookie(
        COOKIE,
        signing.dumps([[m.alea, m.compte, m.preuve] for m in gardees], salt=SEL),
        max_age=DUREE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _prouve(marque: Marque, titulaire: Utilisateur) -> bool:
    return constant_time_compare(marque.preuve, _preuve(marque.alea, titulaire))


def _preuve(alea: str, titulaire: Utilisateur) -> str:
    """Changes with the password."""
    valeur = f"{alea}/{titulaire.pk}/{titulaire.get_session_auth_hash()}"
    return salted_hmac(SEL, valeur, algorithm="sha256").hexdigest()[:32]


def _compte(titulaire: Utilisateur) -> str:
    """Tells nobody which account it is: the next person on the same machine could read it."""
    return salted_hmac(f"{SEL}.compte", str(titulaire.pk), algorithm="sha256").hexdigest()[:16]
