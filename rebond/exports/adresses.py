"""The addresses from which a list is exported: `adresses_de_telechargement`, at once or by a worker."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern

from rebond.exports.lecture import PREPARER
from rebond.exports.regles import SEUIL
from rebond.socle.listes import Extrait, adresses_de_telechargement


def adresses_d_export(route: str, preparer: Callable[..., HttpResponseBase], nom: str) -> list[URLPattern]:
    """« projets.csv » named « exporter_csv », and so on. `preparer` is a view that answers an `Extrait`."""

    @wraps(preparer)
    def exporter(request: HttpRequest, format_: str, **arguments: Any) -> HttpResponseBase:
        extrait = preparer(request, **arguments)
        if not isinstance(extrait, Extrait):
            return extrait
        return _repondre(request, extrait, format_)

    setattr(exporter, PREPARER, preparer)
    return adresses_de_telechargement(route, exporter, nom)


def _repondre(request: HttpRequest, extrait: Extrait, format_: str) -> HttpResponseBase:
    """A short list is written as it is read; a long one is offered to be prepared."""
    lignes = extrait.liste.selection.count()
    if lignes <= SEUIL:
        return extrait.liste.telecharger(format_, extrait.mentions)
    contexte = {
        "intitule": extrait.liste.titre,
        "lignes": lignes,
        "seuil": SEUIL,
        "format": format_.upper(),
        "adresse": request.get_full_path(),
    }
    return render(request, "exports/preparer.html", contexte)
