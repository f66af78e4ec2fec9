"""Incidents of a wave: declared and ended by an administrateur, or found by the portal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.cloture.actions import incidents as actions
from candidatures.cloture.forms.incidents import FinIncidentForm, IncidentForm
from candidatures.cloture.models.incidents import Incident
from candidatures.pages.administration.listes import ListeDesIncidents
from candidatures.pages.administration.tableau_des_clotures import interruptions
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def incidents(request: HttpRequest, numero: int) -> HttpResponse:
    """What was declared, and beside it what the probe saw: the one may call for the other."""
    maintenant = horloge_base()
    vague = get_object_or_404(Vague, numero=numero)
    liste = ListeDesIncidents(vague.incidents.all(), request.GET)
    contexte = {**liste.contexte, "vague": vague, "bilan": interruptions(vague, maintenant)}
    return render(request, "candidatures/administration/incidents.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def declarer(request: HttpRequest, numero: int) -> HttpResponse:
    maintenant = horloge_base()
    vague = get_object_or_404(Vague.objects.maintenues().filter(ouverture__lte=maintenant), numero=numero)
    formulaire = IncidentForm(request.POST or None, vague=vague, maintenant=maintenant)
    return conduire(
        request,
        formulaire,
        lambda: actions.declarer_incident(
            vague=vague, auteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="candidatures/administration/incident_declarer.html",
        contexte={"vague": vague},
        succes="L’incident est déclaré.",
        vers=reverse("administration:incidents", args=[numero]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def terminer(request: HttpRequest, numero: int, pk: int) -> HttpResponse:
    maintenant = horloge_base()
    en_cours = Incident.objects.select_related("vague").filter(vague__numero=numero, fin=None)
    incident = get_object_or_404(en_cours, pk=pk)
    formulaire = FinIncidentForm(request.POST or None, incident=incident, maintenant=maintenant)
    return conduire(
        request,
        formulaire,
        lambda: actions.clore_incident(
            incident=incident, auteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="candidatures/administration/incident_terminer.html",
        contexte={"incident": incident, "vague": incident.vague},
        succes="La fin de l’incident est enregistrée.",
        vers=reverse("administration:incidents", args=[numero]),
    )
