"""The grouping of a file: its members, their territory, and what changes them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.dossier.forms.dossiers import RechercheEpciForm
from candidatures.dossier.groupement import actions
from candidatures.dossier.groupement.forms import AjoutMembreForm, NomDuTerritoireForm, PetrForm, RechercheMembreForm
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.pieces.emplacements import emplacements
from candidatures.pages.territoire.acces import Ouvrage, contexte, mon_ouvrage
from candidatures.pages.territoire.groupement import groupement as lire_groupement
from candidatures.pages.territoire.groupement import nom_choisi
from rebond.socle.formulaires.vues import conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.carte import carte_territoire_svg


@require_safe
@login_required
def groupement(request: HttpRequest, pk: int) -> HttpResponse:
    """Who stands behind the file, what they make together, whom they overlap with."""
    ouvrage = mon_ouvrage(request, pk)
    places = emplacements(ouvrage.dossier, ouvrage.pieces)
    lu = lire_groupement(ouvrage.candidature, ouvrage.membres, places, ouvrage.maintenant)
    return render(
        request,
        "candidatures/territoire/groupement/groupement.html",
        contexte(ouvrage, groupement=lu, recherche=RechercheMembreForm() if ouvrage.peut_ecrire else None),
    )


@require_safe
@login_required
@never_cache
def carte_perimetre(request: HttpRequest, pk: int) -> HttpResponse:
    territoire = mon_ouvrage(request, pk).candidature.territoire
    return HttpResponse(carte_territoire_svg(territoire), content_type="image/svg+xml")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def membre_ajouter(request: HttpRequest, pk: int) -> HttpResponse:
    """Search, then add one of the answers. The address carries the search."""
    ouvrage = _a_modifier(request, pk)
    recherche = RechercheMembreForm(request.GET)
    formulaire = AjoutMembreForm(envoi(request), initial=_initial(ouvrage), recherche=recherche)
    return _conduire(
        request,
        ouvrage,
        formulaire,
        lambda donnees: actions.ajouter_membre(
            collectivite=formulaire.collectivite,
            nom=donnees["nom"],
            prend_la_place=donnees.get("prend_la_place", False),
            **_acte(request, ouvrage),
        ),
        gabarit="candidatures/territoire/groupement/membre_ajouter.html",
        autres={"recherche": recherche},
        succes="Le groupement compte un membre de plus. Vérifiez ci-dessous son périmètre et les pièces attendues.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def petr_declarer(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the EPCI of a PETR one after the other, then say who it is. The address carries what is chosen."""
    ouvrage = _a_modifier(request, pk)
    recherche = RechercheEpciForm(request.GET)
    formulaire = PetrForm(envoi(request), initial=_initial(ouvrage))
    return _conduire(
        request,
        ouvrage,
        formulaire,
        lambda donnees: actions.declarer_membre_petr(epcis=recherche.choisis, **donnees, **_acte(request, ouvrage)),
        gabarit="candidatures/territoire/groupement/petr_declarer.html",
        autres={"recherche": recherche},
        succes="Le PETR fait partie du groupement. Vérifiez ci-dessous son périmètre et les pièces attendues.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def membre_retirer(request: HttpRequest, pk: int, membre_pk: int) -> HttpResponse:
    """Asks first: the member's attachments leave with it."""
    ouvrage = _a_modifier(request, pk)
    membre = _membre(ouvrage, membre_pk)
    return _conduire(
        request,
        ouvrage,
        NomDuTerritoireForm(envoi(request), initial=_initial(ouvrage)),
        lambda donnees: actions.retirer_membre(
            collectivite=actions.collectivite_de(membre), nom=donnees["nom"], **_acte(request, ouvrage)
        ),
        gabarit="candidatures/territoire/groupement/membre_retirer.html",
        autres={"membre": membre, "pieces": [piece for piece in ouvrage.pieces if piece.membre_id == membre.pk]},
        succes=f"{membre.nom} ne fait plus partie du groupement.",
    )


@require_POST
@login_required
@une_seule_fois
def membre_chef_de_file(request: HttpRequest, pk: int, membre_pk: int) -> HttpResponse:
    ouvrage = mon_ouvrage(request, pk)
    membre = _membre(ouvrage, membre_pk)
    actions.designer_chef_de_file(collectivite=actions.collectivite_de(membre), **_acte(request, ouvrage))
    messages.success(request, f"{membre.nom} est maintenant le chef de file du groupement.")
    return redirect("candidatures:groupement", pk)


def _conduire(
    request: HttpRequest,
    ouvrage: Ouvrage,
    formulaire: Any,
    agir: Callable[[Mapping[str, Any]], Any],
    *,
    gabarit: str,
    autres: Mapping[str, Any],
    succes: str,
) -> HttpResponse:
    return conduire(
        request,
        formulaire,
        lambda: agir(formulaire.cleaned_data),
        gabarit=gabarit,
        contexte=contexte(ouvrage, **autres),
        succes=succes,
        vers=reverse("candidatures:groupement", args=[ouvrage.candidature.pk]),
    )


def _a_modifier(request: HttpRequest, pk: int) -> Ouvrage:
    """The file, for a page that leads to a change; the action itself judges what is sent."""
    ouvrage = mon_ouvrage(request, pk)
    exiger(request, ouvrage.empechement_d_ecrire)
    return ouvrage


def _acte(request: HttpRequest, ouvrage: Ouvrage) -> dict[str, Any]:
    return {"candidature": ouvrage.candidature, "auteur": personne(request), "maintenant": horloge_base()}


def _initial(ouvrage: Ouvrage) -> dict[str, str]:
    """A territory that was given a name keeps it when it grows."""
    return {"nom": nom_choisi(ouvrage.candidature.territoire)}


def _membre(ouvrage: Ouvrage, membre_pk: int) -> Membre:
    trouve = next((membre for membre in ouvrage.membres if membre.pk == membre_pk), None)
    if trouve is None:
        raise Http404
    return trouve
