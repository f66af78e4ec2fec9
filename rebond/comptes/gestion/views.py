"""Closing one's own account; for administrateurs, the accounts of others."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from rebond.comptes.gestion import actions, regles
from rebond.comptes.gestion.forms import FermetureForm, MotifForm
from rebond.comptes.gestion.listes import ListeDesComptes
from rebond.comptes.habilitations import role_requis
from rebond.socle.courriers.retours.requetes import injoignables
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

ACTES: dict[str, tuple[Callable[..., None], str, str]] = {
    "desactiver": (actions.desactiver, "Désactiver le compte", "Le compte est désactivé."),
    "reactiver": (actions.reactiver, "Rouvrir le compte", "Le compte est rouvert."),
    "seconds-facteurs": (
        actions.reinitialiser_les_facteurs,
        "Retirer les seconds facteurs",
        "Les seconds facteurs sont retirés. La personne en choisira un autre à sa prochaine connexion.",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required(app="allauth.account")  # type: ignore[untyped-decorator]
def fermer(request: HttpRequest) -> HttpResponse:
    """Not `une_seule_fois`: the session that would carry the answer ends with the account."""
    moi, refus = personne(request), regles.empechement_de_fermer_le_sien(personne(request))
    formulaire = FermetureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            actions.fermer_le_sien(utilisateur=moi, maintenant=horloge_base())
        except RegleEnfreinte as empechement:
            refus = empechement.message
        else:
            logout(request)
            messages.success(request, "Votre compte est fermé.")
            return redirect("accueil")
    contexte = {"formulaire": formulaire, "refus": refus}
    return render(request, "gestion/fermer.html", contexte, status=409 if refus and formulaire.is_bound else 200)


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def comptes(request: HttpRequest) -> HttpResponse:
    return render(request, "gestion/comptes.html", ListeDesComptes(Utilisateur.objects.all(), request.GET).contexte)


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def compte(request: HttpRequest, pk: int) -> HttpResponse:
    autre = get_object_or_404(Utilisateur, pk=pk)
    moi, facteurs = personne(request), Authenticator.objects.filter(user=autre).count()
    contexte = {
        "compte": autre,
        "facteurs": facteurs,
        "retour": injoignables([autre.email], horloge_base()).get(autre.email.lower()),
        "desactivable": regles.empechement_de_desactiver(autre, moi) is None,
        "reactivable": regles.empechement_de_reactiver(autre) is None,
        "reinitialisable": regles.empechement_de_reinitialiser(autre, moi, facteurs) is None,
    }
    return render(request, "gestion/compte.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def agir(request: HttpRequest, pk: int, acte: str) -> HttpResponse:
    autre = get_object_or_404(Utilisateur, pk=pk)
    if acte not in ACTES:
        raise Http404
    action, titre, succes = ACTES[acte]
    formulaire = MotifForm(request.POST if request.method == "POST" else None)

    def faire() -> None:
        action(
            utilisateur=autre,
            acteur=personne(request),
            motif=formulaire.cleaned_data["motif"],
            maintenant=horloge_base(),
        )

    return conduire(
        request,
        formulaire,
        faire,
        gabarit="gestion/acte.html",
        contexte={"compte": autre, "titre": titre},
        succes=succes,
        vers=reverse("administration:compte", args=[pk]),
    )
