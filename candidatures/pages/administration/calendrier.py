"""The administrateur suspends a wave and puts it back, ends the series and resumes it: each time with a reason."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from candidatures.calendrier.actions import vagues as actions
from candidatures.calendrier.forms import FinDeSerieForm, RepriseDeSerieForm, RetablissementForm, SuspensionForm
from candidatures.vagues.etats import EtatVague
from candidatures.vagues.models.series import FinDeSerie
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def suspendre(request: HttpRequest, numero: int) -> HttpResponse:
    maintenant = horloge_base()
    vague = get_object_or_404(Vague.objects.a_venir(maintenant), numero=numero)
    formulaire = SuspensionForm(request.POST or None)
    return conduire(
        request,
        formulaire,
        lambda: actions.suspendre(
            vague=vague, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="candidatures/administration/suspendre.html",
        contexte={"vague": vague},
        succes=f"La vague {numero} est suspendue.",
        vers=reverse("administration:calendrier"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def retablir(request: HttpRequest, numero: int) -> HttpResponse:
    maintenant = horloge_base()
    suspendues = Vague.objects.filter(etat=EtatVague.SUSPENDUE, ouverture__gt=maintenant)
    vague = get_object_or_404(suspendues, numero=numero)
    formulaire = RetablissementForm(request.POST or None)
    return conduire(
        request,
        formulaire,
        lambda: actions.retablir(
            vague=vague, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="candidatures/administration/retablir.html",
        contexte={"vague": vague},
        succes=f"La vague {numero} est rétablie.",
        vers=reverse("administration:calendrier"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def finir_la_serie(request: HttpRequest) -> HttpResponse:
    maintenant = horloge_base()
    formulaire = FinDeSerieForm(request.POST or None)
    return conduire(
        request,
        formulaire,
        lambda: actions.finir_la_serie(acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data),
        gabarit="candidatures/administration/finir_la_serie.html",
        contexte={
            "a_venir": Vague.objects.a_venir(maintenant),
            "ouverte": Vague.objects.ouvertes(maintenant).first(),
        },
        succes="La série des vagues est terminée.",
        vers=reverse("administration:calendrier"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def reprendre_la_serie(request: HttpRequest) -> HttpResponse:
    maintenant = horloge_base()
    fin = get_object_or_404(FinDeSerie.objects.select_related("decidee_par"), reprise_le=None)
    formulaire = RepriseDeSerieForm(request.POST or None)
    return conduire(
        request,
        formulaire,
        lambda: actions.reprendre_la_serie(acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data),
        gabarit="candidatures/administration/reprendre_la_serie.html",
        contexte={
            "fin": fin,
            "suspendues": Vague.objects.filter(etat=EtatVague.SUSPENDUE, ouverture__gt=maintenant).order_by(
                "ouverture"
            ),
        },
        succes="La série des vagues est reprise.",
        vers=reverse("administration:calendrier"),
    )
