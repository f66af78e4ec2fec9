"""The cookies of the portal, as the page on personal data tells them; no other is ever set."""

from dataclasses import dataclass

from django.conf import settings

from rebond.comptes import appareils
from rebond.comptes.seances import appareils as seances
from rebond.portail.temoin import TEMOIN
from rebond.socle.requete.cookies import MessagesEnCookie


@dataclass(frozen=True)
class Cookie:
    nom: str
    usage: str
    duree: str


COOKIES = (
    Cookie(settings.SESSION_COOKIE_NAME, "garde votre connexion", "disparaît à la fermeture du navigateur"),
    Cookie(settings.CSRF_COOKIE_NAME, "protège les formulaires contre les envois frauduleux", "dure un an"),
    Cookie(
        TEMOIN,
        "dit aux pages publiques, qui sont les mêmes pour tous, que vous êtes connecté\u00a0; il ne dit pas qui vous "
        "êtes",
        "disparaît à la fermeture du navigateur",
    ),
    Cookie(
        MessagesEnCookie.cookie_name,
        "porte à la page suivante ce que le portail vient de vous répondre",
        "disparaît une fois lu",
    ),
    Cookie(
        appareils.COOKIE,
        "reconnaît un navigateur où vous vous êtes déjà connecté, pour que les essais d’autrui ne vous ferment pas la "
        "porte\u00a0; il ne dit pas qui vous êtes",
        "dure un an",
    ),
    Cookie(
        seances.TEMOIN,
        "reconnaît ce même navigateur pour vous prévenir quand un autre sert",
        "dure treize mois",
    ),
)
