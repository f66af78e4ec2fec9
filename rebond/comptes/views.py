"""Who has which role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from rebond.comptes.actions import creer_organisme, habiliter, retirer_habilitation
from rebond.comptes.forms import HabilitationForm, OrganismeForm
from rebond.comptes.habilitations import role_requis
from rebond.comptes.listes import ListeDesRoles
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role
from territoires.models import Habilitation


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def roles(request: HttpRequest) -> HttpResponse:
    liste = ListeDesRoles(Habilitation.objects.all(), request.GET)
    return render(request, "comptes/roles.html", liste.contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def donner_role(request: HttpRequest) -> HttpResponse:
    formulaire = HabilitationForm(request.POST or None)

    def donner() -> None:
        choix = formulaire.cleaned_data
        habiliter(
            utilisateur=formulaire.personne,
            role=choix["role"],
            organisme=choix["organisme"],
            region=choix["region"],
            departement=choix["departement"],
            acteur=personne(request),
        )

    return conduire(
        request,
        formulaire,
        donner,
        gabarit="comptes/donner_role.html",
        contexte={},
        succes="Le rôle est donné.",
        vers=reverse("administration:roles"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def retirer_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: the person loses their access at once."""
    habilitation = get_object_or_404(Habilitation.objects.select_related("utilisateur", "organisme"), pk=pk)
    if request.method == "POST":
        retirer_habilitation(habilitation=habilitation, acteur=personne(request))
        return redirect("administration:roles")
    return render(request, "comptes/retirer_role.html", {"habilitation": habilitation})


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def organisme(request: HttpRequest) -> HttpResponse:
    formulaire = OrganismeForm(request.POST or None)
    return conduire(
        request,
        formulaire,
        lambda: creer_organisme(acteur=personne(request), **formulaire.cleaned_data),
        gabarit="comptes/organisme.html",
        contexte={},
        succes="L’organisme est ajouté.",
        vers=reverse("administration:donner_role"),
    )
