"""The grouping of a file: its members, their territory, and what changes them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.dossier.forms.dossiers import RechercheEpciForm
from candidatures.dossier.groupement import actions
from candidatures.dossier.groupement.forms import AjoutMembreForm, NomDuTerritoireForm, PetrForm, RechercheMembreForm
from candidatures.dossier.groupement.requetes import collectivite_de
from candidatures.dossier.groupement.successions import suivre_la_succession
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.pieces.emplacements import emplacements
from candidatures.pages.territoire.acces import DossierOuvert, contexte, mon_dossier
from candidatures.pages.territoire.groupement import groupement as lire_groupement
from rebond.socle.formulaires.vues import conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.carte import carte_territoire_svg
from territoires.models import Epci
from territoires.requetes import nom_choisi


@require_safe
@login_required
def groupement(request: HttpRequest, pk: int) -> HttpResponse:
    """Who stands behind the file, what they make together, whom they overlap with."""
    ouvert = mon_dossier(request, pk)
    places = emplacements(ouvert.composition, ouvert.pieces)
    lu = lire_groupement(ouvert.candidature, ouvert.membres, places, ouvert.maintenant, personne(request))
    return render(
        request,
        "candidatures/territoire/groupement/groupement.html",
        contexte(
            ouvert, groupement=lu, recherche=RechercheMembreForm(moi=personne(request)) if ouvert.peut_ecrire else None
        ),
    )


@require_safe
@login_required
@never_cache
def carte_perimetre(request: HttpRequest, pk: int) -> HttpResponse:
    territoire = mon_dossier(request, pk).candidature.territoire
    svg = carte_territoire_svg(territoire, etroit="etroite" in request.GET)
    return HttpResponse(svg, content_type="image/svg+xml")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def membre_ajouter(request: HttpRequest, pk: int) -> HttpResponse:
    """Search, then add one of the answers. The address carries the search."""
    ouvert = _a_modifier(request, pk)
    recherche = RechercheMembreForm(request.GET, moi=personne(request))
    formulaire = AjoutMembreForm(envoi(request), initial=_initial(ouvert), recherche=recherche)
    return _conduire(
        request,
        ouvert,
        formulaire,
        lambda donnees: actions.ajouter_membre(
            collectivite=formulaire.collectivite,
            nom=donnees["nom"],
            prend_la_place=donnees.get("prend_la_place", False),
            **_acte(request, ouvert),
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
    ouvert = _a_modifier(request, pk)
    recherche = RechercheEpciForm(request.GET)
    formulaire = PetrForm(envoi(request), initial=_initial(ouvert))
    return _conduire(
        request,
        ouvert,
        formulaire,
        lambda donnees: actions.declarer_membre_petr(epcis=recherche.choisis, **donnees, **_acte(request, ouvert)),
        gabarit="candidatures/territoire/groupement/petr_declarer.html",
        autres={"recherche": recherche},
        succes="Le PETR fait partie du groupement. Vérifiez ci-dessous son périmètre et les pièces attendues.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def membre_retirer(request: HttpRequest, pk: int, membre_pk: int) -> HttpResponse:
    """Asks first: the member's attachments leave with it."""
    ouvert = _a_modifier(request, pk)
    membre = _membre(ouvert, membre_pk)
    return _conduire(
        request,
        ouvert,
        NomDuTerritoireForm(envoi(request), initial=_initial(ouvert)),
        lambda donnees: actions.retirer_membre(
            collectivite=collectivite_de(membre), nom=donnees["nom"], **_acte(request, ouvert)
        ),
        gabarit="candidatures/territoire/groupement/membre_retirer.html",
        autres={"membre": membre, "pieces": [piece for piece in ouvert.pieces if piece.membre_id == membre.pk]},
        succes=f"{membre.nom} ne fait plus partie du groupement.",
    )


@require_POST
@login_required
@une_seule_fois
def membre_chef_de_file(request: HttpRequest, pk: int, membre_pk: int) -> HttpResponse:
    ouvert = mon_dossier(request, pk)
    membre = _membre(ouvert, membre_pk)
    actions.designer_chef_de_file(collectivite=collectivite_de(membre), **_acte(request, ouvert))
    messages.success(request, f"{membre.nom} est maintenant le chef de file du groupement.")
    return redirect("candidatures:groupement", pk)


@require_POST
@login_required
@une_seule_fois
def membre_remplacer(request: HttpRequest, pk: int, membre_pk: int, siren: str) -> HttpResponse:
    """A member that is gone, by one of those that came after it."""
    ouvert = mon_dossier(request, pk)
    membre = _membre(ouvert, membre_pk)
    nouvelle = get_object_or_404(Epci.objects.select_related("region"), siren=siren)
    suivre_la_succession(membre=membre, nouvelle=nouvelle, **_acte(request, ouvert))
    messages.success(request, f"{nouvelle.nom} prend la place de {membre.nom}. Vérifiez les pièces attendues.")
    return redirect("candidatures:groupement", pk)


def _conduire(
    request: HttpRequest,
    ouvert: DossierOuvert,
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
        contexte=contexte(ouvert, **autres),
        succes=succes,
        vers=reverse("candidatures:groupement", args=[ouvert.candidature.pk]),
    )


def _a_modifier(request: HttpRequest, pk: int) -> DossierOuvert:
    """The file, for a page that leads to a change; the action itself judges what is sent."""
    ouvert = mon_dossier(request, pk)
    exiger(request, ouvert.empechement_d_ecrire)
    return ouvert


def _acte(request: HttpRequest, ouvert: DossierOuvert) -> dict[str, Any]:
    return {"candidature": ouvert.candidature, "auteur": personne(request), "maintenant": horloge_base()}


def _initial(ouvert: DossierOuvert) -> dict[str, str]:
    """A territory that was given a name keeps it when it grows."""
    return {"nom": nom_choisi(ouvert.candidature.territoire)}


def _membre(ouvert: DossierOuvert, membre_pk: int) -> Membre:
    trouve = next((membre for membre in ouvert.membres if membre.pk == membre_pk), None)
    if trouve is None:
        raise Http404
    return trouve
