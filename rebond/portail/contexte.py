"""What every page knows: where one is, who one is, and whether the data are invented."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from rebond.portail.menu import menu


def portail(request: HttpRequest) -> dict[str, Any]:
    return {
        "navigation": menu(request),
        "demonstration_active": settings.DEMONSTRATION,
        "adresse_publique": settings.ADRESSE_PUBLIQUE,
    }
