"""`/.well-known/security.txt` (RFC 9116): to whom a flaw is told, and until when that holds."""

from datetime import datetime, timedelta

from django.conf import settings

from rebond.socle.adresses import adresse_complete
from rebond.socle.horloge.temps import fin_de_journee
from rebond.socle.texte.jours import Illisible, lire_jour
from rebond.socle.texte.typographie import date_fr

#: RFC 9116, § 2.5.5: no more than a year ahead, or what was once true is believed for ever.
AU_PLUS = timedelta(days=366)
PREAVIS = timedelta(days=30)
CONTACTS = ("mailto:", "https://")


def contact() -> str | None:
    """The requirement of production (`rebond.exigences`). A date gone by is an alarm: no deadline waits for paper."""
    if not settings.SECURITE_CONTACT.startswith(CONTACTS):
        return (
            "REBOND_SECURITE_CONTACT manque\u00a0: écrivez mailto:adresse ou https://page, où se signale une faille."
        )
    try:
        lire_jour(settings.SECURITE_EXPIRE)
    except Illisible as refus:
        return (
            f"REBOND_SECURITE_EXPIRE, le dernier jour où ce contact vaut (dans un an au plus)\u00a0: {refus.message}"
        )
    return None


def expiration() -> datetime | None:
    """The first instant at which the contact no longer holds; None when there is none to publish."""
    return None if contact() else fin_de_journee(lire_jour(settings.SECURITE_EXPIRE))


def texte(maintenant: datetime) -> str | None:
    """The file; None without a contact, or once it has expired."""
    fin = expiration()
    if fin is None or fin <= maintenant:
        return None
    lignes = {
        "Contact": settings.SECURITE_CONTACT,
        "Expires": min(fin, maintenant + AU_PLUS).isoformat(timespec="seconds"),
        "Preferred-Languages": "fr, en",
        "Canonical": adresse_complete("security_txt"),
    }
    return "".join(f"{nom}: {valeur}\n" for nom, valeur in lignes.items())


def phrase_d_expiration(maintenant: datetime) -> str | None:
    """What whoever watches over the portal is told, a month before and from then on."""
    fin = expiration()
    if fin is None or fin - maintenant > PREAVIS:
        return None
    dernier = date_fr(lire_jour(settings.SECURITE_EXPIRE))
    return (
        f"Le contact publié dans /.well-known/security.txt vaut jusqu’au {dernier}. Ensuite plus personne ne saura à "
        "qui signaler une faille.\n\nVérifiez que la boîte est suivie, puis écrivez une nouvelle date dans "
        "REBOND_SECURITE_EXPIRE."
    )
