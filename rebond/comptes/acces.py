"""What the journal of accesses keeps of coming in and going out."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import (
    authentication_step_completed,
    email_changed,
    email_confirmed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest

from rebond.socle.journal.acces import Acces
from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.requete.acces import noter
from rebond.socle.utilisateur import Utilisateur

# What django.contrib.auth and allauth call what a person signs in by.
IDENTIFIANTS = ("email", "username", "login")
# allauth's names of proofs, in ours; one that is not here keeps its own.
MOYENS = {
    "code": "code reçu par e-mail",
    "mfa": "second facteur",
    "password": "mot de passe",
    "socialaccount": "ProConnect",
}
# How the entry begins of somebody who was there already.
CONFIRMEE = "identité confirmée"


def visite_precedente(utilisateur: Utilisateur) -> QuerySet[Acces, Any]:
    """The instant at which they signed in before they did last: one row; none when they had not, for as long as
    accesses are kept."""
    entrees = Acces.objects.filter(personne_id_copie=utilisateur.pk, nature=NatureAcces.CONNEXION)
    return entrees.exclude(objet__startswith=CONFIRMEE).order_by("-pk").values("instant")[1:2]


@receiver(user_logged_in, dispatch_uid="comptes.acces.connexion")
def connexion(*, request: HttpRequest | None, user: Utilisateur, **_: Any) -> None:
    moyens = [_moyen(faite["method"]) for faite in get_authentication_records(request, user)] if request else []
    _noter(request, NatureAcces.CONNEXION, user, ", ".join(moyens))


@receiver(authentication_step_completed, dispatch_uid="comptes.acces.confirmation")
def confirmation(
    *, request: HttpRequest, user: Utilisateur, method: str, reauthenticated: bool = False, **_: Any
) -> None:
    """Whoever is signed in proves again who they are."""
    if reauthenticated:
        _noter(request, NatureAcces.CONNEXION, user, f"{CONFIRMEE} : {_moyen(method)}")


@receiver(authentication_failed, dispatch_uid="comptes.acces.second_facteur")
def second_facteur_refuse(*, request: HttpRequest, user: Utilisateur, **_: Any) -> None:
    _noter(request, NatureAcces.ECHEC, user, "Second facteur refusé")


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


def _moyen(methode: str) -> str:
    return MOYENS.get(methode, methode)


def _noter(request: HttpRequest | None, nature: NatureAcces, user: Utilisateur, objet: str = "") -> None:
    """A session that is made without a request (a command, a test's client) is nobody's access."""
    if request is not None and request.method is not None:
        noter(request, nature, personne=user, objet=objet)
