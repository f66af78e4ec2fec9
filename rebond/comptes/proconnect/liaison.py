"""Linking ProConnect to an account that was already there: the code sent to its address, typed by its holder."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import compare_user_code
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest

from rebond.comptes.limites import lettre_admise
from rebond.socle.utilisateur import Utilisateur

CLE = "proconnect_a_relier"
DUREE = settings.DUREE_DES_CODES
ESSAIS = 3


def compte_a_l_adresse(adresse: str) -> Utilisateur | None:
    """The account of this address: whoever has proven it rather than whoever wrote it."""
    prouvee = EmailAddress.objects.filter(email__iexact=adresse, verified=True).select_related("user").first()
    if prouvee is not None:
        proprietaire: Utilisateur = prouvee.user
        return proprietaire
    return Utilisateur.objects.filter(email__iexact=adresse).first()


def demander(request: HttpRequest, login: SocialLogin, compte: Utilisateur) -> None:
    """Put the identity aside until its holder has shown that the account is theirs."""
    login.token = None
    request.session[CLE] = {
        "login": login.serialize(),
        "compte": compte.pk,
        "adresse": login.email_addresses[0].email,
        "jusqu_a": time.time() + DUREE,
        "code": "",
        "essais": 0,
    }


def en_attente(request: HttpRequest) -> dict[str, Any] | None:
    attente: dict[str, Any] | None = request.session.get(CLE)
    if attente is None or attente["jusqu_a"] < time.time():
        return None
    return attente


def envoyer_un_code(request: HttpRequest, attente: dict[str, Any]) -> bool:
    """Send a code to the address of the account; false when too many were asked for."""
    if not lettre_admise(request, attente["adresse"]):
        return False
    code = get_adapter(request).generate_login_code()
    request.session[CLE] = {**attente, "code": code, "essais": 0, "jusqu_a": time.time() + DUREE}
    get_adapter(request).send_mail("proconnect/email/liaison", attente["adresse"], {"request": request, "code": code})
    return True


def confirmer(request: HttpRequest, attente: dict[str, Any], code: str) -> SocialLogin | None:
    """The identity that waited, once `code` is the one that was sent; after three wrong ones none waits any more."""
    if compare_user_code(actual=code, expected=attente["code"]):
        del request.session[CLE]
        request.liaison_confirmee = attente["compte"]  # type: ignore[attr-defined]
        return SocialLogin.deserialize(attente["login"])
    essais = attente["essais"] + 1
    if essais >= ESSAIS:
        del request.session[CLE]
    else:
        request.session[CLE] = {**attente, "essais": essais}
    return None


def est_confirmee(request: HttpRequest, compte: Utilisateur) -> bool:
    return getattr(request, "liaison_confirmee", None) == compte.pk
