"""Corrections that an instructeur asks for."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.instruction.acces import pour_agents
from candidatures.instruction.conditions.models import irrecevabilite_a_signer
from candidatures.instruction.correction import actions
from candidatures.instruction.correction.forms import (
    DemandeDeCorrectionForm,
    FermetureForm,
)
from candidatures.instruction.correction.regles import empechement_de_demander
from candidatures.instruction.correction.requetes import attendue
from candidatures.pages.commun.corrections import piece_de_correction, piece_jointe_a_une_correction
from candidatures.pages.instruction.acces import instruit
from candidatures.pages.instruction.lecture.actes import conduire_l_acte
from candidatures.pages.instruction.lecture.pieces import contenu_montre
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def demander(request: HttpRequest, pk: int) -> HttpResponse:
    dossier = instruit(request, pk)
    attend = irrecevabilite_a_signer(dossier)
    exiger(request, empechement_de_demander(dossier.etat, irrecevabilite=attend))
    formulaire = DemandeDeCorrectionForm(envoi(request), candidature=dossier, maintenant=horloge_base())
    return conduire_l_acte(
        request,
        dossier,
        formulaire,
        lambda: actions.demander_correction(
            candidature=dossier, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/instruction/demander_correction.html",
        succes="La correction est demandée\u00a0: les participants du dossier en sont prévenus.",
    )


@require_POST
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def fermer(request: HttpRequest, pk: int) -> HttpResponse:
    dossier = instruit(request, pk)
    return conduire_l_acte(
        request,
        dossier,
        FermetureForm(request.POST),
        lambda: actions.fermer_correction(
            demande=attendue(dossier), auteur=personne(request), maintenant=horloge_base()
        ),
        gabarit="candidatures/instruction/fermer_correction.html",
        succes="La correction n’est plus attendue\u00a0: le dossier revient en instruction.",
    )


@require_safe
@role_requis(Role.INSTRUCTEUR, Role.EXPERT, Role.COMITE, Role.VALIDEUR)
def piece_du_service(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    """What was given back is read by whoever reads the file; a correction still being written is not."""
    dossier = get_object_or_404(pour_agents(personne(request)), pk=pk)
    return piece_de_correction(dossier, piece_pk, rendues=True)


@require_safe
@role_requis(Role.INSTRUCTEUR, Role.EXPERT, Role.COMITE, Role.VALIDEUR)
@xframe_options_sameorigin
def apercu_du_service(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    dossier = get_object_or_404(pour_agents(personne(request)), pk=pk)
    return contenu_montre(piece_jointe_a_une_correction(dossier, piece_pk, rendues=True))
