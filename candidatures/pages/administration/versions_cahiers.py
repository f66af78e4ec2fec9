"""Taking an earlier version of a wave's specifications again, as a new one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from candidatures.cahier.actions import restaurer_cahier
from candidatures.cahier.differences import differences
from candidatures.cahier.forms.cahiers import VersionForm
from candidatures.cahier.models import CahierDesCharges
from candidatures.dossier.comparaison import differences as mot_a_mot
from candidatures.pages.administration.cahiers import Atelier, mon_atelier
from rebond.comptes.habilitations import role_requis
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import exiger, personne
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def restaurer(request: HttpRequest, numero: int, version: int) -> HttpResponse:
    """Shows first what changes if the version is taken again."""
    atelier = mon_atelier(numero)
    source = get_object_or_404(CahierDesCharges.objects.filter(vague=atelier.vague), version=version)
    exiger(request, atelier.empechement)
    if request.method != "POST":
        return _page(request, atelier, source)
    try:
        nouvelle = restaurer_cahier(
            source=source,
            version=VersionForm(request.POST).lue,
            auteur=personne(request),
            maintenant=atelier.maintenant,
        )
    except RegleEnfreinte as refus:
        return _page(request, atelier, source, refus=refus.message)
    messages.success(
        request, f"La version {source.version} est reprise : c’est la version {nouvelle.version}. Les autres restent."
    )
    return redirect(reverse("administration:cahier", args=[numero]))


def _page(request: HttpRequest, atelier: Atelier, source: CahierDesCharges, *, refus: str = "") -> HttpResponse:
    actuel, repris = atelier.cahier, source.cahier
    contexte = atelier.contexte(
        source=source,
        refus=refus,
        differences=differences(actuel, repris, redaction=True),
        morceaux=list(mot_a_mot(actuel.texte, repris.texte)) if actuel.texte != repris.texte else [],
    )
    gabarit = "candidatures/administration/cahier/cahier_restaurer.html"
    return render(request, gabarit, contexte, status=409 if refus else 200)
