"""What every page that a secret link opens has in common, whatever it opens."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from rebond.comptes.limites import demande_admise
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.requete.compteurs import Limite

Vue = Callable[..., HttpResponseBase]

#: Links that open nothing, far above what anyone mistypes: one that opens is refused to nobody for a neighbour's sake.
D_UNE_ADRESSE = Limite("liens-adresse", 600, 60)
D_UN_CONNU = Limite("liens-connu", 600, 60)
#: A browser that says nothing of where it comes from cannot prove that a form is ours (Fetch: `Origin: null`, which
#: Django refuses): a page that has one tells its address to this portal alone.
AVEC_FORMULAIRE = "same-origin"


def page_secrete(vue: Vue) -> Vue:
    """Decorator, written first: nothing of the page is kept, indexed, or told to another site; refusals neither."""

    @wraps(vue)
    def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return discrete(_ou_refuser(vue, request, *args, **kwargs))

    return gardee


def discrete_avec_formulaire(vue: Vue) -> Vue:
    """Decorator, written first: the same headers for a link that asks its holder to sign in, which has its own
    refusals."""

    @wraps(vue)
    def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reponse = vue(request, *args, **kwargs)
        reponse.headers["Referrer-Policy"] = AVEC_FORMULAIRE
        return discrete(reponse)

    return gardee


def discrete(reponse: HttpResponseBase) -> HttpResponseBase:
    reponse.headers["Cache-Control"] = "private, no-store"
    reponse.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    reponse.headers.setdefault("Referrer-Policy", "no-referrer")
    return reponse


def inconnu(request: HttpRequest) -> HttpResponse:
    """The one answer to a link that opens nothing: never made, mistyped, revoked, expired, or of no more use."""
    return render(request, "candidatures/liens/inconnu.html", status=404)


def _ou_refuser(vue: Vue, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    try:
        reponse = vue(request, *args, **kwargs)
    except RegleEnfreinte as refus:
        return render(request, "candidatures/liens/refus.html", {"message": refus.message}, status=refus.statut)
    if reponse.status_code != 404 or demande_admise(request, d_une_adresse=D_UNE_ADRESSE, d_un_connu=D_UN_CONNU):
        return reponse
    attente = render(request, "candidatures/liens/plus_tard.html", status=429)
    attente["Retry-After"] = str(D_UNE_ADRESSE.duree)
    return attente
