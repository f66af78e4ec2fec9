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
@limiter(DOCUMENTS)
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
    """The place that the address names, or the form that is sent; only where a PDF is received."""
    places = emplacements(ouvert.composition, ouvert.pieces)
    choix = PlaceForm(envoi(request) or request.GET, places=places)
    if not choix.is_valid() or choix.place is None or not choix.place.recoit_des_photos:
        raise RegleEnfreinte(PLUS_DEMANDEE)
    return choix.place


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
