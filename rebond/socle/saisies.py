"""What was typed is not lost when its author was signed out in the meantime."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import resolve_url

from rebond.socle.champs_de_page import PROPRES_A_LA_PAGE

CLE = "saisie_en_attente"
TAILLE_MAX = 500_000
#: Names the request that gives up what was waiting: « /page/?oublier ».
ABANDON = "oublier"
SANS_SUITE = "Ce que vous aviez envoyé n’est pas enregistré."
GARDEE = "Ce que vous aviez tapé est gardé, et vous sera proposé dès que vous serez connecté."

Vue = Callable[..., HttpResponseBase]


def si_deconnecte(phrase: str) -> Callable[[Vue], Vue]:
    """Decorator: what has not been done, in a sentence, when this view is asked by someone whose session expired."""

    def decorer(vue: Vue) -> Vue:
        vue.si_deconnecte = phrase  # type: ignore[attr-defined]
        return vue

    return decorer


def reprend_la_saisie(vue: Vue) -> Vue:
    """Decorator: this page shows in its own form what its author had typed (`saisie_gardee`)."""

    @wraps(vue)
    def suite(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return vue(request, *args, **kwargs)
        return redirect_to_login(request.get_full_path())

    suite.reprend_la_saisie = True  # type: ignore[attr-defined]
    return suite


def la_reprend(request: HttpRequest) -> bool:
    """Whether the page that `request` asks for shows by itself what was put aside."""
    return getattr(getattr(request, "vue", None), "reprend_la_saisie", False)


def phrase_de(request: HttpRequest) -> str:
    """What has not been done, for want of a session."""
    phrase: str = getattr(getattr(request, "vue", None), "si_deconnecte", SANS_SUITE)
    return phrase


def demande_la_connexion(reponse: HttpResponseBase) -> bool:
    """Whether a view sends its visitor to the page where one signs in, to come back afterwards."""
    return reponse.headers.get("Location", "").startswith(f"{resolve_url(settings.LOGIN_URL)}?")


def refuser_faute_de_session(request: HttpRequest) -> str:
    """Put aside what this visitor sent, for when they have signed in; return what to tell them.

    Signing in keeps the session of an anonymous visitor. Files are not kept.
    """
    phrase = phrase_de(request)
    donnees = request.POST.urlencode()
    if request.FILES or len(donnees) > TAILLE_MAX:
        return f"Vous n’étiez plus connecté. {phrase} Connectez-vous, puis recommencez."
    request.session[CLE] = {"chemin": request.path, "donnees": donnees}
    return f"Vous n’étiez plus connecté. {phrase} {GARDEE}"


def saisie_gardee(request: HttpRequest) -> QueryDict | None:
    """What the visitor had sent to this page, or to an act that leads to it, before signing in again; else None."""
    gardee = _gardee_ici(request)
    if gardee is None:
        return None
    donnees = QueryDict(gardee["donnees"], mutable=True)
    for nom in PROPRES_A_LA_PAGE:
        donnees.pop(nom, None)
    return donnees


def destination(request: HttpRequest) -> str:
    """Where what `saisie_gardee` gives was sent."""
    gardee = _gardee_ici(request)
    return gardee["chemin"] if gardee else request.path


def proposer_plus_haut(request: HttpRequest, page: str) -> None:
    """The address that received what was put aside only receives: `page`, above it, will propose it."""
    gardee = request.session.get(CLE)
    if gardee and gardee["chemin"] == request.path:
        request.session[CLE] = gardee | {"page": page}


def oublier_la_saisie(request: HttpRequest) -> None:
    """To be called once what was typed is saved."""
    if _gardee_ici(request):
        del request.session[CLE]


def _gardee_ici(request: HttpRequest) -> dict[str, str] | None:
    gardee: dict[str, str] | None = request.session.get(CLE)
    return gardee if gardee and request.path in {gardee["chemin"], gardee.get("page")} else None
