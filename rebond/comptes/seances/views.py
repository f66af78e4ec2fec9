"""« Mes sessions »: where one is signed in, and how to be no longer."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rebond.comptes.seances import actions
from rebond.comptes.seances.requetes import seances_de
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.typographie import compte


@require_safe
@never_cache
@login_required
def liste(request: HttpRequest) -> HttpResponse:
    seances = seances_de(personne(request), courante=request.session.session_key, maintenant=horloge_base())
    return render(request, "seances/liste.html", {"seances": seances})


@require_POST
@login_required
@une_seule_fois
def fermer(request: HttpRequest, pk: int) -> HttpResponse:
    moi = personne(request)
    session = get_object_or_404(UserSession, pk=pk, user=moi)
    actions.fermer(sessions=[session], utilisateur=moi, acteur=moi)
    messages.success(request, "La session est fermée.")
    return redirect("seances")


@require_POST
@login_required
@une_seule_fois
def fermer_les_autres(request: HttpRequest) -> HttpResponse:
    moi = personne(request)
    nombre = actions.fermer_toutes(utilisateur=moi, acteur=moi, sauf=request.session.session_key or "")
    fermees = f"{compte(nombre, 'autre session fermée', 'autres sessions fermées')}."
    messages.success(request, fermees if nombre else "Aucune autre session n’était ouverte.")
    return redirect("seances")


@require_POST
@login_required
def fermer_toutes(request: HttpRequest) -> HttpResponse:
    """Everywhere, here included: for whoever doubts."""
    moi = personne(request)
    actions.fermer_toutes(utilisateur=moi, acteur=moi)
    logout(request)
    messages.success(request, "Vous êtes déconnecté partout.")
    return redirect("account_login")
