"""Resumable uploads: the server's side of tus 1.0 (core, creation and termination), https://tus.io/protocols/resumable-upload

A refusal is a sentence in plain text, which the page shows as it is.
"""

from base64 import b64decode
from binascii import Error as Base64Invalide
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from candidatures.dossier.models.pieces import Televersement
from candidatures.dossier.pieces.actions import televersements
from candidatures.dossier.pieces.actions.televersements import DecalageInattendu
from candidatures.dossier.pieces.emplacements import emplacements
from candidatures.dossier.pieces.forms import TeleversementForm
from candidatures.dossier.pieces.requetes import octets_recus
from candidatures.pages.territoire.acces import DossierOuvert, mon_dossier
from candidatures.pages.territoire.pieces import membre_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.limites import FICHIERS, phrase_de_depassement
from rebond.socle.texte.nombres import entier_de_machine

VERSION = "1.0.0"
TYPE_DES_MORCEAUX = "application/offset+octet-stream"
SESSION_EXPIREE = (
    "Votre session a expiré. Reconnectez-vous, puis choisissez de nouveau ce fichier\u00a0: l’envoi reprendra là où "
    "il s’est arrêté."
)

Vue = Callable[..., HttpResponse]


def tus(vue: Vue) -> Vue:
    """What every answer of the protocol has in common. Who is not signed in is told so, rather than sent elsewhere."""

    @wraps(vue)
    def repondre(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            reponse = _dire(401, SESSION_EXPIREE)
        elif request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            # To whoever has no part in the file it does not exist, whatever protocol they speak.
            mon_dossier(request, kwargs["pk"])
            reponse = HttpResponse(status=412, headers={"Tus-Version": VERSION})
        else:
            try:
                reponse = vue(request, *args, **kwargs)
            except RegleEnfreinte as refus:
                reponse = _dire(403, refus.message)
        reponse["Tus-Resumable"] = VERSION
        reponse["Cache-Control"] = "no-store"
        return reponse

    return repondre


@require_http_methods(["OPTIONS", "POST"])
@tus
def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """What the server can do (OPTIONS); the announcement of a file (POST)."""
    ouvert = mon_dossier(request, pk)
    if request.method == "OPTIONS":
        return _possibilites()
    if trop := phrase_de_depassement(request, FICHIERS):
        return _dire(429, trop)
    annonce = TeleversementForm(
        _metadonnees(request),
        places=emplacements(ouvert.composition, ouvert.pieces),
        candidature=ouvert.candidature,
    )
    if not annonce.is_valid() or annonce.place is None:
        return _dire(413 if annonce.trop_gros else 400, annonce.refus)
    commence = televersements.commencer(
        candidature=ouvert.candidature,
        utilisateur=personne(request),
        nom=annonce.cleaned_data["nom"],
        nature=annonce.place.attendue.cle,
        membre=membre_de(ouvert, annonce.place),
        remplace=annonce.cleaned_data["remplace"],
        taille=annonce.cleaned_data["taille"],
        maintenant=horloge_base(),
    )
    adresse = reverse("candidatures:televersement", args=[pk, commence.pk])
    return HttpResponse(status=201, headers={"Location": adresse})


def _possibilites() -> HttpResponse:
    possibilites = {
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,termination",
        "Tus-Max-Size": str(settings.PIECE_TAILLE_MAX),
    }
    return HttpResponse(status=204, headers=possibilites)


@require_http_methods(["HEAD", "PATCH", "DELETE", "POST"])
@tus
def televersement(request: HttpRequest, pk: int, cle: UUID) -> HttpResponse:
    """How far the upload is (HEAD), a piece of it (PATCH), its end (DELETE). POST is ours: what has become of it."""
    ouvert = mon_dossier(request, pk)
    trouve = get_object_or_404(Televersement, pk=cle, candidature=ouvert.candidature, utilisateur=personne(request))
    match request.method:
        case "PATCH":
            return _recevoir(request, ouvert, trouve)
        case "DELETE":
            televersements.abandonner(televersement=trouve)
            return HttpResponse(status=204)
        case "POST":
            fini = televersements.terminer(televersement=trouve, maintenant=horloge_base())
            return JsonResponse({"termine": bool(fini.piece_id or fini.refus), "refus": fini.refus})
    recus = octets_recus(trouve)
    return HttpResponse(headers={"Upload-Offset": str(recus), "Upload-Length": str(trouve.taille)})


def _recevoir(request: HttpRequest, ouvert: DossierOuvert, trouve: Televersement) -> HttpResponse:
    debut = entier_de_machine(request.headers.get("Upload-Offset", ""), maximum=settings.PIECE_TAILLE_MAX)
    longueur = entier_de_machine(request.headers.get("Content-Length") or "0", maximum=settings.TELEVERSEMENT_MORCEAU)
    if request.content_type != TYPE_DES_MORCEAUX:
        return HttpResponse(status=415)
    if debut is None:
        return HttpResponse(status=400)
    if longueur is None:
        return _dire(413, "Ce morceau de fichier est trop gros.")
    if ouvert.empechement_d_ecrire:
        raise RegleEnfreinte(ouvert.empechement_d_ecrire)
    try:
        morceau = request.body
    except UnreadablePostError:
        # The connection was lost in the middle: nobody reads this answer.
        return HttpResponse(status=400)
    try:
        recu = televersements.recevoir(televersement=trouve, debut=debut, morceau=morceau, maintenant=horloge_base())
    except DecalageInattendu as decalage:
        return HttpResponse(status=409, headers={"Upload-Offset": str(decalage.attendu)})
    if recu.recus == recu.taille:
        televersements.terminer(televersement=recu, maintenant=horloge_base())
    return HttpResponse(status=204, headers={"Upload-Offset": str(recu.recus)})


def _metadonnees(request: HttpRequest) -> dict[str, str]:
    """`Upload-Metadata: nom bm90ZS5wZGY=,nature YXV0cmU=` and `Upload-Length`, as the data of a form."""
    donnees = {"taille": request.headers.get("Upload-Length", "")}
    for paire in request.headers.get("Upload-Metadata", "").split(","):
        nom, _, valeur = paire.strip().partition(" ")
        try:
            donnees.setdefault(nom, b64decode(valeur, validate=True).decode())
        except (Base64Invalide, UnicodeDecodeError):
            continue
    return donnees


def _dire(statut: int, phrase: str) -> HttpResponse:
    return HttpResponse(phrase, status=statut, content_type="text/plain; charset=utf-8")
