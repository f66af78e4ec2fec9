"""Those who do not find their intercommunalité: the list, and the answer to each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.demandes.actions import repondre
from candidatures.demandes.forms import ReponseForm
from candidatures.demandes.models import DemandeDEpci
from candidatures.demandes.regles import DEJA_REPONDUE
from candidatures.pages.administration.listes_demandes import ListeDesDemandes
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def demandes(request: HttpRequest) -> HttpResponse:
    """Those that wait first, the oldest before; then those that are answered."""
    liste = ListeDesDemandes(DemandeDEpci.objects.all(), request.GET)
    return render(request, "candidatures/administration/demandes.html", liste.contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def demande(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, what the clock said, and the answer."""
    lue = get_object_or_404(DemandeDEpci.objects.select_related("vague", "epci", "repondue_par"), pk=pk)
    formulaire = ReponseForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: repondre(
            demande=lue,
            reponse=formulaire.cleaned_data["reponse"],
            epci=formulaire.choisie,
            a_saisir=formulaire.a_saisir,
            acteur=personne(request),
            maintenant=horloge_base(),
        ),
        gabarit="candidatures/administration/demande.html",
        contexte={
            "demande": lue,
            "repondue": DEJA_REPONDUE if lue.repondue_le else "",
            "a_temps": lue.vague is not None and lue.recue_le < lue.vague.cloture,
        },
        succes="Votre réponse est envoyée.",
        vers=reverse("administration:demandes"),
    )
