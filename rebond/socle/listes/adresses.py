"""The addresses from which a list is downloaded."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from rebond.socle.listes.tableaux import TYPES_MIME
from rebond.socle.requete.limites import EXPORTS, limiter


def adresses_de_telechargement(route: str, vue: Callable[..., HttpResponseBase], nom: str) -> list[URLPattern]:
    """« projets.csv » named « exporter_csv », and so on: one address a format, given to `vue` as `format_`."""
    limitee = limiter(EXPORTS)(vue)
    return [
        path(f"{route}.{format_}", limitee, {"format_": format_}, name=f"{nom}_{format_}") for format_ in TYPES_MIME
    ]
