"""The thread of a file, on the side of whoever instructs it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.instruction.echanges.regles import empechement_d_ecrire_un_message
from candidatures.pages.commun.messages import fil_de, noter_les_lus, page_du_fil, piece_du_fil
from candidatures.pages.instruction.acces import instruit
from candidatures.pages.instruction.lecture.parcours import suite_de
from rebond.comptes.habilitations import role_requis
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def du_service(request: HttpRequest, pk: int) -> HttpResponse:
    """The side of whoever instructs the file."""
    dossier = instruit(request, pk, entier=False)
    propres = {
        "dossier": dossier,
        "retour": suite_de(request, None),
        "fil": fil_de(dossier, request),
        "peut_ecrire": not empechement_d_ecrire_un_message(dossier.etat, None, du_service=True),
    }
    adresse = reverse("instruction:messages", args=[pk]) + suite_de(request, None)
    return page_du_fil(request, dossier, propres, gabarit="candidatures/instruction/messages.html", vers=adresse)


@require_POST
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def marquer_lus_du_service(request: HttpRequest, pk: int) -> HttpResponse:
    return noter_les_lus(request, instruit(request, pk, entier=False), "instruction:messages")


@require_safe
@role_requis(Role.INSTRUCTEUR)
def piece_du_service(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    return piece_du_fil(instruit(request, pk, entier=False), piece_pk)
