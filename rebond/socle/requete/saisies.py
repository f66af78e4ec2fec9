"""What was typed is not lost when its author was signed out in the meantime."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render, resolve_url
from django.views.csrf import csrf_failure

from rebond.socle.requete.champs_de_page import CLE_D_ENVOI, PROPRES_A_LA_PAGE, ecrite_pour

CLE = "saisie_en_attente"
TAILLE_MAX = 500_000
#: What the name of a field that holds a password contains.
MOT_DE_PASSE = "password"
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
    vue = request.resolver_match.func if request.resolver_match else None
    phrase: str = getattr(vue, "si_deconnecte", SANS_SUITE)
    return phrase


def demande_la_connexion(request: HttpRequest, reponse: HttpResponseBase) -> bool:
    """Whether a view sends its visitor to the page where one signs in, to come back afterwards.

    What a script of the page sends by itself takes the place of nothing that its visitor sent.
    """
    if request.user.is_authenticated or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return False
    return reponse.headers.get("Location", "").startswith(f"{resolve_url(settings.LOGIN_URL)}?")


def refuser_faute_de_session(request: HttpRequest) -> str:
    """Put aside what this visitor sent, for when they have signed in; return what to tell them.

    Signing in keeps the session of an anonymous visitor. Files are not kept, nor is any password.
    """
    phrase = phrase_de(request)
    donnees = request.POST.urlencode()
    if not _se_garde(request) or len(donnees) > TAILLE_MAX:
        return f"Vous n’étiez plus connecté. {phrase} Connectez-vous, puis recommencez."
    request.session[CLE] = {"chemin": request.path, "donnees": donnees}
    return f"Vous n’étiez plus connecté. {phrase} {GARDEE}"


def _se_garde(request: HttpRequest) -> bool:
    return not request.FILES and not any(MOT_DE_PASSE in nom for nom in request.POST)


def saisie_gardee(request: HttpRequest) -> QueryDict | None:
    """What the visitor had sent to this very page before signing in again; None when there is nothing.

    None as well for whoever is not the one who wrote it: two people sign in one after the other on a shared machine.
    """
    gardee = request.session.get(CLE)
    if not gardee or gardee["chemin"] != request.path:
        return None
    donnees = QueryDict(gardee["donnees"], mutable=True)
    if CLE_D_ENVOI in donnees and not _est_de(donnees, request):
        return None
    return _sans_la_page(donnees)


def signee_de_son_auteur(request: HttpRequest) -> bool:
    """Whether what waits for this address is surely this person's: a page that cannot be opened vouches for nobody."""
    gardee = request.session.get(CLE)
    return gardee is not None and _est_de(QueryDict(gardee["donnees"]), request)


def _est_de(donnees: QueryDict, request: HttpRequest) -> bool:
    return ecrite_pour(donnees.get(CLE_D_ENVOI, ""), request.user.pk)


def _sans_la_page(donnees: QueryDict) -> QueryDict:
    for nom in PROPRES_A_LA_PAGE:
        donnees.pop(nom, None)
    return donnees


def proposer(request: HttpRequest, donnees: QueryDict, *, perime: bool = False) -> HttpResponse:
    """The page that sends `donnees` again, on a click; `perime`: it was refused for the age of its form."""
    champs = [(nom, valeur) for nom, valeurs in donnees.lists() for valeur in valeurs]
    contexte = {"champs": champs, "abandon": ABANDON, "phrase": phrase_de(request), "perime": perime}
    return render(request, "erreurs/envoi_en_attente.html", contexte, status=403 if perime else 200)


def formulaire_perime(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Django's answer to a form without the right token. That of somebody who has signed in since, in another tab, is
    offered to be sent again: only their own pages carry a key that is signed for them.
    """
    if request.user.is_authenticated and _se_garde(request) and _est_de(request.POST, request):
        return proposer(request, _sans_la_page(request.POST.copy()), perime=True)
    return csrf_failure(request, reason)


def oublier_la_saisie(request: HttpRequest) -> None:
    """To be called once what was typed is saved."""
    gardee = request.session.get(CLE)
    if gardee and gardee["chemin"] == request.path:
        del request.session[CLE]
