"""What every page knows: where one is, who one is, and whether the data are invented."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from rebond.comptes.habilitations import roles_suspendus
from rebond.portail.menu import menu
from rebond.socle.requete.pour_tous import POUR_TOUS


def portail(request: HttpRequest) -> dict[str, Any]:
    return {
        "navigation": menu(request),
        # Whether the same bytes go to everyone: the header is completed where they are read.
        "pour_tous": getattr(request, POUR_TOUS, False),
        "demonstration_active": settings.DEMONSTRATION,
        "adresse_publique": settings.ADRESSE_PUBLIQUE,
        "proconnect_actif": bool(settings.PROCONNECT_ADRESSE),
        "roles_suspendus": _roles_suspendus(request),
    }


def _roles_suspendus(request: HttpRequest) -> list[str]:
    """Roles that wait for a second factor, in words; the pages where one is set up do not repeat it."""
    personne = getattr(request, "user", None)
    if personne is None or not personne.is_authenticated or request.path.startswith(reverse("mfa_index")):
        return []
    return [str(role.label) for role in roles_suspendus(personne)]
