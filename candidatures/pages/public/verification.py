"""Whether a receipt is one of ours: public, and silent on everything else."""

import logging
from hmac import compare_digest

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from candidatures.depot.forms.verification import VerificationForm
from candidatures.depot.models import Depot

journal = logging.getLogger(__name__)

# So many checks an address in so many seconds; beyond, nobody copies receipts by hand.
ESSAIS_MAX = 30
FENETRE = 60
# What an unknown number is compared with: no hash has this form.
AUCUNE = "-" * 64


@never_cache
@require_safe
def verifier(request: HttpRequest, numero: str = "") -> HttpResponse:
    """Say whether number and hash are those of one deposit: the same answer for an unknown number and a wrong hash."""
    if not request.GET:
        formulaire = VerificationForm(initial={"numero": numero})
        return render(request, "candidatures/public/verifier.html", {"formulaire": formulaire, "issue": ""})
    if _trop_d_essais(request):
        reponse = render(request, "candidatures/public/verifier_plus_tard.html", status=429)
        reponse["Retry-After"] = str(FENETRE)
        return reponse
    formulaire = VerificationForm(request.GET)
    issue = ""
    if formulaire.is_valid():
        issue = "conforme" if est_conforme(**formulaire.cleaned_data) else "inconnu"
    return render(request, "candidatures/public/verifier.html", {"formulaire": formulaire, "issue": issue})


def est_conforme(*, numero: str, empreinte: str) -> bool:
    connue = Depot.objects.filter(numero=numero).values_list("empreinte", flat=True).first()
    return compare_digest(connue or AUCUNE, empreinte)


def _trop_d_essais(request: HttpRequest) -> bool:
    """Counts this one. Without a cache nothing is counted, and the page still answers."""
    cle = f"verifier:{get_adapter().get_client_ip(request)}"
    try:
        cache.add(cle, 0, FENETRE)
        return int(cache.incr(cle)) > ESSAIS_MAX
    except ValueError:
        # It expired between both.
        return False
    except (RedisError, OSError) as panne:
        journal.warning("Cache injoignable, vérifications non comptées : %s", panne)
        return False
