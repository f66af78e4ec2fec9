"""The thread of a file, on the side of whoever instructs it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import a_instruire_par
from candidatures.instruction.echanges.regles import peut_echanger
from candidatures.pages.commun.messages import fil_de, noter_les_lus, page_du_fil, piece_du_fil
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import personne
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def du_service(request: HttpRequest, pk: int) -> HttpResponse:
    """The side of whoever instructs the file."""
    dossier = _instruit(request, pk)
    propres = {"dossier": dossier, "fil": fil_de(dossier, request), "peut_ecrire": peut_echanger(dossier.etat)}
    adresse = reverse("instruction:messages", args=[pk])
    return page_du_fil(request, dossier, propres, gabarit="candidatures/instruction/messages.html", vers=adresse)


@require_POST
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def marquer_lus_du_service(request: HttpRequest, pk: int) -> HttpResponse:
    return noter_les_lus(request, _instruit(request, pk), "instruction:messages")


@require_safe
@role_requis(Role.INSTRUCTEUR)
def piece_du_service(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    return piece_du_fil(_instruit(request, pk), piece_pk)


def _instruit(request: HttpRequest, pk: int) -> Candidature:
    return get_object_or_404(a_instruire_par(personne(request)).pour_liste(), pk=pk)
