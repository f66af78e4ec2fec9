"""What the journal of accesses keeps of coming in and going out."""

from typing import Any

from allauth.account.signals import email_changed, email_confirmed, password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.requete.acces import noter
from rebond.socle.utilisateur import Utilisateur

# What django.contrib.auth and allauth call what a person signs in by.
IDENTIFIANTS = ("email", "username", "login")


@receiver(user_logged_in, dispatch_uid="comptes.acces.connexion")
def connexion(*, request: HttpRequest | None, user: Utilisateur, **_: Any) -> None:
    _noter(request, NatureAcces.CONNEXION, user)


@receiver(user_logged_out, dispatch_uid="comptes.acces.deconnexion")
def deconnexion(*, request: HttpRequest | None, user: Utilisateur | None, **_: Any) -> None:
    if user is not None:
        _noter(request, NatureAcces.DECONNEXION, user)


@receiver(user_login_failed, dispatch_uid="comptes.acces.echec")
def echec(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    tape = next((str(credentials[nom]) for nom in IDENTIFIANTS if credentials.get(nom)), "")
    if request is not None:
        noter(request, NatureAcces.ECHEC, tape=tape)


@receiver(email_changed, dispatch_uid="comptes.acces.adresse")
def adresse(*, request: HttpRequest | None, user: Utilisateur, to_email_address: Any, **options: Any) -> None:
    ancienne = options.get("from_email_address")
    objet = f"{ancienne.email if ancienne else '–'} → {to_email_address.email}"
    _noter(request, NatureAcces.ADRESSE, user, objet)


@receiver(email_confirmed, dispatch_uid="comptes.acces.adresse_verifiee")
def adresse_verifiee(*, request: HttpRequest | None, email_address: Any, **_: Any) -> None:
    _noter(request, NatureAcces.ADRESSE, email_address.user, f"{email_address.email} vérifiée")


@receiver([password_changed, password_reset, password_set], dispatch_uid="comptes.acces.mot_de_passe")
def mot_de_passe(*, request: HttpRequest | None, user: Utilisateur, **_: Any) -> None:
    _noter(request, NatureAcces.MOT_DE_PASSE, user)


def _noter(request: HttpRequest | None, nature: NatureAcces, user: Utilisateur, objet: str = "") -> None:
    """A session that is made without a request (a command, a test's client) is nobody's access."""
    if request is not None and request.method is not None:
        noter(request, nature, personne=user, objet=objet)
