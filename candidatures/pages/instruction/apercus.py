"""Pages of attachments as pictures, to be read where the file is; their rights are those of the attachment."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from candidatures.depot.models import Depot, PieceDeposee
from candidatures.instruction.acces import pour_agents
from candidatures.instruction.correction.models import PieceDeCorrection
from candidatures.pages.commun.apercus import CONNUS, page_dessinee
from candidatures.pages.instruction.dossiers import LECTEURS
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base


@require_safe
@role_requis(*LECTEURS)
def page_de_piece(request: HttpRequest, pk: int, piece_pk: int, rang: int) -> HttpResponseBase:
    depots = Depot.objects.qui_comptent().filter(candidature__in=_lisible(request, pk))
    return _page(PieceDeposee.objects.filter(depot__in=depots), piece_pk, rang)


@require_safe
@role_requis(*LECTEURS)
def page_de_correction(request: HttpRequest, pk: int, piece_pk: int, rang: int) -> HttpResponseBase:
    """Of what was given back; a correction that is still being written is read by nobody here."""
    rendues = PieceDeCorrection.objects.filter(demande__rendue_le__isnull=False)
    return _page(rendues.filter(demande__candidature__in=_lisible(request, pk)), piece_pk, rang)


def _lisible(request: HttpRequest, pk: int) -> Any:
    """The file, for whoever may open its attachments: none otherwise."""
    return pour_agents(personne(request), horloge_base()).filter(pk=pk).order_by().values("pk")


def _page(pieces: Any, piece_pk: int, rang: int) -> HttpResponseBase:
    # Neither its text nor what search makes of it.
    lues = pieces.select_related(*CONNUS).defer("document__lecture__texte", "document__lecture__vecteur")
    trouvee = get_object_or_404(lues, pk=piece_pk)
    return page_dessinee(trouvee.document, trouvee.nom, rang)
