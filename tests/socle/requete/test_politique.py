"""The policy that is written once is the one that django-csp writes."""

from collections.abc import Callable

import pytest
from csp.decorators import csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from rebond.socle.requete.politique import PolitiqueMiddleware


def ordinaire(_: HttpRequest) -> HttpResponse:
    return HttpResponse("oui")


@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def a_cadre(_: HttpRequest) -> HttpResponse:
    return HttpResponse("oui")


def a_nonce(request: HttpRequest) -> HttpResponse:
    request._csp_nonce = "abc"  # type: ignore[attr-defined]
    return HttpResponse(str(request.csp_nonce))  # type: ignore[attr-defined]


def qui_a_la_sienne(_: HttpRequest) -> HttpResponse:
    return HttpResponse("oui", headers={"Content-Security-Policy": "sandbox"})


def entetes(middleware: type, vue: Callable[[HttpRequest], HttpResponse]) -> list[dict[str, str]]:
    """Of two requests in a row."""
    couche = middleware(vue)
    lus = [couche(RequestFactory().get("/")).headers for _ in range(2)]
    # django-csp writes its directives in the order of a set.
    return [
        {**un, "Content-Security-Policy": sorted(un["Content-Security-Policy"].split("; "))}  # type: ignore[dict-item]
        for un in lus
    ]


@pytest.mark.parametrize("vue", [ordinaire, a_cadre, a_nonce, qui_a_la_sienne])
def test_la_politique_est_celle_de_django_csp(vue: Callable[[HttpRequest], HttpResponse]) -> None:
    assert entetes(PolitiqueMiddleware, vue) == entetes(CSPMiddleware, vue)


@pytest.mark.parametrize("vue", [ordinaire, a_cadre, qui_a_la_sienne])
def test_elle_n_est_pas_reecrite_en_essai_a_blanc(vue: Callable[[HttpRequest], HttpResponse], settings) -> None:  # type: ignore[no-untyped-def]
    settings.CONTENT_SECURITY_POLICY_REPORT_ONLY = {"DIRECTIVES": {"default-src": ["'none'"]}}
    assert "Content-Security-Policy-Report-Only" in PolitiqueMiddleware(vue)(RequestFactory().get("/")).headers
