"""Whether a receipt is one of ours: public, and silent on everything else."""

from hmac import compare_digest

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candidatures.depot.forms.verification import VerificationForm
from candidatures.depot.models import Depot
from rebond.comptes.limites import demande_admise
from rebond.socle.requete.compteurs import Limite

# Beyond, nobody copies receipts by hand.
ESSAIS_D_UNE_ADRESSE = Limite("verifier-adresse", 30, 60)
ESSAIS_D_UN_CONNU = Limite("verifier-connu", 30, 60)
# What an unknown number is compared with: no hash has this form.
AUCUNE = "-" * 64


@never_cache
@require_safe
def verifier(request: HttpRequest, numero: str = "") -> HttpResponse:
    """Say whether number and hash are those of one deposit: the same answer for an unknown number and a wrong hash."""
    if not request.GET:
        formulaire = VerificationForm(initial={"numero": numero})
        return render(request, "candidatures/public/verifier.html", {"formulaire": formulaire, "conforme": None})
    if not demande_admise(request, d_une_adresse=ESSAIS_D_UNE_ADRESSE, d_un_connu=ESSAIS_D_UN_CONNU):
        reponse = render(request, "candidatures/public/verifier_plus_tard.html", status=429)
        reponse["Retry-After"] = str(ESSAIS_D_UNE_ADRESSE.duree)
        return reponse
    formulaire = VerificationForm(request.GET)
    conforme = None
    if formulaire.is_valid():
        conforme = est_conforme(**formulaire.cleaned_data)
    return render(request, "candidatures/public/verifier.html", {"formulaire": formulaire, "conforme": conforme})


def est_conforme(*, numero: str, empreinte: str) -> bool:
    connue = Depot.objects.filter(numero=numero).values_list("empreinte", flat=True).first()
    return compare_digest(connue or AUCUNE, empreinte)
