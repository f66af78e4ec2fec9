"""The attachments of a draft."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.actions import dossiers
from candidatures.forms.dossiers import PieceForm
from candidatures.models import PieceJointe
from candidatures.regles import PIECES
from candidatures.views.acces import Ouvrage, contexte, envoi, mon_ouvrage
from candidatures.views.etapes import etape
from rebond.socle import documents
from rebond.socle.temps import horloge_base
from rebond.socle.vues import conduire, personne


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pieces(request: HttpRequest, pk: int) -> HttpResponse:
    """The attachments, and the form that adds one."""
    ouvrage = mon_ouvrage(request, pk)
    formulaire = PieceForm(envoi(request), request.FILES or None, cahier=ouvrage.cahier)
    return conduire(
        request,
        formulaire,
        lambda: dossiers.joindre_piece(
            candidature=ouvrage.candidature,
            fichier=formulaire.cleaned_data["fichier"],
            nom=formulaire.cleaned_data["fichier"].name,
            nature=formulaire.cleaned_data["nature"],
            auteur=personne(request),
            maintenant=horloge_base(),
        ),
        gabarit="candidatures/pieces.html",
        contexte=contexte(ouvrage, etape=etape(ouvrage, PIECES)),
        succes="La pièce est jointe au brouillon.",
        vers=reverse("candidatures:pieces", args=[pk]),
    )


@require_safe
@login_required
def piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    trouvee = _piece(mon_ouvrage(request, pk), piece_pk)
    return documents.reponse(trouvee.document, trouvee.nom)


@require_POST
@login_required
def enlever_piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    trouvee = _piece(mon_ouvrage(request, pk), piece_pk)
    dossiers.enlever_piece(piece=trouvee, auteur=personne(request), maintenant=horloge_base())
    messages.success(request, f"« {trouvee.nom} » ne fait plus partie du brouillon.")
    return redirect("candidatures:pieces", pk)


def _piece(ouvrage: Ouvrage, piece_pk: int) -> PieceJointe:
    return get_object_or_404(ouvrage.candidature.pieces.select_related("document", "candidature"), pk=piece_pk)
