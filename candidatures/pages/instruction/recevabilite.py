"""Finding whether a file meets the conditions of its wave; signing that it does not, or sending that back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidatures.depot.requetes import depots_de
from candidatures.instruction.acces import a_instruire_par, avec_etat_connu, entiers_de
from candidatures.instruction.correction.requetes import corrections_de
from candidatures.instruction.recevabilite import actions
from candidatures.instruction.recevabilite.faits import faits_connus
from candidatures.instruction.recevabilite.forms import ExamenForm, RenvoiForm, SignatureForm, VoieForm, dire_toutes
from candidatures.instruction.recevabilite.requetes import (
    avec_irrecevabilite,
    conditions_lues,
    derniere_qualite,
    empechement_de_constater,
    empechement_de_signer,
    examen_de,
    irrecevabilite_de,
)
from candidatures.instruction.revision.requetes import avec_revision
from candidatures.instruction.saisine.regles import TROP_LONG
from candidatures.pages.commun.saisies import copie_de_recevabilite, deconnecte, enregistre
from candidatures.pages.instruction.lecture.actes import conduire_l_acte
from candidatures.pages.instruction.lecture.parcours import suite_de
from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role

EXAMINER = "candidatures/instruction/recevabilite.html"
RECEVABLE = "Le dossier est recevable."
PROPOSEE = "L’irrecevabilité est proposée\u00a0: un valideur la signera, ou vous la renverra en disant pourquoi."
RAPPEL = "La vérification n’est pas conclue."


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def recevabilite(request: HttpRequest, pk: int) -> HttpResponse:
    """Each condition; what is typed is kept as a draft, whoever goes on with it."""
    lu = _a_examiner(request, pk)
    exiger(request, empechement_de_constater(lu))
    brouillon_envoye = VoieForm(request.POST).est_un_brouillon
    formulaire = _formulaire(request, lu, conclut=not brouillon_envoye)
    if brouillon_envoye:
        return _garder(request, lu, formulaire)
    conclut = formulaire.is_bound and formulaire.is_valid()
    succes = RECEVABLE if conclut and formulaire.recevable else PROPOSEE
    return conduire_l_acte(
        request,
        lu,
        formulaire,
        lambda: _conclure(request, lu, formulaire),
        gabarit=EXAMINER,
        succes=succes,
        **_contexte(request, lu),
    )


@require_POST
def brouillon(request: HttpRequest, pk: int) -> JsonResponse:
    """What the page saves by itself."""
    if not request.user.is_authenticated:
        return deconnecte()
    if not a_le_role(request.user, Role.INSTRUCTEUR):
        raise Http404
    lu = _a_examiner(request, pk)
    try:
        garde = _ecrire(request, lu, _formulaire(request, lu, conclut=False))
    except RegleEnfreinte as refus:
        return JsonResponse({"etat": "refus", "message": refus.message}, status=409)
    return enregistre(garde.revision, RAPPEL)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.VALIDEUR)
@une_seule_fois
def signer(request: HttpRequest, pk: int) -> HttpResponse:
    lu, moi = _a_signer(request, pk), personne(request)
    formulaire = SignatureForm(envoi(request), initial={"lue": _lue(lu), "qualite": derniere_qualite(moi)})
    return _close(request, lu, formulaire, actions.signer_irrecevabilite, "L’irrecevabilité est signée.")


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.VALIDEUR)
@une_seule_fois
def renvoyer(request: HttpRequest, pk: int) -> HttpResponse:
    lu = _a_signer(request, pk)
    formulaire = RenvoiForm(envoi(request), initial={"lue": _lue(lu)})
    succes = "L’irrecevabilité est renvoyée à l’instruction."
    return _close(request, lu, formulaire, actions.renvoyer_irrecevabilite, succes)


def _close(request: HttpRequest, lu: Any, formulaire: Any, acte: Any, succes: str) -> HttpResponse:
    return conduire_l_acte(
        request,
        lu,
        formulaire,
        lambda: acte(candidature=lu, valideur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data),
        gabarit="candidatures/instruction/irrecevabilite.html",
        succes=succes,
        irrecevabilite=irrecevabilite_de(lu),
        conditions=conditions_lues(lu),
        renvoie=isinstance(formulaire, RenvoiForm),
    )


def _formulaire(request: HttpRequest, lu: Any, *, conclut: bool) -> ExamenForm:
    conditions, examen, renvoyee = conditions_lues(lu), examen_de(lu), irrecevabilite_de(lu)
    depots = depots_de(lu)
    corrections = corrections_de(lu, depots[0].contenu["sections"])
    donnees = envoi(request)
    if donnees is not None and VoieForm(donnees).dit_toutes:
        donnees = dire_toutes(donnees, lu.cahier.cahier.recevabilite)
    motif = examen.motif if examen else ""
    if not conditions and examen is None and renvoyee:
        motif = renvoyee.motif
    return ExamenForm(
        donnees,
        conditions=conditions,
        conclut=conclut,
        faits=faits_connus(lu, depots[0], corrections),
        motif=motif,
        revision=examen.revision if examen else 0,
    )


def _contexte(request: HttpRequest, lu: Any) -> dict[str, Any]:
    return {
        "examen": examen_de(lu),
        "irrecevabilite": irrecevabilite_de(lu),
        "conditions": lu.cahier.cahier.recevabilite,
        "copie": copie_de_recevabilite(lu.pk, personne(request).pk),
        "refus": "",
    }


def _conclure(request: HttpRequest, lu: Any, formulaire: ExamenForm) -> None:
    commun: dict[str, Any] = {"candidature": lu, "auteur": personne(request), "maintenant": horloge_base()}
    ecrit = formulaire.ecrit
    if formulaire.recevable:
        actions.declarer_recevable(**commun, constats=ecrit["constats"], revision=ecrit["revision"])
    else:
        actions.proposer_irrecevabilite(**commun, **ecrit)


def _ecrire(request: HttpRequest, lu: Any, formulaire: ExamenForm) -> Any:
    if not formulaire.is_valid():
        raise RegleEnfreinte(TROP_LONG)
    return actions.garder(candidature=lu, auteur=personne(request), maintenant=horloge_base(), **formulaire.ecrit)


def _garder(request: HttpRequest, lu: Any, formulaire: ExamenForm) -> HttpResponse:
    """Whatever is found so far."""
    try:
        _ecrire(request, lu, formulaire)
    except RegleEnfreinte as refus:
        contexte = {"dossier": lu, "retour": suite_de(request, None), "faits": [], **_contexte(request, lu)}
        return render(request, EXAMINER, {**contexte, "formulaire": formulaire, "refus": refus.message}, status=409)
    messages.success(request, f"Le brouillon est enregistré. {RAPPEL}")
    return redirect(reverse("instruction:recevabilite", args=[lu.pk]) + suite_de(request, None))


def _a_examiner(request: HttpRequest, pk: int) -> Any:
    moi = personne(request)
    siens = avec_revision(avec_etat_connu(a_instruire_par(moi), moi, horloge_base()).pour_lecture())
    lus = avec_irrecevabilite(siens).select_related("recevabilite", "examen_de_recevabilite__ecrit_par")
    return get_object_or_404(lus, pk=pk)


def _a_signer(request: HttpRequest, pk: int) -> Any:
    moi = personne(request)
    lus = avec_irrecevabilite(avec_revision(entiers_de(moi, horloge_base()).pour_lecture()))
    lu = get_object_or_404(lus.select_related("recevabilite", "examen_de_recevabilite"), pk=pk)
    exiger(request, empechement_de_signer(lu, moi))
    return lu


def _lue(lu: Any) -> int | None:
    irrecevabilite = irrecevabilite_de(lu)
    return irrecevabilite.pk if irrecevabilite else None
