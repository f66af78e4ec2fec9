"""Leaving for ProConnect, coming back from it, and linking it to an account that was already there."""

from typing import Any

from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rebond.comptes.proconnect import liaison
from rebond.comptes.proconnect.forms import CodeDeLiaisonForm
from rebond.comptes.proconnect.provider import AdaptateurOidc
from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.requete.acces import noter

IDENTIFIANT = "proconnect"


class RetourView(OAuth2CallbackView):
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        etat, refus = super()._get_state(request, provider)
        request.nonce_attendu = etat.get("nonce", "") if etat else ""  # type: ignore[attr-defined]
        return etat, refus


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def connexion(request: HttpRequest) -> HttpResponse:
    _exiger_proconnect()
    reponse: HttpResponse = OAuth2LoginView.adapter_view(AdaptateurOidc(request, IDENTIFIANT))(request)
    return reponse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def retour(request: HttpRequest) -> HttpResponse:
    """ProConnect sends the browser back by a GET, which writes nothing here: the page sends itself on, by a POST."""
    _exiger_proconnect()
    if request.method != "POST":
        return render(request, "proconnect/retour.html", {"ici": request.get_full_path()})
    reponse: HttpResponse = RetourView.adapter_view(AdaptateurOidc(request, IDENTIFIANT))(request)
    return reponse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lier(request: HttpRequest) -> HttpResponse:
    """The account that has this address was there before: a code sent to it shows that it is the same person's."""
    attente = liaison.en_attente(request)
    if attente is None:
        messages.error(request, "Votre retour de ProConnect a expiré. Recommencez.")
        return redirect("account_login")
    formulaire = CodeDeLiaisonForm(request.POST if request.POST.get("action") == "verifier" else None)
    if request.POST.get("action") == "envoyer" and not liaison.envoyer_un_code(request, attente):
        return render(request, "429.html", status=429)
    if formulaire.is_bound and formulaire.is_valid():
        login = liaison.confirmer(request, attente, formulaire.cleaned_data["code"])
        if login is not None:
            suite: HttpResponse = complete_social_login(request, login)
            return suite
        noter(request, NatureAcces.ECHEC, tape=attente["adresse"], objet="ProConnect : code refusé")
        formulaire.add_error("code", "Ce code n’est pas celui que nous avons envoyé.")
    return render(request, "proconnect/lier.html", _contexte(request, formulaire, attente["adresse"]))


def _contexte(request: HttpRequest, formulaire: CodeDeLiaisonForm, adresse: str) -> dict[str, Any]:
    reste = liaison.en_attente(request)
    return {"formulaire": formulaire, "adresse": adresse, "reste": reste, "envoye": bool(reste and reste["code"])}


def _exiger_proconnect() -> None:
    if not settings.PROCONNECT_ADRESSE:
        raise Http404
