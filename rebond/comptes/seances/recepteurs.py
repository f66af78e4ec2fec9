"""What the portal does when somebody signs in."""

from typing import Any

from allauth.account.signals import authentication_step_completed, user_logged_in
from allauth.usersessions.models import UserSession
from django.contrib.auth import signals as django_signals
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from rebond.comptes.seances import appareils
from rebond.comptes.seances.actions import reconnaitre
from rebond.comptes.seances.middleware import dater
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur


@receiver(user_logged_in, dispatch_uid="seances_connexion")
def noter_l_appareil(request: HttpRequest, response: HttpResponse, user: Utilisateur, **_: Any) -> None:
    maintenant = horloge_base()
    marque = appareils.marque_de(request) or appareils.nouvelle_marque()
    nom = appareils.nom_de(request.META.get("HTTP_USER_AGENT", ""))
    reconnaitre(utilisateur=user, empreinte=appareils.empreinte_de(marque), nom=nom, maintenant=maintenant)
    appareils.poser(response, marque)


@receiver(authentication_step_completed, dispatch_uid="seances_confirmation")
def changer_de_cle(request: HttpRequest, *, reauthenticated: bool = False, **_: Any) -> None:
    """A session that is worth more has another key: whoever held the former one holds nothing (ASVS 5.0, 7.2.4)."""
    if not reauthenticated or not request.session.session_key:
        return
    ancienne = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=ancienne).update(session_key=request.session.session_key)


@receiver(django_signals.user_logged_in, dispatch_uid="seances_ouverture")
def dater_l_ouverture(request: HttpRequest, **_: Any) -> None:
    dater(request.session, timezone.now(), ouverte=True)
