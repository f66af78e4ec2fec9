"""How much one person may ask in a while of what is dear: searches, tables, documents made at once, files sent.

Somebody signed in is counted by account, since a whole town hall has one address; a visitor by address. Numbers are
far above what anyone does by hand: they bound programs. They hold without Valkey (`rebond.socle.requete.cache`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from rebond.socle.requete.compteurs import Limite, admis
from rebond.socle.requete.visiteur import origine

Suite = Callable[[HttpRequest], HttpResponse]
Vue = Callable[..., HttpResponseBase]

#: Pages asked with words, filters, an order: each is a query of its own.
RECHERCHES = Limite("recherches", 300, 60)
#: The same for everyone behind one address who is not signed in.
RECHERCHES_D_UNE_ADRESSE = Limite("recherches-adresse", 600, 60)
#: Tables of any length, written as they are read.
EXPORTS = Limite("exports", 40, 600)
#: Documents that are laid out while one waits.
DOCUMENTS = Limite("documents", 40, 600)
#: Files, each counted once whatever its size; bytes have their own quota.
FICHIERS = Limite("fichiers", 300, 3600)

PHRASES = {
    RECHERCHES.nom: "Beaucoup de recherches sont parties de votre compte en peu de temps.",
    RECHERCHES_D_UNE_ADRESSE.nom: "Beaucoup de recherches sont venues de votre connexion en peu de temps.",
    EXPORTS.nom: "Vous avez téléchargé beaucoup de tableaux en peu de temps.",
    DOCUMENTS.nom: "Vous avez demandé beaucoup de documents en peu de temps.",
    FICHIERS.nom: "Vous avez envoyé beaucoup de fichiers en peu de temps. Celui-ci n’est pas joint.",
}


def limiter(limite: Limite, *methodes: str) -> Callable[[Vue], Vue]:
    """Decorator, written last: these methods (all when none is named) are counted, and refused beyond."""

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def limitee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if methodes and request.method not in methodes:
                return vue(request, *args, **kwargs)
            return depassement(request, limite) or vue(request, *args, **kwargs)

        return limitee

    return decorer


def depassement(request: HttpRequest, limite: Limite) -> HttpResponse | None:
    """Count this request; the page that refuses it (429), or None while the limit is not reached."""
    phrase = phrase_de_depassement(request, limite)
    if phrase is None:
        return None
    contexte = {"phrase": phrase, "minutes": -(-limite.duree // 60)}
    reponse = render(request, "erreurs/limite.html", contexte, status=429)
    reponse["Retry-After"] = str(limite.duree)
    return reponse


def phrase_de_depassement(request: HttpRequest, limite: Limite) -> str | None:
    """The same for what is no page: the sentence alone."""
    return None if admis(limite, _sujet(request)) else PHRASES[limite.nom]


class LimitesMiddleware:
    """What is dear whichever the page: a query string, and a file in a form."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _vue: Vue, _arguments: Any, _options: Any) -> HttpResponse | None:
        if request.method in {"GET", "HEAD"}:
            if not request.GET:
                return None
            connue = request.user.is_authenticated
            return depassement(request, RECHERCHES if connue else RECHERCHES_D_UNE_ADRESSE)
        if request.method == "POST" and request.content_type == "multipart/form-data" and request.FILES:
            return depassement(request, FICHIERS)
        return None


def _sujet(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"compte {request.user.pk}"
    return f"adresse {origine(request)}"
