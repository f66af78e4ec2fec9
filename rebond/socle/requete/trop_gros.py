"""A form too big is answered with a page (413) that says so, on a connection that is not cut.

Answering before the whole request has been read makes the browser say that the portal is out of reach: what is too
much is read and thrown away, up to a point.
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict

from rebond.socle.texte.nombres import entier_de_machine
from rebond.socle.texte.typographie import nombre

Suite = Callable[[HttpRequest], HttpResponse]

FICHIERS = "multipart/form-data"
FORMULAIRES = frozenset({"application/x-www-form-urlencoded", FICHIERS})
MO = 1024 * 1024
#: What a form with a file weighs besides the file.
AUTOUR_DU_FICHIER = 10 * MO
#: No more is read of what is refused, nor for longer: beyond, the connection is cut after all.
JETE_AU_PLUS = 64 * MO
PENDANT_AU_PLUS = 20.0
MORCEAU = 64 * 1024
LONGUEUR_MAX = 10**15
DECONNECTE = (
    "Vous n’étiez plus connecté\u00a0: votre fichier n’a pas été reçu. Connectez-vous, puis envoyez-le de nouveau."
)


def champs_au_plus(nombre: int) -> Callable[[Any], Any]:
    """Decorator, above all others: this page's form has up to so many fields, more than Django takes from any page. It
    is sent as text: what comes with files is counted while it is read, once."""

    def decorer(vue: Any) -> Any:
        vue.champs_au_plus = nombre
        return vue

    return decorer


class TropGrosMiddleware:
    """Reads the forms, so that what they are too big for is known before anything is done with them."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.content_type not in FORMULAIRES:
            return self.get_response(request)
        longueur = entier_de_machine(request.META.get("CONTENT_LENGTH") or "0", maximum=LONGUEUR_MAX)
        if longueur is None or longueur > _permis(request):
            return refuser(request, longueur, _permis(request))
        try:
            _lire(request)
        except TooManyFieldsSent:
            return refuser(request, longueur, settings.DATA_UPLOAD_MAX_MEMORY_SIZE, champs=_champs_permis(request))
        except (RequestDataTooBig, TooManyFilesSent):
            return refuser(request, longueur, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        except UnreadablePostError:
            # The connection was lost in the middle: nobody reads this answer.
            return HttpResponse(status=400)
        return self.get_response(request)


def _lire(request: HttpRequest) -> None:
    try:
        _ = request.POST
    except TooManyFieldsSent:
        permis = _champs_permis(request)
        if request.content_type == FICHIERS:
            raise
        request.POST = _champs(request.body, permis)  # type: ignore[assignment]
        # Or Django reads the whole again, by its own count, for whoever asks for files.
        request._files = MultiValueDict()  # type: ignore[attr-defined]  # noqa: SLF001


def _champs_permis(request: HttpRequest) -> int:
    """Of the page that `request` asks for."""
    de_tous: int = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    try:
        permis: int = getattr(resolve(request.path_info).func, "champs_au_plus", de_tous)
    except Resolver404:
        return de_tous
    return permis


def _champs(corps: bytes, permis: int) -> QueryDict:
    """As Django reads them, up to `permis`. Raises `TooManyFieldsSent` beyond."""
    try:
        lus = parse_qsl(corps.decode(errors="replace"), keep_blank_values=True, max_num_fields=permis)
    except ValueError as trop:
        raise TooManyFieldsSent from trop
    champs = QueryDict(mutable=True)
    for nom, valeur in lus:
        champs.appendlist(nom, valeur)
    champs._mutable = False  # noqa: SLF001 (Django has no other word for it)
    return champs


def _permis(request: HttpRequest) -> int:
    """Bytes that a whole form may weigh. Whoever is not signed in sends no file: none is kept on disk for them."""
    if request.content_type == FICHIERS and request.user.is_authenticated:
        fichier: int = settings.PIECE_TAILLE_MAX
        return fichier + AUTOUR_DU_FICHIER
    texte: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return texte


def refuser(request: HttpRequest, longueur: int | None, permise: int, *, champs: int = 0) -> HttpResponse:
    """`champs`: how many this page takes, when there are more."""
    entier = _jeter(request)
    if request.content_type == FICHIERS and not request.user.is_authenticated:
        messages.error(request, DECONNECTE)
        reponse: HttpResponse = redirect_to_login(request.path)
    else:
        contexte = {"envoye": _en_mo(longueur or 0, arrondi=1), "permis": _en_mo(permise, arrondi=0)}
        contexte["champs"] = nombre(champs) if champs else ""
        reponse = render(request, "erreurs/trop_gros.html", contexte, status=413)
    if not entier:
        reponse["Connection"] = "close"
    return reponse


def _jeter(request: HttpRequest) -> bool:
    """Read what remains of the request; False when there was too much of it."""
    jetes, fin = 0, time.monotonic() + PENDANT_AU_PLUS
    while jetes < JETE_AU_PLUS and time.monotonic() < fin:
        try:
            morceau = request.read(MORCEAU)
        except (UnreadablePostError, OSError):
            return False
        if not morceau:
            return True
        jetes += len(morceau)
    return False


def _en_mo(octets: int, *, arrondi: int) -> str:
    """Upwards for what was sent, downwards for what may be: the first is always shown above the second."""
    return nombre((octets + arrondi * (MO - 1)) // MO)
