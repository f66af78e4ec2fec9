"""What the rights answer when the base or the account system asks; what follows somebody coming in.

allauth decides when an address is proven or changes; the roles follow here, before whatever Postgres would refuse.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, password_reset, user_logged_in
from django.contrib.auth import signals as django_auth
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from rebond.comptes.actions.preuve import activer_les_invitations, suspendre_pour_adresse
from rebond.comptes.appareils import reconnaitre
from rebond.comptes.habilitations import titulaires
from rebond.comptes.limites import oublier_les_echecs
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from rebond.surveillance.signaux import destinataires_des_alarmes
from territoires.etats import Role


@receiver(destinataires_des_alarmes, dispatch_uid="territoires.administrateurs")
def administrateurs(**_: Any) -> list[str]:
    return list(titulaires(Role.ADMINISTRATEUR).order_by("email").values_list("email", flat=True))


@receiver(user_logged_in, dispatch_uid="comptes.appareil")
def reconnaitre_l_appareil(*, request: HttpRequest, response: HttpResponseBase, user: Utilisateur, **_: Any) -> None:
    """Whichever way they came: allauth sends this once every step is passed."""
    reconnaitre(request, response, user)


@receiver(password_reset, dispatch_uid="comptes.echecs")
def rouvrir_le_compte(*, user: Utilisateur, **_: Any) -> None:
    oublier_les_echecs(user.email)


@receiver(django_auth.user_logged_in, dispatch_uid="comptes.invitations_a_la_connexion")
def a_la_connexion(user: Utilisateur, **_: Any) -> None:
    activer_les_invitations(utilisateur=user, maintenant=horloge_base())


@receiver(email_confirmed, dispatch_uid="comptes.invitations_a_la_confirmation")
def a_la_confirmation(email_address: EmailAddress, **_: Any) -> None:
    activer_les_invitations(utilisateur=email_address.user, maintenant=horloge_base())


@receiver(pre_save, sender=Utilisateur, dispatch_uid="comptes.adresse_changee")
def avant_de_changer_d_adresse(instance: Utilisateur, update_fields: Any = None, **_: Any) -> None:
    if instance.pk is not None and (update_fields is None or "email" in update_fields):
        suspendre_pour_adresse(utilisateur=instance, nouvelle=instance.email, maintenant=horloge_base())
