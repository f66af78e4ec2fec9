"""What the rights answer when the base asks, and what follows somebody coming in."""

from typing import Any

from allauth.account.signals import password_reset, user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from rebond.comptes.appareils import reconnaitre
from rebond.comptes.limites import oublier_les_echecs
from rebond.socle.utilisateur import Utilisateur
from rebond.surveillance.signaux import destinataires_des_alarmes
from territoires.etats import Role


@receiver(destinataires_des_alarmes, dispatch_uid="territoires.administrateurs")
def administrateurs(**_: Any) -> list[str]:
    habilites = Utilisateur.objects.filter(habilitations__role=Role.ADMINISTRATEUR, is_active=True)
    return list(habilites.order_by("email").values_list("email", flat=True).distinct())


@receiver(user_logged_in, dispatch_uid="comptes.appareil")
def reconnaitre_l_appareil(*, request: HttpRequest, response: HttpResponseBase, user: Utilisateur, **_: Any) -> None:
    """Whichever way they came: allauth sends this once every step is passed."""
    reconnaitre(request, response, user)


@receiver(password_reset, dispatch_uid="comptes.echecs")
def rouvrir_le_compte(*, user: Utilisateur, **_: Any) -> None:
    oublier_les_echecs(user.email)
