"""The labels of one file: those that it bears, one more, one less."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidatures.instruction.etiquettes import actions
from candidatures.instruction.etiquettes.forms import EtiquetteForm, OterForm
from candidatures.instruction.etiquettes.regles import PAS_LA
from candidatures.instruction.etiquettes.requetes import etiquettes_de, etiquettes_lues_par
from candidatures.pages.instruction.acces import instruit
from candidatures.pages.instruction.lecture.parcours import suite_de
from rebond.comptes.habilitations import role_requis
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def etiquettes(request: HttpRequest, pk: int) -> HttpResponse:
    """One more, typed or chosen among those that are in use in the wave."""
    dossier, moi = instruit(request, pk, entier=False), personne(request)
    formulaire = EtiquetteForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: actions.etiqueter(
            candidature=dossier, auteur=moi, maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/instruction/etiquettes.html",
        contexte={
            "dossier": dossier,
            "etiquettes": etiquettes_de(dossier),
            "proposees": etiquettes_lues_par(moi, dossier.vague_id),
            "retour": suite_de(request, None),
        },
        succes="L’étiquette est ajoutée.",
        vers=_page(request, pk),
    )


@require_POST
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def oter(request: HttpRequest, pk: int) -> HttpResponse:
    dossier, formulaire = instruit(request, pk, entier=False), OterForm(request.POST)
    if not formulaire.is_valid():
        raise RegleEnfreinte(PAS_LA)
    actions.desetiqueter(
        candidature=dossier, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
    )
    messages.success(request, "L’étiquette est retirée.")
    return redirect(_page(request, pk))


def _page(request: HttpRequest, pk: int) -> str:
    return reverse("instruction:etiquettes", args=[pk]) + suite_de(request, None)
