"""The shape of a page with one form and one act behind it."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.models import Utilisateur


def personne(request: HttpRequest) -> Utilisateur:
    """Whoever is signed in; the decorators of the views let nobody else through."""
    if not isinstance(request.user, Utilisateur):
        raise Http404
    return request.user


def conduire(
    request: HttpRequest,
    formulaire: forms.BaseForm,
    agir: Callable[[], Any],
    *,
    gabarit: str,
    contexte: Mapping[str, Any],
    succes: str,
    vers: str,
) -> HttpResponse:
    """Show the form; once it is sent and valid call `agir` and go to the address `vers`, saying `succes`.

    The rules that refuse are shown above what was typed, which is kept, with status 409.
    """
    statut = 200
    if request.method == "POST" and formulaire.is_valid():
        try:
            agir()
        except RegleEnfreinte as erreur:
            formulaire.add_error(None, list(erreur.messages))
            statut = 409
        else:
            messages.success(request, succes)
            return redirect(vers)
    return render(request, gabarit, {**contexte, "formulaire": formulaire}, status=statut)
