"""One's own evaluations, and what is read of those of a wave once they are open."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.cahier.requetes import cahier_courant
from candidatures.depot.requetes import depots_de
from candidatures.dossier.lecture import lire
from candidatures.evaluation.actions import evaluations
from candidatures.evaluation.candidats import manquants
from candidatures.evaluation.forms import AbstentionForm, EvaluationForm
from candidatures.evaluation.models.evaluateurs import Evaluateur
from candidatures.evaluation.rapport import ouvertes_de, rapport
from candidatures.evaluation.requetes import (
    empechement_d_evaluer,
    evaluations_lues,
    lu_maintenant,
    siennes,
)
from candidatures.instruction.acces import a_instruire_par, avec_etat_connu, suivis_par
from candidatures.instruction.correction.requetes import corrections_de
from candidatures.pages.instruction.evaluation.listes_des_evaluations import ListeDeMesEvaluations, ListeDesDesaccords
from candidatures.pages.instruction.lecture.parcours import suite_de
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import avertir, conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_safe
@role_requis(Role.INSTRUCTEUR)
def mes_evaluations(request: HttpRequest) -> HttpResponse:
    """What is entrusted to this person, what is left to do first."""
    liste = ListeDeMesEvaluations(siennes(personne(request)), request.GET)
    return render(request, "candidatures/evaluation/mes_evaluations.html", liste.contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def evaluer(request: HttpRequest, pk: int) -> HttpResponse:
    """The file to read, and the grid beside it; what is typed is kept as a draft, right or not."""
    dossier, lues = _confie(request, pk)
    exiger(request, empechement_d_evaluer(dossier, dossier.etat_connu, rendue=lues.rendue is not None))
    formulaire = EvaluationForm(
        envoi(request),
        cahier=dossier.cahier.cahier,
        depuis=lues.brouillon or lues.rendue,
        remplace=lues.rendue is not None,
        lu=lu_maintenant(dossier),
    )
    statut = 200
    if request.method == "POST":
        statut, succes = _agir(request, dossier, formulaire)
        if succes:
            messages.success(request, succes)
            avertir(request, formulaire)
            ici = "instruction:dossier" if formulaire.rend else "instruction:evaluer"
            return redirect(reverse(ici, args=[pk]) + suite_de(request, None))
    contexte = {"formulaire": formulaire, "evaluations": lues, "retour": suite_de(request, None), **_a_lire(dossier)}
    return render(request, "candidatures/evaluation/evaluer.html", contexte, status=statut)


def _a_lire(dossier: Any) -> dict[str, Any]:
    depots = depots_de(dossier)
    return {
        "dossier": dossier,
        "depot": depots[0],
        "sections": lire(dossier.cahier.cahier, depots[0].contenu["sections"]),
        "corrections": corrections_de(dossier, depots[0].contenu["sections"]),
    }


def _agir(request: HttpRequest, dossier: Any, formulaire: EvaluationForm) -> tuple[int, str]:
    """Render or keep; the status of the page to correct, or what was done."""
    acte: dict[str, Any] = {"candidature": dossier, "auteur": personne(request), "maintenant": horloge_base()}
    valide = formulaire.is_valid()
    try:
        if valide and formulaire.rend:
            evaluations.rendre(**acte, saisie=formulaire.saisie)
            return 200, "Votre évaluation est rendue."
        brouillon = evaluations.enregistrer(**acte, saisie=formulaire.saisie)
        formulaire.porter(revision=brouillon.revision)
    except evaluations.BrouillonEnregistreAilleurs as erreur:
        formulaire.porter(revision=erreur.revision)
        formulaire.add_error(None, list(erreur.messages))
        return 409, ""
    except evaluations.DossierChange as erreur:
        brouillon = evaluations.enregistrer(**acte, saisie=formulaire.saisie)
        formulaire.porter(revision=brouillon.revision, lu=erreur.lu)
        formulaire.add_error(None, list(erreur.messages))
        return 409, ""
    except RegleEnfreinte as erreur:
        formulaire.add_error(None, list(erreur.messages))
        return 409, ""
    return 200, "Votre brouillon est enregistré. Personne d’autre ne le lit." if valide else ""


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def s_abstenir(request: HttpRequest, pk: int) -> HttpResponse:
    dossier, lues = _confie(request, pk)
    exiger(request, empechement_d_evaluer(dossier, dossier.etat_connu, rendue=lues.rendue is not None))
    formulaire = AbstentionForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: evaluations.s_abstenir(
            candidature=dossier, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/evaluation/s_abstenir.html",
        contexte={"dossier": dossier, "retour": suite_de(request, None)},
        succes="Votre abstention est enregistrée.",
        vers=reverse("instruction:dossier", args=[pk]) + suite_de(request, None),
    )


@require_safe
@role_requis(Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR)
def evaluations_de_la_vague(request: HttpRequest, numero: int) -> HttpResponse:
    """How far evaluators are from one another, on the files that this person reads and whose evaluations are open."""
    moi = personne(request)
    vague = get_object_or_404(Vague.objects.closes(horloge_base()), numero=numero)
    en_desaccord = ouvertes_de(moi, vague).filter(desaccord=True)
    liste = ListeDesDesaccords(en_desaccord, request.GET)
    confie = a_le_role(moi, Role.INSTRUCTEUR, Role.VALIDEUR)
    contexte = {
        **liste.contexte,
        "vague": vague,
        "rapport": rapport(moi, vague, cahier_courant(vague=vague).cahier),
        "a_confier": manquants(suivis_par(moi).filter(vague=vague)).count() if confie else 0,
        "evalue": Evaluateur.objects.en_cours().filter(personne=moi, candidature__vague=vague).exists(),
    }
    return render(request, "candidatures/evaluation/rapport.html", contexte)


def _confie(request: HttpRequest, pk: int) -> tuple[Any, Any]:
    """The file, for whoever evaluates it now, with what they read of its evaluations; a 404 for anybody else."""
    moi = personne(request)
    dossier = get_object_or_404(
        avec_etat_connu(a_instruire_par(moi), moi, horloge_base()).pour_lecture(),
        pk=pk,
        pk__in=Evaluateur.objects.en_cours().filter(personne=moi).values("candidature"),
    )
    return dossier, evaluations_lues(dossier, moi)
