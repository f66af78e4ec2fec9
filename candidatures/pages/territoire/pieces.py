"""The attachments of a draft: the page of their places, each file, and the models to sign."""

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.dossier.completude import PIECES
from candidatures.dossier.groupement.mandat_bureautique import FormatDeModele, en_bureautique
from candidatures.dossier.groupement.modele_mandat import Mandat, en_html, en_pdf, mandat_de
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.pieces import PieceJointe
from candidatures.dossier.pieces.actions.pieces import enlever_piece, joindre_piece
from candidatures.dossier.pieces.emplacements import PLUS_DEMANDEE, Emplacement, emplacements, hors_emplacements, lue
from candidatures.dossier.pieces.forms import PieceForm, PlaceForm, RemplacementForm
from candidatures.dossier.regles import empechement_de_joindre
from candidatures.pages.territoire.acces import DossierOuvert, contexte, mon_dossier
from candidatures.pages.territoire.etapes import etape
from rebond.socle.documents.formats import Contenu
from rebond.socle.documents.noms_de_fichiers import disposition
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.documents import document_prepare
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.requete.limites import DOCUMENTS, limiter
from rebond.surveillance.antivirus import servir


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def pieces(request: HttpRequest, pk: int) -> HttpResponse:
    """What is expected, what is attached, and in each place the form that adds one."""
    ouvert = mon_dossier(request, pk)
    places = emplacements(ouvert.composition, ouvert.pieces)
    if request.method != "POST":
        return render(request, "candidatures/territoire/pieces/pieces.html", _page(ouvert, places))
    choix = PlaceForm(request.POST, places=places)
    if not choix.is_valid() or choix.place is None:
        raise RegleEnfreinte(PLUS_DEMANDEE)
    formulaire = PieceForm(request.POST, request.FILES, place=choix.place)
    return conduire(
        request,
        formulaire,
        lambda: _joindre(request, ouvert, formulaire),
        gabarit="candidatures/territoire/pieces/pieces.html",
        contexte=_page(ouvert, places, formulaire),
        succes="La pièce est jointe au brouillon.",
        vers=adresse_de(ouvert, choix.place),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def remplacer_piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    """Another file in the place of one: the draft is never without either."""
    ouvert = mon_dossier(request, pk)
    trouvee = _piece(ouvert, piece_pk)
    place = place_de(ouvert, trouvee)
    if place is None:
        raise RegleEnfreinte(PLUS_DEMANDEE)
    exiger(request, ouvert.empechement_d_ecrire)
    formulaire = RemplacementForm(envoi(request), request.FILES or None, place=place)
    return conduire(
        request,
        formulaire,
        lambda: _joindre(request, ouvert, formulaire, remplace=trouvee),
        gabarit="candidatures/territoire/pieces/remplacer_piece.html",
        contexte=contexte(ouvert, piece=trouvee, place=place, **_limites()),
        succes=f"«\u00a0{trouvee.nom}\u00a0» est remplacée.",
        vers=adresse_de(ouvert, place),
    )


@require_POST
@login_required
@une_seule_fois
def enlever(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    ouvert = mon_dossier(request, pk)
    trouvee = _piece(ouvert, piece_pk)
    place = place_de(ouvert, trouvee)
    enlever_piece(piece=trouvee, auteur=personne(request), maintenant=horloge_base())
    messages.success(request, f"«\u00a0{trouvee.nom}\u00a0» ne fait plus partie du brouillon.")
    return redirect(adresse_de(ouvert, place))


@require_safe
@login_required
def piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    trouvee = _piece(mon_dossier(request, pk), piece_pk)
    return servir(trouvee.document, trouvee.nom)


@require_safe
@login_required
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def apercu(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    """The file as the browser shows it, in a page that says which file it is."""
    ouvert = mon_dossier(request, pk)
    vue = lue(_piece(ouvert, piece_pk))
    return render(request, "candidatures/territoire/pieces/apercu.html", contexte(ouvert, vue=vue, piece=vue.piece))


@require_safe
@login_required
@xframe_options_sameorigin
def contenu_de_piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    """The bytes, for the frame of the preview and nothing else."""
    vue = lue(_piece(mon_dossier(request, pk), piece_pk))
    if vue.servie and not vue.affichable:
        raise Http404
    return servir(vue.piece.document, vue.piece.nom, telecharger=False)


@require_safe
@login_required
@limiter(DOCUMENTS)
def modele_mandat(request: HttpRequest, pk: int, membre_pk: int | None = None) -> HttpResponse:
    """The deliberation to sign, filled in with what the file knows."""
    mandat = _mandat(request, pk, membre_pk)
    html = en_html(mandat)
    return document_prepare(
        request, html, lambda: en_pdf(mandat), nom=mandat.nom_de_fichier, type_mime=Contenu.PDF.value
    )


@require_safe
@login_required
@limiter(DOCUMENTS)
def modele_a_ecrire(request: HttpRequest, pk: int, format_: str, membre_pk: int | None = None) -> HttpResponse:
    """The same, as a document to write in."""
    mandat, choisi = _mandat(request, pk, membre_pk), FormatDeModele(format_)
    nom = f"{mandat.nom_de_fichier.removesuffix('.pdf')}.{choisi.value}"
    entetes = {"Content-Disposition": disposition(nom), "Cache-Control": "private, no-store"}
    return HttpResponse(en_bureautique(mandat, choisi), content_type=choisi.contenu.value, headers=entetes)


def _mandat(request: HttpRequest, pk: int, membre_pk: int | None) -> Mandat:
    """The model for that member, for the lead when there is none; a 404 for a member of another grouping."""
    ouvert = mon_dossier(request, pk)
    membre = next((membre for membre in ouvert.membres if membre.pk == membre_pk), None)
    if membre_pk is not None and membre is None:
        raise Http404
    return mandat_de(ouvert.candidature, ouvert.membres, membre)


def place_de(ouvert: DossierOuvert, piece: PieceJointe) -> Emplacement | None:
    """The place where `piece` lies; None when it is no longer asked."""
    places = emplacements(ouvert.composition, ouvert.pieces)
    return next((place for place in places if any(jointe.piece == piece for jointe in place.jointes)), None)


def membre_de(ouvert: DossierOuvert, place: Emplacement) -> Membre | None:
    return next((membre for membre in ouvert.membres if membre.pk == place.membre), None)


def adresse_de(ouvert: DossierOuvert, place: Emplacement | None) -> str:
    """The page of the attachments, at `place`."""
    page = reverse("candidatures:pieces", args=[ouvert.candidature.pk])
    return f"{page}#{place.ancre}" if place else page


def _joindre(
    request: HttpRequest, ouvert: DossierOuvert, formulaire: PieceForm, *, remplace: PieceJointe | None = None
) -> None:
    fichier = formulaire.cleaned_data["fichier"]
    joindre_piece(
        candidature=ouvert.candidature,
        fichier=fichier,
        nom=fichier.name,
        nature=formulaire.emplacement.attendue.cle,
        membre=membre_de(ouvert, formulaire.emplacement),
        remplace=remplace,
        auteur=personne(request),
        maintenant=horloge_base(),
    )


def _page(ouvert: DossierOuvert, places: list[Emplacement], envoye: PieceForm | None = None) -> Any:
    au_plus, deja = settings.PIECES_NOMBRE_MAX, len(ouvert.pieces)
    recoit = ouvert.peut_ecrire and empechement_de_joindre(deja, au_plus=au_plus) is None
    blocs: list[tuple[Emplacement, PieceForm | None]] = []
    for place in places:
        if envoye is not None and envoye.emplacement == place:
            blocs.append((place, envoye))
        else:
            blocs.append((place, PieceForm(place=place) if recoit else None))
    return contexte(
        ouvert,
        etape=etape(ouvert, PIECES),
        blocs=blocs,
        autres=hors_emplacements(places, ouvert.pieces),
        reste=max(au_plus - deja, 0),
        **_limites(),
    )


def _limites() -> dict[str, int]:
    """What the pages say and what the script obeys; sizes in bytes."""
    return {
        "taille_max": settings.PIECE_TAILLE_MAX,
        "nombre_max": settings.PIECES_NOMBRE_MAX,
        "morceau": settings.TELEVERSEMENT_MORCEAU,
    }


def _piece(ouvert: DossierOuvert, piece_pk: int) -> PieceJointe:
    """Read from the list that the page reads anyway."""
    trouvee = next((piece for piece in ouvert.pieces if piece.pk == piece_pk), None)
    if trouvee is None:
        raise Http404
    return trouvee
