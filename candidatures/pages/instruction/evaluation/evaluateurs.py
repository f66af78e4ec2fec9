"""To whom files are entrusted for evaluation: one file, or those of a wave that lack evaluators."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from candidatures.evaluation import regles
from candidatures.evaluation.actions import evaluateurs as actions
from candidatures.evaluation.candidats import a_confier, candidats, manquants
from candidatures.evaluation.forms import ConfierForm, LotForm, RetraitForm
from candidatures.evaluation.models.evaluateurs import Evaluateur
from candidatures.evaluation.requetes import empechement_de_confier, situation
from candidatures.instruction.acces import avec_etat_connu, lus_en_entier_par, suivis_par
from candidatures.pages.instruction.lecture.parcours import suite_de
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import role_requis
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.accords import en_lettres
from rebond.socle.texte.typographie import compte
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR, Role.VALIDEUR)
@une_seule_fois
def evaluateurs(request: HttpRequest, pk: int) -> HttpResponse:
    """Who evaluates the file, and who else may."""
    dossier = _lu(request, pk)
    exiger(request, empechement_de_confier(dossier, dossier.etat_connu))
    gens = list(Evaluateur.objects.en_cours().filter(candidature=dossier).select_related("personne"))
    manquent = max(0, regles.EVALUATEURS_PAR_DOSSIER - len(gens))
    possibles = candidats([dossier.pk], personne(request))[dossier.pk]
    formulaire = ConfierForm(envoi(request), candidats=possibles, manquent=manquent)
    return conduire(
        request,
        formulaire,
        lambda: actions.confier(
            candidature=dossier, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/evaluation/evaluateurs.html",
        contexte={"dossier": dossier, "evaluateurs": gens, "manquent": manquent, "retour": suite_de(request, None)},
        succes="L’évaluation est confiée\u00a0: chacun est prévenu par e-mail.",
        vers=reverse("instruction:evaluateurs", args=[pk]) + suite_de(request, None),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR, Role.VALIDEUR)
@une_seule_fois
def retirer(request: HttpRequest, pk: int, evaluateur_pk: int) -> HttpResponse:
    dossier = _lu(request, pk)
    exiger(request, regles.empechement_de_retirer(ouvertes=situation(dossier)["ouvertes"]))
    siens = Evaluateur.objects.en_cours().filter(candidature=dossier).select_related("personne", "candidature")
    evaluateur = get_object_or_404(siens, pk=evaluateur_pk)
    formulaire = RetraitForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: actions.retirer(
            evaluateur=evaluateur, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/evaluation/retirer.html",
        contexte={"dossier": dossier, "evaluateur": evaluateur, "retour": suite_de(request, None)},
        succes=f"{evaluateur} n’évalue plus ce dossier.",
        vers=reverse("instruction:evaluateurs", args=[pk]) + suite_de(request, None),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR, Role.VALIDEUR)
@une_seule_fois
def confier_lot(request: HttpRequest, numero: int) -> HttpResponse:
    """Files that lack evaluators, and whom the portal proposes: what is confirmed is what was read."""
    moi = personne(request)
    vague = get_object_or_404(Vague.objects.closes(horloge_base()), numero=numero)
    sans = manquants(suivis_par(moi).filter(vague=vague))
    proposes, orphelins = a_confier(sans, moi)
    formulaire = LotForm(envoi(request), proposes=proposes)
    if request.method == "POST" and formulaire.is_valid():
        faits, refus = actions.confier_lot(
            choix=formulaire.cleaned_data["choix"], auteur=moi, maintenant=horloge_base()
        )
        _dire(request, faits, refus)
        return redirect(reverse("instruction:confier_les_evaluations", args=[numero]))
    contexte: dict[str, Any] = {"vague": vague, "formulaire": formulaire, "orphelins": orphelins}
    contexte["par_dossier"] = en_lettres(regles.EVALUATEURS_PAR_DOSSIER, feminin=True)
    return render(
        request,
        "candidatures/evaluation/confier_lot.html",
        {**contexte, "proposes": proposes, "restants": sans.count() - len(proposes) - len(orphelins)},
    )


def _dire(request: HttpRequest, faits: int, refus: list[str]) -> None:
    """Raises `RegleEnfreinte` when nothing of what was chosen could be done."""
    if refus and not faits:
        raise RegleEnfreinte(*refus)
    if faits:
        messages.success(request, f"{compte(faits, 'dossier confié', 'dossiers confiés')} pour évaluation.")
    for phrase in refus:
        messages.warning(request, f"Non confié – {phrase}")


def _lu(request: HttpRequest, pk: int) -> Any:
    moi = personne(request)
    lus = avec_etat_connu(lus_en_entier_par(moi), moi, horloge_base())
    return get_object_or_404(lus.pour_lecture(), pk=pk)
