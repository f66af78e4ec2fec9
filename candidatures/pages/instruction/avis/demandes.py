"""Asking for avis on a file, and what becomes of each request: the side of those who instruct."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.avis.actions import demandes, fins, reponses
from candidatures.instruction.avis.forms import DemandeDAvisForm, LeveeDeReserveForm, RevocationForm
from candidatures.instruction.avis.requetes import du_dossier
from candidatures.instruction.regles import empechement_de_consulter
from candidatures.instruction.saisine.models import AvisRendu, Saisine
from candidatures.pages.instruction.acces import instruit
from candidatures.pages.instruction.lecture.actes import conduire_l_acte
from candidatures.pages.instruction.lecture.parcours import suite_de
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def demander(request: HttpRequest, pk: int) -> HttpResponse:
    """Of one or several organismes at once."""
    dossier = instruit(request, pk, entier=False)
    exiger(request, empechement_de_consulter(dossier.etat))
    maintenant = horloge_base()
    formulaire = DemandeDAvisForm(envoi(request), candidature=dossier, maintenant=maintenant)
    return conduire_l_acte(
        request,
        dossier,
        formulaire,
        lambda: demandes.demander_avis(
            candidature=dossier, auteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="candidatures/instruction/demander_avis.html",
        deja=du_dossier(dossier),
        succes="L’avis est demandé\u00a0: chaque personne concernée reçoit un e-mail dans quelques minutes.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def revoquer(request: HttpRequest, pk: int, saisine_pk: int) -> HttpResponse:
    dossier, saisine = _demande(request, pk, saisine_pk)
    exiger(request, empechement_de_consulter(dossier.etat) or saisine.empechement_de_rendre)
    formulaire = RevocationForm(envoi(request))
    return conduire_l_acte(
        request,
        dossier,
        formulaire,
        lambda: fins.revoquer(
            saisine=saisine, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/instruction/avis/revoquer.html",
        saisine=saisine,
        succes="La demande d’avis est annulée.",
    )


@require_POST
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def relancer(request: HttpRequest, pk: int, saisine_pk: int) -> HttpResponse:
    _, saisine = _demande(request, pk, saisine_pk)
    demandes.relancer(saisine=saisine, auteur=personne(request), maintenant=horloge_base())
    messages.success(request, "Un rappel part dans quelques minutes.")
    return redirect(f"{reverse('instruction:dossier', args=[pk])}{suite_de(request, None)}#avis")


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def lever(request: HttpRequest, pk: int, avis_pk: int, rang: int) -> HttpResponse:
    """One line of the reserves of an avis."""
    dossier = instruit(request, pk, entier=False)
    rendus = AvisRendu.objects.filter(saisine__candidature=dossier, reserves__len__gte=rang)
    avis = get_object_or_404(rendus.select_related("saisine__organisme", "saisine__candidature"), pk=avis_pk)
    if not rang:
        raise Http404
    exiger(request, empechement_de_consulter(dossier.etat))
    formulaire = LeveeDeReserveForm(envoi(request))
    return conduire_l_acte(
        request,
        dossier,
        formulaire,
        lambda: reponses.lever_reserve(
            avis=avis, rang=rang, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/instruction/avis/lever_reserve.html",
        avis=avis,
        reserve=avis.reserves[rang - 1],
        succes="La réserve est levée.",
    )


def _demande(request: HttpRequest, pk: int, saisine_pk: int) -> tuple[Candidature, Saisine]:
    dossier = instruit(request, pk, entier=False)
    return dossier, get_object_or_404(du_dossier(dossier), pk=saisine_pk)
