"""What a secret link opens to whoever holds it: to read the file, to bring one's document, to mark the file.

A link that opens nothing answers the same bytes whatever the reason (`commun.liens.inconnu`), and nothing here tells a
state of the file but « brouillon » or « déposé », which its people told by sending it.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.instantane import composition_de, membres_de, pieces_de
from candidatures.dossier.liens.actions import joindre_par_lien
from candidatures.dossier.liens.requetes import lien_de, membre_de
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.models.liens import Lien
from candidatures.dossier.pieces.emplacements import PLUS_DEMANDEE, Emplacement, emplacements
from candidatures.dossier.pieces.forms import PieceDeLienForm, PlaceForm
from candidatures.dossier.regles_de_liens import empechement_d_envoyer_par_lien
from candidatures.pages.commun.accords import ce_qui_a_change, signer
from candidatures.pages.commun.exemplaires import ce_qui_se_lit, telecharger
from candidatures.pages.commun.liens import AVEC_FORMULAIRE, inconnu, page_secrete
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.requete.acces import consigner_la_lecture
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.requete.limites import DOCUMENTS, limiter
from rebond.surveillance.antivirus import servir

# Without the secret: the answer to a form is kept for a while (`une_seule_fois`).
ICI = "./"
# What is read by a link: to read the file, or before marking it.
LECTEURS = (GenreDeLien.LECTURE, GenreDeLien.ACCORD)


@page_secrete
@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def lien(request: HttpRequest, jeton: str) -> HttpResponseBase:
    """The page of the link, by what it opens. A link to read takes nothing."""
    trouve = lien_de(jeton, horloge_base(), *GenreDeLien)
    if trouve is None:
        return inconnu(request)
    _consigner(request, trouve)
    if trouve.genre == GenreDeLien.LECTURE:
        return _lecture(request, trouve, jeton)
    membre = membre_de(trouve, membres_de(trouve.candidature))
    if membre is None:
        return inconnu(request)
    page = _piece if trouve.genre == GenreDeLien.PIECE else _accord
    reponse = page(request, trouve, jeton, membre)
    reponse.headers["Referrer-Policy"] = AVEC_FORMULAIRE
    return reponse


@page_secrete
@require_safe
@limiter(DOCUMENTS)
def exemplaire(request: HttpRequest, jeton: str, format_: str) -> HttpResponseBase:
    maintenant = horloge_base()
    trouve = lien_de(jeton, maintenant, *LECTEURS)
    if trouve is None:
        return inconnu(request)
    _consigner(request, trouve)
    return telecharger(request, ce_qui_se_lit(trouve.candidature, maintenant).exemplaire, format_)


@page_secrete
@require_safe
def piece(request: HttpRequest, jeton: str, place: int) -> HttpResponseBase:
    """One attachment of what is read, by its place in the list, from 1."""
    maintenant = horloge_base()
    trouve = lien_de(jeton, maintenant, *LECTEURS)
    documents = ce_qui_se_lit(trouve.candidature, maintenant).documents if trouve else []
    if trouve is None or not 1 <= place <= len(documents):
        return inconnu(request)
    _consigner(request, trouve)
    return servir(*documents[place - 1])


def _lecture(request: HttpRequest, trouve: Lien, jeton: str) -> HttpResponse:
    if request.method == "POST":
        return inconnu(request)
    lu = ce_qui_se_lit(trouve.candidature, horloge_base())
    return render(request, "candidatures/liens/lecture.html", {"lien": trouve, "jeton": jeton, "lu": lu})


def _accord(request: HttpRequest, trouve: Lien, jeton: str, membre: Membre) -> HttpResponse:
    """The version as it stands, what changed since this authority's last mark, and the form that marks it."""
    candidature = trouve.candidature
    essai = signer(request, candidature, membre, {}, lien=trouve)
    if essai is None:
        messages.success(request, "Votre bon pour dépôt est enregistré, sur cette version du dossier.")
        return redirect(ICI)
    formulaire, statut = essai
    composition = composition_de(candidature, pieces_de(candidature), membres_de(candidature))
    propres = {
        "lien": trouve,
        "jeton": jeton,
        "formulaire": formulaire,
        "lu": ce_qui_se_lit(candidature, horloge_base()),
        **ce_qui_a_change(candidature, membre.siren, composition),
    }
    return render(request, "candidatures/liens/accord.html", propres, status=statut)


def _piece(request: HttpRequest, trouve: Lien, jeton: str, membre: Membre) -> HttpResponse:
    """The places of this authority's own documents, and nothing else of the file."""
    places = _places(trouve, membre)
    formulaire, statut = None, 200
    if request.method == "POST":
        choix = PlaceForm(request.POST, places=places)
        if not choix.is_valid() or choix.place is None:
            raise RegleEnfreinte(PLUS_DEMANDEE)
        formulaire = PieceDeLienForm(request.POST, request.FILES, place=choix.place)
        if formulaire.is_valid():
            try:
                joindre_par_lien(
                    lien=trouve,
                    fichier=formulaire.cleaned_data["fichier"],
                    nature=choix.place.attendue.cle,
                    membre=membre,
                    maintenant=horloge_base(),
                )
            except RegleEnfreinte as refus:
                formulaire.add_error(None, refus.message)
                statut = 409
            else:
                messages.success(request, "Votre fichier est reçu, et joint au dossier.")
                return redirect(ICI)
    plein = empechement_d_envoyer_par_lien(trouve.envois)
    blocs = [
        (
            place,
            formulaire if formulaire is not None and formulaire.emplacement == place else PieceDeLienForm(place=place),
        )
        for place in places
    ]
    propres = {"lien": trouve, "jeton": jeton, "blocs": blocs, "plein": plein}
    return render(request, "candidatures/liens/piece.html", propres, status=statut)


def _places(trouve: Lien, membre: Membre) -> list[Emplacement]:
    pieces, membres = pieces_de(trouve.candidature), membres_de(trouve.candidature)
    places = emplacements(composition_de(trouve.candidature, pieces, membres), pieces)
    seul = len(membres) == 1
    return [p for p in places if p.attendue.par_membre and (p.membre == membre.pk or (seul and p.membre is None))]


def _consigner(request: HttpRequest, trouve: Lien) -> None:
    """Whoever holds it has no name here: the link is named, and whom it was made for."""
    consigner_la_lecture(
        request,
        NatureAcces.LIEN,
        f"Dossier {trouve.candidature.reference}, lien {trouve.pk}\u00a0: {trouve.nom or trouve.pour}",
    )
