"""What every request goes through."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rebond.socle.chemins import page_parente
from rebond.socle.erreurs import EcritureEnLecture, RegleEnfreinte
from rebond.socle.horloges import observer_le_mandataire

Suite = Callable[[HttpRequest], HttpResponse]

ECRITURE = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE|TRUNCATE)\b", re.IGNORECASE)
# Sessions are the visitor's own thread: signing in step by step stores where they are.
HORS_REGLE = re.compile(r'"django_session"')


def _refuser_ecriture(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if ECRITURE.match(sql) and not HORS_REGLE.search(sql):
        raise EcritureEnLecture(sql)
    return execute(sql, params, many, context)


class HorlogeDuMandataireMiddleware:
    """Every request tells how far the reverse proxy's clock is: a deposit is not judged on the first one seen."""

    def __init__(self, get_response: Suite) -> None:
        if not settings.MANDATAIRE_DE_CONFIANCE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        observer_le_mandataire(request)
        return self.get_response(request)


class LectureSeuleMiddleware:
    """A GET or a HEAD never writes: prefetchers, crawlers and previews would act in people's names."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with connection.execute_wrapper(_refuser_ecriture):
            return self.get_response(request)


class RegleEnfreinteMiddleware:
    """A broken rule that a view let out is a conflict (409) told in French, never a server error."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RegleEnfreinte):
            return None
        contexte = {"message": exception.message, "retour": page_parente(request.path)}
        return render(request, "erreurs/regle.html", contexte, status=409)
