"""The thread of a file, on the territory's side."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.instruction.echanges.regles import empechement_d_ecrire_un_message, peut_echanger
from candidatures.pages.commun.messages import fil_de, noter_les_lus, page_du_fil, piece_du_fil
from candidatures.pages.territoire.acces import contexte, mon_dossier
from rebond.socle.requete.envois import une_seule_fois


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def messages(request: HttpRequest, pk: int) -> HttpResponse:
    """The territory's side. Before the file is instructed there is no thread."""
    ouvert = mon_dossier(request, pk)
    if not peut_echanger(ouvert.candidature.etat):
        raise Http404
    propres = contexte(
        ouvert,
        fil=fil_de(ouvert.candidature, request),
        peut_ecrire=not empechement_d_ecrire_un_message(ouvert.candidature.etat, ouvert.qualite, du_service=False),
    )
    adresse = reverse("candidatures:messages", args=[pk])
    return page_du_fil(
        request, ouvert.candidature, propres, gabarit="candidatures/territoire/messages.html", vers=adresse
    )


@require_POST
@login_required
@une_seule_fois
def marquer_lus(request: HttpRequest, pk: int) -> HttpResponse:
    return noter_les_lus(request, mon_dossier(request, pk).candidature, "candidatures:messages")


@require_safe
@login_required
def piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    return piece_du_fil(mon_dossier(request, pk).candidature, piece_pk)
