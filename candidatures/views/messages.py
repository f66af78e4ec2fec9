"""The thread of a file, on the territory's side and on the State's: the same messages, each in its own pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.actions import messages as actions
from candidatures.connaissance import a_instruire_par
from candidatures.forms.messages import LectureForm, MessageForm
from candidatures.models import Candidature, LectureDesMessages, Message, PieceDeMessage
from candidatures.regles import peut_echanger, peut_ecrire_un_message
from candidatures.views.acces import contexte, envoi, mon_ouvrage
from rebond.socle.antivirus import servir
from rebond.socle.envois import une_seule_fois
from rebond.socle.temps import horloge_base
from rebond.socle.vues import conduire, personne
from territoires.etats import Role
from territoires.habilitations import role_requis

JOINTES = Prefetch("pieces", PieceDeMessage.objects.select_related("document__analyse", "document__lisibilite"))


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


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def messages(request: HttpRequest, pk: int) -> HttpResponse:
    """The territory's side. Before the file is instructed there is no thread."""
    ouvrage = mon_ouvrage(request, pk)
    if not peut_echanger(ouvrage.candidature.etat):
        raise Http404
    propres = contexte(
        ouvrage,
        fil=fil_de(ouvrage.candidature, request),
        peut_ecrire=peut_ecrire_un_message(ouvrage.candidature.etat, ouvrage.qualite),
    )
    adresse = reverse("candidatures:messages", args=[pk])
    return page_du_fil(request, ouvrage.candidature, propres, gabarit="candidatures/messages.html", vers=adresse)


@require_POST
@login_required
@une_seule_fois
def marquer_lus(request: HttpRequest, pk: int) -> HttpResponse:
    return noter_les_lus(request, mon_ouvrage(request, pk).candidature, "candidatures:messages")


@require_safe
@login_required
def piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    return piece_du_fil(mon_ouvrage(request, pk).candidature, piece_pk)


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
    pieces = PieceDeMessage.objects.select_related("document__lisibilite").filter(message__candidature=candidature)
    trouvee = get_object_or_404(pieces, pk=piece_pk)
    return servir(trouvee.document, trouvee.nom)
