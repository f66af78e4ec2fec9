"""The shape of a page with one form and one act behind it."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.formulaires.relecture import RelectureForm, avec_relus, champs_a_porter
from rebond.socle.texte.polices import avertissement
from rebond.socle.utilisateur import Utilisateur


def personne(request: HttpRequest) -> Utilisateur:
    """Whoever is signed in; the decorators of the views let nobody else through."""
    if not isinstance(request.user, Utilisateur):
        raise Http404
    return request.user


def avertir(request: HttpRequest, formulaire: forms.BaseForm) -> None:
    """Say which characters of what was just kept no document can print."""
    if dit := avertissement(valeur for valeur in formulaire.cleaned_data.values() if isinstance(valeur, str)):
        messages.warning(request, dit)


def exiger(request: HttpRequest, refus: str | None, *, mene_a: tuple[str, str] | None = None) -> None:
    """A form that could only be refused is not shown; the act answers one that is sent, above what was typed.

    `mene_a`: words and the address of what stands in the way."""
    if refus is not None and request.method != "POST":
        raise RegleEnfreinte(refus, mene_a=mene_a)


def conduire(
    request: HttpRequest,
    formulaire: FormulaireDsfr,
    agir: Callable[[], Any],
    *,
    gabarit: str,
    contexte: Mapping[str, Any],
    succes: str,
    vers: str,
) -> HttpResponse:
    """Show the form; once it is sent and valid call `agir` and go to the address `vers`, saying `succes`.

    What the form reads back (`relecture`) is shown, and confirmed, before anything is kept. The rules that refuse are
    shown above what was typed, which is kept, with status 409.
    """
    statut = 200
    relecture = RelectureForm(request.POST)
    propres: dict[str, Any] = {"formulaire": formulaire}
    if request.method == "POST" and formulaire.is_valid() and not relecture.revient:
        a_relire = formulaire.relecture
        try:
            if a_relire is None or relecture.confirme(a_relire):
                agir()
                messages.success(request, avec_relus(succes, formulaire.relus))
                avertir(request, formulaire)
                return redirect(vers)
            _essayer(agir)
            propres |= {
                "relecture": a_relire,
                "relecture_changee": relecture.a_change_depuis(a_relire),
                "saisie": champs_a_porter(request.POST),
            }
        except RegleEnfreinte as erreur:
            formulaire.add_error(None, list(erreur.messages))
            statut = 409
    return render(request, gabarit, {**contexte, **propres}, status=statut)


def _essayer(agir: Callable[[], Any]) -> None:
    """The act, then back as if nothing had been done: nobody is asked to confirm what would be refused."""
    with transaction.atomic():
        agir()
        transaction.set_rollback(True)


def envoi(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the data of a POST, even empty; nothing when the page is only shown."""
    return request.POST if request.method == "POST" else None
