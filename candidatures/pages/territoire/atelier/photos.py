"""Photos made into one attachment: for whoever has signed on paper, and has no scanner."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from candidatures.dossier.pieces.actions.pieces import joindre_piece
from candidatures.dossier.pieces.emplacements import PLUS_DEMANDEE, Emplacement, emplacements
from candidatures.dossier.pieces.forms import PlaceForm
from candidatures.dossier.pieces.photos import PhotosForm
from candidatures.pages.territoire.acces import DossierOuvert, contexte, mon_dossier
from candidatures.pages.territoire.pieces import adresse_de, membre_de
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.requete.limites import DOCUMENTS, limiter


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@limiter(DOCUMENTS, "POST")
@une_seule_fois
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    ouvert = mon_dossier(request, pk)
    place = _place(request, ouvert)
    exiger(request, ouvert.empechement_d_ecrire)
    formulaire = PhotosForm(envoi(request), request.FILES or None, place=place)
    return conduire(
        request,
        formulaire,
        lambda: _joindre(request, ouvert, formulaire),
        gabarit="candidatures/territoire/pieces/photos.html",
        contexte=contexte(ouvert, place=place),
        succes="Les photos sont réunies en un PDF, joint au brouillon. Regardez son aperçu\u00a0: toutes les pages y "
        "sont-elles, dans le bon ordre\u00a0?",
        vers=adresse_de(ouvert, place),
    )


def _place(request: HttpRequest, ouvert: DossierOuvert) -> Emplacement:
    """The place that the form or the address names, the first one by default; only where a PDF is received."""
    places = [place for place in emplacements(ouvert.composition, ouvert.pieces) if place.recoit_des_photos]
    nommee = envoi(request) or request.GET
    choix = PlaceForm(nommee, places=places)
    place = (choix.place if choix.is_valid() else None) if nommee else next(iter(places), None)
    if place is None:
        raise RegleEnfreinte(PLUS_DEMANDEE)
    return place


def _joindre(request: HttpRequest, ouvert: DossierOuvert, formulaire: PhotosForm) -> None:
    joindre_piece(
        candidature=ouvert.candidature,
        fichier=formulaire.pdf,
        nom=str(formulaire.pdf.name),
        nature=formulaire.emplacement.attendue.cle,
        membre=membre_de(ouvert, formulaire.emplacement),
        auteur=personne(request),
        maintenant=horloge_base(),
    )
