"""The addresses from which a list is exported: `adresses_de_telechargement`, at once or by a worker."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path

from rebond.exports.archives import Archive
from rebond.exports.lecture import PREPARER
from rebond.exports.models import ARCHIVE
from rebond.exports.regles import SEUIL, empechement_d_archiver
from rebond.socle.listes import Extrait, adresses_de_telechargement
from rebond.socle.requete.limites import EXPORTS, limiter


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


def adresse_d_archive(route: str, preparer: Callable[..., HttpResponseBase], nom: str) -> URLPattern:
    """« dossiers.zip » named « archive_zip ». `preparer` is a view that answers an `Archive`, which a worker makes."""

    @wraps(preparer)
    def proposer(request: HttpRequest, format_: str, **arguments: Any) -> HttpResponseBase:
        extrait = preparer(request, **arguments)
        return _proposer_l_archive(request, extrait) if isinstance(extrait, Archive) else extrait

    setattr(proposer, PREPARER, preparer)
    return path(f"{route}.{ARCHIVE}", limiter(EXPORTS)(proposer), {"format_": ARCHIVE}, name=f"{nom}_{ARCHIVE}")


def _proposer_l_archive(request: HttpRequest, archive: Archive) -> HttpResponseBase:
    lignes = archive.liste.selection.count()
    contexte = {
        "intitule": archive.intitule,
        "lignes": lignes,
        "contenu": archive.mentions,
        "refus": empechement_d_archiver(lignes),
        "adresse": request.get_full_path(),
    }
    return render(request, "exports/preparer_archive.html", contexte)
