"""A correction, as the territory writes it and gives it back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.cahier import Section
from candidatures.cahier.presentation import comptent
from candidatures.cahier.verification import CHAMPS_D_UNE_RUBRIQUE
from candidatures.dossier.etats import Qualite
from candidatures.dossier.forms.sections import SaisieDeSection
from candidatures.dossier.lecture import lire_section
from candidatures.instruction.correction import actions
from candidatures.instruction.correction.forms import (
    PieceDeCorrectionForm,
    RestitutionForm,
    RevisionForm,
)
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.instruction.correction.regles import empechement_de_corriger, empechement_de_rendre
from candidatures.instruction.correction.requetes import (
    attendue,
    deposees,
    empreinte_de,
    lire_correction,
    sections_demandees,
)
from candidatures.instruction.echanges.regles import peut_echanger
from candidatures.pages.commun.corrections import piece_de_correction
from candidatures.pages.territoire.acces import DossierOuvert, contexte, mon_dossier, reception
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.requete.trop_gros import champs_au_plus


@require_safe
@login_required
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, until when, what is written so far; then the earlier corrections of the file."""
    ouvert = mon_dossier(request, pk)
    if not peut_echanger(ouvert.candidature.etat):
        raise Http404
    toutes = [
        _avec_son_dossier(demande, ouvert)
        for demande in ouvert.candidature.corrections.select_related("auteur").order_by("-pk")
    ]
    attendue = next((demande for demande in toutes if not demande.rendue_le and not demande.fermee_le), None)
    lue = lire_correction(attendue) if attendue else None
    formulaires = [(piece, PieceDeCorrectionForm(attendue=piece)) for piece in lue.natures] if lue else []
    return render(
        request,
        "candidatures/territoire/correction/correction.html",
        contexte(
            ouvert,
            lue=lue,
            formulaires=formulaires,
            restitution=RestitutionForm(initial={"lue": empreinte_de(attendue)}) if attendue else None,
            passees=[lire_correction(demande) for demande in toutes if demande is not attendue],
            **_permissions(ouvert, attendue),
        ),
    )


@champs_au_plus(CHAMPS_D_UNE_RUBRIQUE)
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def correction_section(request: HttpRequest, pk: int, cle: str) -> HttpResponse:
    """The questions asked for in one section, beside what was deposited."""
    ouvert = mon_dossier(request, pk)
    demande = _attendue(ouvert)
    section = next((une for une in sections_demandees(demande) if une.cle == cle), None)
    if section is None:
        raise Http404
    exiger(request, empechement_de_corriger(*_quand(ouvert, demande)))
    if request.method != "POST":
        phrases = comptent(ouvert.cahier, section)
        saisie = SaisieDeSection(section, reponses=_ecrites(demande, section), comptent=phrases)
        return _page_de_section(request, ouvert, demande, section, saisie)
    return _enregistrer(request, ouvert, demande, section)


def _enregistrer(
    request: HttpRequest, ouvert: DossierOuvert, demande: DemandeDeCorrection, section: Section
) -> HttpResponse:
    phrases = comptent(ouvert.cahier, section)
    saisie = SaisieDeSection(section, reponses={}, donnees=request.POST, comptent=phrases)
    revision = RevisionForm(request.POST).numero
    if not saisie.is_valid():
        return _page_de_section(request, ouvert, demande, section, saisie, revision=revision)
    try:
        actions.enregistrer_correction(
            demande=demande,
            section=section.cle,
            reponses=saisie.reponses,
            auteur=personne(request),
            maintenant=horloge_base(),
            revision=revision,
        )
    except RegleEnfreinte as refus:
        enregistree = lire_section(section, _ecrites(demande, section))
        return _page_de_section(
            request, ouvert, demande, section, saisie, refus=refus.message, enregistree=enregistree, status=409
        )
    messages.success(request, "Vos corrections sont enregistrées. Elles ne sont pas encore rendues.")
    return redirect("candidatures:correction", ouvert.candidature.pk)


def _ecrites(demande: DemandeDeCorrection, section: Section) -> dict[str, Any]:
    """What was deposited in the section, as the correction puts it so far."""
    return {**deposees(demande.candidature).get(section.cle, {}), **demande.reponses.get(section.cle, {})}


