"""« Commencer un dossier »: the one door to it, for visitors and for whoever is signed in."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from candidatures.dossier.forms.dossiers import RechercheEpciForm
from candidatures.vagues.models.vagues import Vague
from rebond.socle.horloge.temps import horloge_base
from territoires.models import Epci


@require_safe
def commencer(request: HttpRequest) -> HttpResponse:
    """To the page that opens a file, by a new account for a visitor, with the intercommunalité that was chosen.

    What was typed and names none for sure is asked about here, before any account; so is what lives in the place of
    one that no longer exists.
    """
    recherche = RechercheEpciForm(request.GET)
    designee = recherche.reponse.designee if recherche.reponse else None
    choisis = recherche.choisis or ([designee] if designee else [])
    if recherche.finies or (recherche.reponse and not choisis):
        vague = Vague.objects.ouvertes(horloge_base()).first()
        return render(request, "candidatures/public/commencer.html", {"recherche": recherche, "vague": vague})
    return redirect(_suite(request, choisis))


def _suite(request: HttpRequest, choisis: list[Epci]) -> str:
    ouvrir = reverse("candidatures:ouvrir")
    if choisis:
        ouvrir += "?" + urlencode([("epci", epci.siren) for epci in choisis])
    if request.user.is_authenticated:
        return ouvrir
    return f"{reverse('account_signup')}?{urlencode({'next': ouvrir})}"
