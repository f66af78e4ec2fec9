"""Copying a file into the open wave, and what changed there since it was written."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.cahier import Cahier
from candidatures.cahier.differences import differences
from candidatures.cahier.portage import non_reprises
from candidatures.cahier.requetes import cahier_courant
from candidatures.dossier.copie import actions as copies
from candidatures.dossier.copie.requetes import suit
from candidatures.dossier.instantane import pieces_de
from candidatures.dossier.lecture import lire_reponse
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.requetes import deja_ouvert
from candidatures.pages.territoire.acces import DossierOuvert, contexte, mon_dossier
from candidatures.vagues.models.vagues import Vague
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import personne
from rebond.socle.requete.envois import une_seule_fois


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def copier(request: HttpRequest, pk: int) -> HttpResponse:
    """What would follow and what would not, then the copy."""
    ouvert = mon_dossier(request, pk)
    if ouvert.empechement_de_copier:
        raise RegleEnfreinte(ouvert.empechement_de_copier)
    ouverte = Vague.objects.ouvertes(ouvert.maintenant).first()
    if request.method != "POST" or ouverte is None:
        return _page(request, ouvert, ouverte)
    try:
        copie = copies.copier(
            candidature=ouvert.candidature, vague=ouverte, auteur=personne(request), maintenant=ouvert.maintenant
        )
    except RegleEnfreinte as refus:
        return _page(request, ouvert, ouverte, refus=refus.message)
    messages.success(request, "Votre dossier est copié\u00a0: la copie est un brouillon, à relire et à déposer.")
    return redirect("candidatures:changements", copie.pk)


def _page(request: HttpRequest, ouvert: DossierOuvert, ouverte: Vague | None, *, refus: str = "") -> HttpResponse:
    """The living file in which one already takes part; else what would not follow."""
    cle = ouvert.candidature.territoire.cle
    deja = deja_ouvert(vague=ouverte, cle=cle, personne=personne(request)) if ouverte else None
    propres: dict[str, Any] = {"ouverte": ouverte, "deja": deja, "refus": refus}
    if ouverte is not None and deja is None:
        propres |= _ecarts(ouvert.candidature, cahier_courant(vague=ouverte).cahier)
    gabarit = "candidatures/territoire/copier.html"
    return render(request, gabarit, contexte(ouvert, **propres), status=409 if refus else 200)


@require_safe
@login_required
def changements(request: HttpRequest, pk: int) -> HttpResponse:
    """What the specifications ask otherwise than when the original was written, and what did not follow.

    The original's answers show to those who take part in it.
    """
    ouvert = mon_dossier(request, pk)
    if ouvert.candidature.copie_de_id is None:
        raise Http404
    originale = get_object_or_404(Candidature.objects.pour_lecture(), pk=ouvert.candidature.copie_de_id)
    visible = Candidature.objects.du_porteur(personne(request)).filter(pk=originale.pk).exists()
    ecarts = _ecarts(originale, ouvert.cahier, lisible=visible)
    return render(
        request,
        "candidatures/territoire/changements.html",
        contexte(ouvert, originale=originale, visible=visible, **ecarts),
    )


def _ecarts(originale: Candidature, cahier: Cahier, *, lisible: bool = True) -> Mapping[str, Any]:
    """`non_reprises` are the answers left behind, each with the title of its section."""
    ancien, contenu = originale.cahier.cahier, originale.contenu
    restees = non_reprises(ancien, cahier, contenu) if lisible else []
    pieces = pieces_de(originale) if lisible else []
    return {
        "differences": differences(ancien, cahier),
        "non_reprises": [
            (restee.section.titre, lire_reponse(restee.question, contenu[restee.section.cle][restee.question.cle]))
            for restee in restees
        ],
        "pieces_non_reprises": [piece for piece in pieces if not suit(piece, cahier)],
    }