def _page_de_section(
    request: HttpRequest,
    ouvert: DossierOuvert,
    demande: DemandeDeCorrection,
    section: Section,
    saisie: SaisieDeSection,
    *,
    status: int = 200,
    **autres: Any,
) -> HttpResponse:
    deposee = lire_section(section, deposees(ouvert.candidature).get(section.cle, {}))
    defauts = {"revision": demande.revision, "refus": "", "enregistree": None}
    propres = contexte(ouvert, demande=demande, saisie=saisie, deposee=deposee, **(defauts | autres))
    return render(request, "candidatures/territoire/correction/correction_section.html", propres, status=status)


@require_POST
@login_required
@une_seule_fois
def correction_joindre(request: HttpRequest, pk: int, cle: str) -> HttpResponse:
    """A file of the kind `cle`; refused, the page of the correction says why."""
    ouvert = mon_dossier(request, pk)
    demande = _attendue(ouvert)
    attendue = ouvert.cahier.piece(cle)
    if attendue is None or cle not in demande.natures:
        raise Http404
    formulaire = PieceDeCorrectionForm(request.POST, request.FILES, attendue=attendue)
    return conduire(
        request,
        formulaire,
        lambda: actions.joindre_a_la_correction(
            demande=demande,
            fichier=formulaire.cleaned_data["fichier"],
            nom=formulaire.cleaned_data["fichier"].name,
            nature=cle,
            auteur=personne(request),
            maintenant=horloge_base(),
        ),
        gabarit="candidatures/territoire/correction/correction_joindre.html",
        contexte=contexte(ouvert, demande=demande, attendue=attendue),
        succes="La pièce est jointe à la correction.",
        vers=reverse("candidatures:correction", args=[pk]),
    )


@require_POST
@login_required
@une_seule_fois
def correction_enlever(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponse:
    ouvert = mon_dossier(request, pk)
    piece = get_object_or_404(_attendue(ouvert).pieces.select_related("demande__candidature"), pk=piece_pk)
    actions.enlever_de_la_correction(piece=piece, auteur=personne(request), maintenant=horloge_base())
    messages.success(request, f"«\u00a0{piece.nom}\u00a0» ne fait plus partie de la correction.")
    return redirect("candidatures:correction", pk)


@require_POST
@login_required
@une_seule_fois
def rendre(request: HttpRequest, pk: int) -> HttpResponse:
    """The small request that counts."""
    ouvert = mon_dossier(request, pk)
    recu_le = reception(request, ouvert).instant
    formulaire = RestitutionForm(request.POST)
    formulaire.is_valid()
    actions.rendre_correction(
        demande=_attendue(ouvert),
        auteur=personne(request),
        recu_le=recu_le,
        maintenant=ouvert.maintenant,
        **formulaire.cleaned_data,
    )
    messages.success(request, "Votre correction est rendue : le service instructeur en est prévenu.")
    return redirect("candidatures:correction", pk)


@require_safe
@login_required
def piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    return piece_de_correction(mon_dossier(request, pk).candidature, piece_pk)


def _attendue(ouvert: DossierOuvert) -> DemandeDeCorrection:
    return attendue(ouvert.candidature)


def _avec_son_dossier(demande: DemandeDeCorrection, ouvert: DossierOuvert) -> DemandeDeCorrection:
    demande.candidature = ouvert.candidature
    return demande


def _quand(ouvert: DossierOuvert, demande: DemandeDeCorrection) -> tuple[str, datetime, datetime, Qualite | None]:
    return ouvert.candidature.etat, demande.echeance, ouvert.maintenant, ouvert.qualite


def _permissions(ouvert: DossierOuvert, demande: DemandeDeCorrection | None) -> dict[str, bool]:
    if demande is None:
        return {"peut_corriger": False, "peut_rendre": False}
    quand = _quand(ouvert, demande)
    return {
        "peut_corriger": empechement_de_corriger(*quand) is None,
        "peut_rendre": empechement_de_rendre(*quand) is None,
    }
