"""What the rights answer when the base asks."""

from typing import Any

from django.dispatch import receiver

from rebond.socle.utilisateur import Utilisateur
from rebond.surveillance.signaux import destinataires_des_alarmes
from territoires.etats import Role


@receiver(destinataires_des_alarmes, dispatch_uid="territoires.administrateurs")
def administrateurs(**_: Any) -> list[str]:
    habilites = Utilisateur.objects.filter(habilitations__role=Role.ADMINISTRATEUR, is_active=True)
    return list(habilites.order_by("email").values_list("email", flat=True).distinct())
