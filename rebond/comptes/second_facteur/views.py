"""What protects one's account; codes kept for later, whose page of allauth writes as it is read: ours may not."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rebond.comptes.second_facteur.middleware import SUITE
from rebond.socle.documents.noms_de_fichiers import disposition

FICHIER = "codes-de-secours-rebond.txt"


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """What protects one's account, and what could."""
    facteurs = Authenticator.objects.filter(user_id=request.user.pk).order_by("pk")
    par_type: dict[str, list[Authenticator]] = {genre: [] for genre in Authenticator.Type.values}
    for facteur in facteurs:
        par_type[facteur.type].append(facteur)
    return render(request, "mfa/index.html", {**par_type, "protege": par_type["totp"] or par_type["webauthn"]})


@require_safe
@never_cache
@login_required
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def codes(request: HttpRequest) -> HttpResponse:
    contexte = {"codes": _codes(request), "suite": request.session.get(SUITE, "")}
    return render(request, "mfa/recovery_codes/index.html", contexte)


@require_safe
@never_cache
@login_required
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def telecharger(request: HttpRequest) -> HttpResponse:
    reponse = render(request, "mfa/recovery_codes/download.txt", {"codes": _codes(request)}, content_type="text/plain")
    reponse["Content-Disposition"] = disposition(FICHIER)
    return reponse


def _codes(request: HttpRequest) -> list[str]:
    """Those that have not served yet; 404 for whoever has none."""
    facteur = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    if facteur is None:
        raise Http404
    restants: list[str] = facteur.wrap().get_unused_codes()
    return restants
