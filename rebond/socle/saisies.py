"""What was typed in a form is not lost when its author was signed out in the meantime."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, QueryDict

CLE = "saisie_en_attente"
TAILLE_MAX = 500_000

Vue = Callable[..., HttpResponseBase]


def garder_la_saisie(vue: Vue) -> Vue:
    """Decorator: like `login_required`, but what an anonymous POST carries waits in the session for its author.

    The view finds it, once signed in, by `saisie_gardee`. Signing in keeps the session of an anonymous visitor.
    """

    @wraps(vue)
    def gardienne(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return vue(request, *args, **kwargs)
        if request.method == "POST":
            donnees = request.POST.urlencode()
            if len(donnees) <= TAILLE_MAX:
                request.session[CLE] = {"chemin": request.path, "donnees": donnees}
        return redirect_to_login(request.get_full_path())

    return gardienne


def saisie_gardee(request: HttpRequest) -> QueryDict | None:
    """What the visitor had typed on this very page before signing in again; None when there is nothing."""
    gardee = request.session.get(CLE)
    if not gardee or gardee["chemin"] != request.path:
        return None
    return QueryDict(gardee["donnees"])


def oublier_la_saisie(request: HttpRequest) -> None:
    """To be called once what was typed is saved."""
    gardee = request.session.get(CLE)
    if gardee and gardee["chemin"] == request.path:
        del request.session[CLE]
