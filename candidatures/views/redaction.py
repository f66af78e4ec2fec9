"""Writing in a file: its sections and its attachments."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.actions import dossiers
from candidatures.actions.dossiers import RevisionDepassee
from candidatures.cahier import CAHIER, SECTIONS
from candidatures.forms.dossiers import EnregistrementForm, PieceForm
from candidatures.forms.sections import SaisieDeSection
from candidatures.lecture import SectionLue
from candidatures.lecture import lire as lire_contenu
from candidatures.models import PieceJointe
from candidatures.views.acces import Ouvrage, adresse, contexte, envoi, mon_ouvrage
from rebond.socle import documents
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.temps import horloge_base
from rebond.socle.vues import conduire, personne

# The six sections, the attachments, the deposit.
ETAPES = [*(section.cle for section in CAHIER), "pieces", "deposer"]
TITRES = {section.cle: section.titre for section in CAHIER} | {
    "pieces": "Les pièces jointes",
    "deposer": "Relire et déposer",
}


def etape(cle: str) -> dict[str, Any]:
    """What the stepper shows for `cle`."""
    rang = ETAPES.index(cle) + 1
    suivante = TITRES[ETAPES[rang]] if rang < len(ETAPES) else ""
    return {"titre": TITRES[cle], "rang": rang, "total": len(ETAPES), "suivante": suivante}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def section(request: HttpRequest, pk: int, cle: str) -> HttpResponse:
    """One section of the draft. Whatever refuses it, what was typed stays in the page."""
    if cle not in SECTIONS:
        raise Http404
    ouvrage = mon_ouvrage(request, pk)
    reponses = ouvrage.candidature.contenu.get(cle, {})
    if request.method == "POST":
        return _enregistrer(request, ouvrage, SaisieDeSection(SECTIONS[cle], reponses=reponses, donnees=request.POST))
    if not ouvrage.peut_ecrire:
        return redirect("candidatures:lire", pk)
    return _page(request, ouvrage, SaisieDeSection(SECTIONS[cle], reponses=reponses))


def _enregistrer(request: HttpRequest, ouvrage: Ouvrage, saisie: SaisieDeSection) -> HttpResponse:
    enregistrement = EnregistrementForm(request.POST)
    valide = enregistrement.is_valid()
    revision = enregistrement.cleaned_data.get("revision", ouvrage.candidature.revision)
    if not (saisie.is_valid() and valide):
        refus = "" if valide else "La page reçue était incomplète : enregistrez de nouveau."
        return _page(request, ouvrage, saisie, revision=revision, refus=refus)
    try:
        dossiers.enregistrer_section(
            candidature=ouvrage.candidature,
            section=saisie.section.cle,
            reponses=saisie.reponses,
            auteur=personne(request),
            maintenant=horloge_base(),
            revision=revision,
        )
    except RevisionDepassee as conflit:
        return _page(request, ouvrage, saisie, refus=conflit.message, enregistree=_relue(ouvrage, saisie), status=409)
    except RegleEnfreinte as erreur:
        return _page(request, ouvrage, saisie, revision=revision, refus=erreur.message, status=409)
    messages.success(request, f"Rubrique « {saisie.section.titre} » enregistrée dans le brouillon.")
    if enregistrement.cleaned_data["suite"] == "dossier":
        return redirect("candidatures:dossier", ouvrage.candidature.pk)
    suivante = ETAPES[ETAPES.index(saisie.section.cle) + 1]
    return redirect(adresse(ouvrage.candidature.pk, suivante))


def _relue(ouvrage: Ouvrage, saisie: SaisieDeSection) -> SectionLue:
    """The section as someone else has saved it in the meantime."""
    return lire_contenu(ouvrage.candidature.contenu)[CAHIER.index(saisie.section)]


def _page(
    request: HttpRequest, ouvrage: Ouvrage, saisie: SaisieDeSection, *, status: int = 200, **autres: Any
) -> HttpResponse:
    defauts = {"revision": ouvrage.candidature.revision, "refus": "", "enregistree": None}
    cle = saisie.section.cle
    rang = ETAPES.index(cle)
    return render(
        request,
        "candidatures/section.html",
        contexte(
            ouvrage,
            saisie=saisie,
            etape=etape(cle),
            precedente=adresse(ouvrage.candidature.pk, ETAPES[rang - 1]) if rang else "",
            **(defauts | autres),
        ),
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pieces(request: HttpRequest, pk: int) -> HttpResponse:
    """The attachments, and the form that adds one."""
    ouvrage = mon_ouvrage(request, pk)
    formulaire = PieceForm(envoi(request), request.FILES or None)
    return conduire(
        request,
        formulaire,
        lambda: dossiers.joindre_piece(
            candidature=ouvrage.candidature,
            fichier=formulaire.cleaned_data["fichier"],
            nom=formulaire.cleaned_data["fichier"].name,
            nature=formulaire.cleaned_data["nature"],
            auteur=personne(request),
            maintenant=horloge_base(),
        ),
        gabarit="candidatures/pieces.html",
        contexte=contexte(ouvrage, etape=etape("pieces"), precedente=adresse(pk, ETAPES[-3])),
        succes="La pièce est jointe au brouillon.",
        vers=reverse("candidatures:pieces", args=[pk]),
    )


@require_safe
@login_required
def piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    trouvee = _piece(mon_ouvrage(request, pk), piece_pk)
    return documents.reponse(trouvee.document, trouvee.nom)


@require_POST
@login_required
def enlever_piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    trouvee = _piece(mon_ouvrage(request, pk), piece_pk)
    dossiers.enlever_piece(piece=trouvee, auteur=personne(request), maintenant=horloge_base())
    messages.success(request, f"« {trouvee.nom} » ne fait plus partie du brouillon.")
    return redirect("candidatures:pieces", pk)


def _piece(ouvrage: Ouvrage, piece_pk: int) -> PieceJointe:
    return get_object_or_404(ouvrage.candidature.pieces.select_related("document", "candidature"), pk=piece_pk)
