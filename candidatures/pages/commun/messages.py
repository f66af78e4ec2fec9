"""The thread of a file, on the territory's side and on the State's: the same messages, each in its own pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.echanges import actions
from candidatures.instruction.echanges.forms import LectureForm, MessageForm
from candidatures.instruction.echanges.models import LectureDesMessages, Message, PieceDeMessage
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.surveillance.antivirus import servir

JOINTES = Prefetch(
    "pieces",
    PieceDeMessage.objects.select_related("document__analyse", "document__lisibilite", "document__effacement"),
)


@dataclass(frozen=True)
class Fil:
    """A thread as one person reads it: `lu` is the last message that they had read."""

    messages: tuple[Message, ...]
    lu: int

    @property
    def dernier(self) -> Message | None:
        return self.messages[-1] if self.messages else None

    @property
    def non_lus(self) -> int:
        return sum(message.pk > self.lu for message in self.messages)


def fil_de(candidature: Candidature, request: HttpRequest) -> Fil:
    """The whole thread, oldest first, in two queries."""
    moi = personne(request)
    lecture = LectureDesMessages.objects.filter(candidature=candidature, utilisateur=moi).first()
    messages = candidature.messages.select_related("auteur").prefetch_related(JOINTES).order_by("pk")
    return Fil(tuple(messages), lecture.lu_id or 0 if lecture else 0)


def page_du_fil(
    request: HttpRequest, candidature: Candidature, propres: Mapping[str, Any], *, gabarit: str, vers: str
) -> HttpResponse:
    formulaire = MessageForm(envoi(request), request.FILES or None)
    return conduire(
        request,
        formulaire,
        lambda: actions.envoyer_message(
            candidature=candidature, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit=gabarit,
        contexte=propres,
        succes="Votre message est envoyé.",
        vers=f"{vers}#fin",
    )


def noter_les_lus(request: HttpRequest, candidature: Candidature, page: str) -> HttpResponse:
    formulaire = LectureForm(request.POST)
    if formulaire.is_valid():
        vu = get_object_or_404(candidature.messages, pk=formulaire.cleaned_data["jusqu_a"])
        actions.marquer_lus(candidature=candidature, utilisateur=personne(request), jusqu_a=vu)
    return redirect(page, candidature.pk)


def piece_du_fil(candidature: Candidature, piece_pk: int) -> HttpResponseBase:
    pieces = PieceDeMessage.objects.select_related("document__lisibilite", "document__effacement").filter(
        message__candidature=candidature
    )
    trouvee = get_object_or_404(pieces, pk=piece_pk)
    return servir(trouvee.document, trouvee.nom)
