"""« Mes e-mails », and the page where the link at the foot of a letter leads."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from rebond.comptes.preferences import actions, requetes
from rebond.comptes.preferences.forms import PreferencesForm
from rebond.socle.courriers.natures import Sorte
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.requete.envois import une_seule_fois

#: What a click stops, in the words of whoever reads the page.
CESSENT = {
    Sorte.RAPPELS: "les rappels\u00a0: l’approche d’une clôture, un dossier modifié après son dépôt",
    Sorte.NOUVELLES: "les nouvelles\u00a0: une vague qui ouvre, une personne qui rejoint un dossier",
    Sorte.MESSAGES: "l’annonce des messages que l’on vous écrit sur le portail",
    Sorte.RESUME: "les rappels, les nouvelles et l’annonce des messages",
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@une_seule_fois
def preferences(request: HttpRequest) -> HttpResponse:
    moi = personne(request)
    formulaire = PreferencesForm(envoi(request), initial=requetes.choisies_par(moi))
    return conduire(
        request,
        formulaire,
        lambda: actions.choisir(utilisateur=moi, choix=formulaire.cleaned_data),
        gabarit="preferences/preferences.html",
        contexte={},
        succes="Vos choix sont enregistrés.",
        vers=reverse("preferences_de_lettres"),
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def refuser(request: HttpRequest, jeton: str) -> HttpResponse:
    """Without signing in: whoever holds the letter stops its likes. Reading the page stops nothing, the button does.

    No proof that the form is ours is asked: a mail reader sends it by itself, without any page (RFC 8058). Sent again,
    it changes nothing more.
    """
    lettre = requetes.lettre_de_confort(jeton)
    if lettre is None:
        return render(request, "preferences/inconnue.html", status=404)
    if request.method == "POST":
        actions.refuser(lettre)
    contexte = {"ce_qui_cesse": CESSENT[Sorte(lettre.sorte)], "fait": request.method == "POST"}
    reponse = render(request, "preferences/refuser.html", contexte)
    reponse.headers["Referrer-Policy"] = "same-origin"
    reponse.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return reponse
