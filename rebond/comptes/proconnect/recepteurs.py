"""What the portal does when somebody comes from ProConnect, or links it to their account."""

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.dispatch import receiver
from django.http import HttpRequest

from rebond.comptes.proconnect.adaptateur import FIN
from rebond.comptes.securite.actes import ActeDeSecurite
from rebond.comptes.securite.preuves import PROCONNECT, SECOND_FACTEUR, prouver
from rebond.comptes.securite.signaux import siret_prouve
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur

#: RFC 8176: the administration itself asked for several factors.
PLUSIEURS_FACTEURS = "mfa"


@receiver(user_logged_in, dispatch_uid="proconnect_connexion")
def noter_la_connexion(
    request: HttpRequest, user: Utilisateur, sociallogin: SocialLogin | None = None, **_: Any
) -> None:
    if sociallogin is None or sociallogin.account.provider != "proconnect":
        return
    claims = sociallogin.account.extra_data
    fort = PLUSIEURS_FACTEURS in (claims.get("amr") or [])
    prouver(request, user, PROCONNECT, *([SECOND_FACTEUR] if fort else []))
    request.session[FIN] = sociallogin.state.get(FIN) or {}
    siret_prouve.send(sender=Utilisateur, utilisateur=user, siret=claims["siret"], uid=claims["uid"])


@receiver(social_account_added, dispatch_uid="proconnect_relie")
def consigner_la_liaison(sociallogin: SocialLogin, **_: Any) -> None:
    compte = sociallogin.user
    consigner(
        ActeDeSecurite.PROCONNECT_RELIE, compte, acteur=compte, siret=sociallogin.account.extra_data.get("siret", "")
    )


@receiver(social_account_removed, dispatch_uid="proconnect_delie")
def consigner_la_fin(socialaccount: SocialAccount, **_: Any) -> None:
    consigner(ActeDeSecurite.PROCONNECT_DELIE, socialaccount.user, acteur=socialaccount.user)
