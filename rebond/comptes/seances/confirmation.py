"""Proving again who one is, by an e-mailed code: for whoever has neither password nor second factor.

allauth asks such a person nothing before their account changes: an open session would be enough to take it.
"""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows, resume_request
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rebond.comptes.connexion import FormulaireCompte
from rebond.comptes.limites import lettre_admise
from rebond.comptes.seances.middleware import OUVERTE
from rebond.socle.formulaires.vues import personne
from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.requete.acces import noter
from rebond.socle.requete.envois import une_seule_fois

CLE = "confirmation"
ESSAIS = 3


class CodeForm(FormulaireCompte, forms.Form):
    code = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))


def a_confirmer(request: HttpRequest) -> bool:
    """Whether this person could prove nothing else, and has neither come in nor proven anything for a while."""
    if not request.user.is_authenticated or get_reauthentication_flows(request.user):
        return False
    prouve = [faite["at"] for faite in get_authentication_records(request, request.user)]
    dernier: float = max([*prouve, request.session.get(OUVERTE, 0.0)])
    return bool(time.time() - dernier >= app_settings.REAUTHENTICATION_TIMEOUT)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def confirmer(request: HttpRequest) -> HttpResponse:
    verifie = request.POST.get("action") == "verifier"
    formulaire = CodeForm(request.POST if verifie else None)
    if request.POST.get("action") == "envoyer" and not _envoyer(request):
        return render(request, "429.html", status=429)
    if verifie and formulaire.is_valid():
        if _juste(request, formulaire.cleaned_data["code"]):
            record_authentication(request, request.user, method="code", reauthenticated=True)
            suite: HttpResponse = resume_request(request) or redirect("account_email")
            return suite
        noter(request, NatureAcces.ECHEC, objet="Code refusé")
        formulaire.add_error("code", "Ce code n’est pas, ou n’est plus, celui que nous avons envoyé.")
    contexte = {"formulaire": formulaire, "adresse": personne(request).email, "envoye": _en_attente(request)}
    return render(request, "seances/confirmer.html", contexte)


def _en_attente(request: HttpRequest) -> dict[str, Any] | None:
    attente: dict[str, Any] | None = request.session.get(CLE)
    if attente is None or attente["personne"] != request.user.pk or attente["jusqu_a"] < time.time():
        return None
    return attente


def _envoyer(request: HttpRequest) -> bool:
    """Send a code to the person's own address; false when too many were asked for."""
    adresse = personne(request).email
    if not lettre_admise(request, adresse):
        return False
    code = get_adapter(request).generate_login_code()
    jusqu_a = time.time() + settings.DUREE_DES_CODES
    request.session[CLE] = {"personne": request.user.pk, "code": code, "essais": 0, "jusqu_a": jusqu_a}
    get_adapter(request).send_mail("account/email/login_code", adresse, {"request": request, "code": code})
    return True


def _juste(request: HttpRequest, code: str) -> bool:
    """After three wrong ones, none is right any more."""
    attente = _en_attente(request)
    if attente is None:
        return False
    juste = bool(compare_user_code(actual=code, expected=attente["code"]))
    if juste or attente["essais"] + 1 >= ESSAIS:
        del request.session[CLE]
    else:
        request.session[CLE] = {**attente, "essais": attente["essais"] + 1}
    return juste
