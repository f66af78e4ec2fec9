"""A floor: Rebond as it is served, with one more page that answers at once whoever is signed in and sends a form."""

from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import clear_url_caches, path

from rebond.wsgi import application
from tests.banc.service.serveurs import ADRESSE_DU_CADRE

__all__ = ["application"]


def cadre(request: HttpRequest) -> JsonResponse:
    """What any act pays before it begins: the session, its person and their roles, the token of the form."""
    return JsonResponse({"connecte": request.user.is_authenticated})


import_module(settings.ROOT_URLCONF).urlpatterns.insert(0, path(ADRESSE_DU_CADRE.lstrip("/"), cadre))
clear_url_caches()
