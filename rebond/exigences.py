"""What the portal asks for before it starts: web server, worker, beat and `manage.py` refuse with these sentences.

Production is a portal whose public address begins with `https:` (`settings.EN_PRODUCTION`); a demonstration, the tests
and `make dev` are not. A requirement is a function without argument that answers a French sentence saying what to set,
or None. It lives in the room of its subject and is named in `EXIGENCES`.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from rebond.environnement import ReglageInvalide

CLE_LONGUEUR = 50
CLE_SIGNES_DIFFERENTS = 12
MOT_DE_PASSE_LONGUEUR = 16
#: Whose letters leave this machine for a mail server; the others write people's codes to files, to a screen, nowhere.
MESSAGERIES = frozenset({"django.core.mail.backends.smtp.EmailBackend"})

EXIGENCES = (
    "rebond.exigences.cle",
    "rebond.exigences.developpement",
    "rebond.exigences.demonstration",
    "rebond.demo.marque.base_reelle",
    "rebond.exigences.hotes",
    "rebond.exigences.file_d_attente",
    "rebond.exigences.messagerie",
    "rebond.exigences.antivirus",
    "rebond.surveillance.securite.contact",
)


def refus() -> list[str]:
    """Every reason not to start, all at once; Django is set up. Outside production the address alone is judged."""
    if not settings.EN_PRODUCTION:
        return [phrase for phrase in (adresse(),) if phrase]
    return [phrase for exigence in EXIGENCES if (phrase := import_string(exigence)())]


def exiger() -> None:
    """Raises ReglageInvalide with every sentence of `refus`."""
    if phrases := refus():
        debut = (
            "Le portail ne démarre pas\u00a0:" if settings.EN_PRODUCTION else "Le portail ne démarre pas ainsi\u00a0:"
        )
        raise ReglageInvalide("\n".join([debut, *(f"– {phrase}" for phrase in phrases)]))


def adresse() -> str | None:
    """Sign-in and files in clear are for one's own machine, or for invented data."""
    hote = urlsplit(settings.ADRESSE_PUBLIQUE).hostname or ""
    if settings.DEMONSTRATION or _locale(hote):
        return None
    return (
        f"REBOND_ADRESSE={settings.ADRESSE_PUBLIQUE} n’est pas chiffrée\u00a0: écrivez une adresse en https:// "
        "(ou REBOND_DEMONSTRATION=oui, si les données sont inventées)."
    )


def _locale(hote: str) -> bool:
    try:
        return ip_address(hote).is_loopback
    except ValueError:
        return hote == "localhost"


def cle() -> str | None:
    lue = settings.SECRET_KEY
    if len(lue) >= CLE_LONGUEUR and len(set(lue)) >= CLE_SIGNES_DIFFERENTS:
        return None
    return (
        f"REBOND_CLE_SECRETE est trop faible\u00a0: il faut {CLE_LONGUEUR} signes tirés au sort, par exemple par "
        'python3 -c "import secrets; print(secrets.token_urlsafe(50))".'
    )


def developpement() -> str | None:
    if not settings.DEBUG:
        return None
    return "REBOND_DEBUG=oui montre le code et les réglages à tous\u00a0: retirez-le."


def demonstration() -> str | None:
    if not settings.DEMONSTRATION:
        return None
    return (
        "REBOND_DEMONSTRATION=oui annonce des données inventées, et leurs mots de passe sont publics\u00a0: "
        "retirez-le, ou donnez à la démonstration une adresse en http:// sur une machine à elle."
    )


def hotes() -> str | None:
    hote = urlsplit(settings.ADRESSE_PUBLIQUE).hostname or ""
    if "*" in settings.ALLOWED_HOSTS:
        return "REBOND_HOTES=* répond à n’importe quel nom\u00a0: écrivez ceux du portail."
    if hote not in settings.ALLOWED_HOSTS:
        return f"REBOND_HOTES ne contient pas {hote or 'l’hôte de REBOND_ADRESSE'}\u00a0: ajoutez-le."
    if urlsplit(settings.ADRESSE_PUBLIQUE)[2:] != ("", "", ""):
        return f"REBOND_ADRESSE={settings.ADRESSE_PUBLIQUE} dit trop\u00a0: https://nom, sans barre à la fin."
    return None


def file_d_attente() -> str | None:
    """Whoever writes in the queue has the workers act; whoever reads it knows what people do."""
    if len(urlsplit(settings.REDIS_URL).password or "") >= MOT_DE_PASSE_LONGUEUR:
        return None
    return (
        f"REDIS_URL n’a pas de mot de passe d’au moins {MOT_DE_PASSE_LONGUEUR} signes\u00a0: donnez-en un à Valkey "
        "(requirepass) et écrivez redis://:mot-de-passe@hôte:port/numéro."
    )


def messagerie() -> str | None:
    if settings.EMAIL_BACKEND in MESSAGERIES:
        return _en_clair()
    return (
        f"REBOND_COURRIEL_BACKEND={settings.EMAIL_BACKEND} n’envoie pas d’e-mail, et personne ne pourrait se "
        "connecter\u00a0: retirez-le et réglez REBOND_SMTP_HOTE."
    )


def _en_clair() -> str | None:
    """What goes no further than this machine may go in clear."""
    if settings.EMAIL_USE_TLS or _locale(settings.EMAIL_HOST):
        return None
    return (
        f"REBOND_SMTP_HOTE={settings.EMAIL_HOST} recevrait en clair les codes qui ouvrent les comptes\u00a0: écrivez "
        "REBOND_SMTP_TLS=oui."
    )


def antivirus() -> str | None:
    """Production scans what people send, unless whoever runs it has written that it does not."""
    if settings.ANTIVIRUS or settings.SANS_ANTIVIRUS:
        return None
    return (
        "Aucun antivirus n’est réglé\u00a0: donnez l’adresse de clamd dans REBOND_ANTIVIRUS (hôte:port, ou le chemin "
        "de sa prise). Pour s’en passer en connaissance de cause, écrivez REBOND_SANS_ANTIVIRUS=oui\u00a0: les "
        "fichiers reçus seront alors servis sans avoir été analysés."
    )
