"""The portal's own pages; what they show comes from the apps below."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def accueil(request: HttpRequest) -> HttpResponse:
    return render(request, "portail/accueil.html")


@login_required
def tableau_de_bord(request: HttpRequest) -> HttpResponse:
    return render(request, "portail/tableau_de_bord.html")


def plan_du_site(request: HttpRequest) -> HttpResponse:
    """The visitor's own menu, then the pages open to everyone."""
    return render(request, "portail/plan_du_site.html")
