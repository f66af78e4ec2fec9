"""One file as the agents and the experts read it, and what they do on it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.depot.models import AccuseReception, AccuseRectificatif, Depot, PieceDeposee
from candidatures.depot.reliure.requetes import remise
from candidatures.depot.requetes import depots_de
from candidatures.depot.retours import accuses_non_arrives
from candidatures.dossier.lecture import historique, lire
from candidatures.dossier.models.dossiers import Candidature
from candidatures.evaluation.requetes import evaluations_lues, juge_deja
from candidatures.instruction import actions as instruction
from candidatures.instruction import regles, requetes
from candidatures.instruction.acces import a_instruire_par, avec_ce_qu_en_fait, avec_etat_connu, lisibles_par
from candidatures.instruction.correction.regles import empechement_de_demander
from candidatures.instruction.correction.requetes import corrections_de
from candidatures.instruction.echanges.requetes import non_lus
from candidatures.instruction.forms import AvisForm, DemandeAvisForm, InteretForm, PropositionForm, RecevabiliteForm
from candidatures.instruction.models import Avis
from candidatures.pages.instruction.reserve import reserve_lue
from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.socle.documents import stockage as documents
from rebond.socle.formulaires.vues import conduire, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.surveillance.antivirus import servir
from territoires.etats import Role

LECTEURS = (Role.INSTRUCTEUR, Role.EXPERT, Role.COMITE, Role.VALIDEUR)


@require_safe
@role_requis(*LECTEURS)
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The deposit that counts, never the draft; then the whole instruction, or for an expert their own avis only."""
    lu = _lire(request, pk)
    depots = depots_de(lu)
    avis = requetes.avis_lus_par(personne(request), lu)
    mes_avis = [un for un in avis if un.expert == personne(request)]
    contexte: dict[str, Any] = {
        "dossier": lu,
        "depot": depots[0],
        "depots": depots,
        "sections": lire(lu.cahier.cahier, depots[0].contenu["sections"]),
        "complet": lu.lu_en_entier,
        "mon_avis": next((un for un in mes_avis if un.revoque_le is None), None),
        "corrections": corrections_de(lu),
        **_boutons(lu, mes_avis),
    }
    if contexte["complet"]:
        contexte |= {
            "evaluations": (evaluations := evaluations_lues(lu, personne(request))),
            "peut_proposer": contexte["peut_proposer"] and not evaluations.a_juge,
            "peut_confier": lu.instruit or a_le_role(personne(request), Role.VALIDEUR),
            "avis": avis,
            "historique": historique(lu),
            "messages_non_lus": non_lus(candidature=lu, utilisateur=personne(request)),
            "reliure": getattr(depots[0], "reliure", None),
            "relie": remise(getattr(depots[0], "reliure", None), depots[0].pieces.all()),
            "accuses_perdus": accuses_non_arrives([lu.pk], f"{lu.reference}-"),
            **reserve_lue(lu, depots[0]),
        }
    return render(request, "candidatures/instruction/dossier.html", contexte)


def _boutons(lu: Any, mes_avis: list[Avis]) -> dict[str, bool]:
    """What this person may do on the file now: the predicates of the actions, on the state that they know."""
    instruit = lu.instruit
    constat = getattr(lu, "recevabilite", None)
    etat = lu.etat_connu
    recevable = constat is not None and constat.recevable
    a_rendre = mes_avis[0].empechement_de_rendre is None if mes_avis else instruit
    return {
        "instruit": instruit,
        "peut_constater": instruit and constat is None and not regles.empechement_de_constater(etat),
        "peut_demander": instruit and not regles.empechement_de_consulter(etat),
        "peut_rendre": a_rendre and not regles.empechement_de_consulter(etat),
        "peut_demander_correction": instruit and not empechement_de_demander(etat),
        "peut_proposer": instruit and not regles.empechement_de_proposer(etat, recevable=recevable),
        "deja_propose": regles.deja_propose(etat),
    }


@require_safe
@role_requis(*LECTEURS)
def piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    lu = _lire(request, pk)
    trouvee = get_object_or_404(
        PieceDeposee.objects.select_related("document__lisibilite", "document__effacement"),
        pk=piece_pk,
        depot__in=Depot.objects.qui_comptent().filter(candidature=lu),
    )
    return servir(trouvee.document, trouvee.nom)


@require_safe
@role_requis(*LECTEURS)
def accuse(request: HttpRequest, pk: int, rang: int) -> HttpResponseBase:
    lu = _lire(request, pk)
    accuses = AccuseReception.objects.select_related("document", "depot").filter(depot__candidature=lu)
    trouve = get_object_or_404(accuses if lu.lu_en_entier else accuses.none(), depot__rang=rang)
    return documents.reponse(trouve.document, trouve.nom)


@require_safe
@role_requis(*LECTEURS)
def accuse_rectificatif(request: HttpRequest, pk: int, rang: int, numero: int) -> HttpResponseBase:
    lu = _lire(request, pk)
    trouves = AccuseRectificatif.objects.select_related("document", "depot").filter(depot__candidature=lu)
    lisibles = trouves if lu.lu_en_entier else trouves.none()
    trouve = get_object_or_404(lisibles, depot__rang=rang, rang=numero)
    return documents.reponse(trouve.document, trouve.nom)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def recevabilite(request: HttpRequest, pk: int) -> HttpResponse:
    lu = _instruire(request, pk)
    exiger(request, requetes.empechement_de_constater(lu))
    formulaire = RecevabiliteForm(request.POST or None)
    return _acte(
        request,
        lu,
        formulaire,
        lambda: instruction.constater_recevabilite(
            candidature=lu, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        "recevabilite",
        "La recevabilité est constatée.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def demander_avis(request: HttpRequest, pk: int) -> HttpResponse:
    lu = _instruire(request, pk)
    exiger(request, regles.empechement_de_consulter(lu.etat_connu))
    formulaire = DemandeAvisForm(request.POST or None, candidature=lu)
    return _acte(
        request,
        lu,
        formulaire,
        lambda: instruction.demander_avis(
            candidature=lu, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        "demander_avis",
        "L’avis est demandé : la personne est prévenue par e-mail.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def proposer(request: HttpRequest, pk: int) -> HttpResponse:
    lu = _instruire(request, pk)
    refus = requetes.empechement_de_proposer(lu)
    constater = ("Vérifier la recevabilité", reverse("instruction:recevabilite", args=[pk]))
    exiger(request, refus, mene_a=constater if refus == regles.SANS_RECEVABILITE else None)
    exiger(request, regles.EVALUE if juge_deja(lu, personne(request)) else None)
    formulaire = PropositionForm(request.POST or None, faite=getattr(lu, "proposition", None))
    conflit: instruction.PropositionRevisee | None = None

    def agir() -> None:
        nonlocal conflit
        try:
            instruction.proposer(
                candidature=lu, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
            )
        except instruction.PropositionRevisee as survenu:
            conflit = survenu
            raise

    reponse = _acte(
        request,
        lu,
        formulaire,
        agir,
        "proposer",
        "La proposition est enregistrée : le dossier est instruit.",
    )
    return reponse if conflit is None else _conflit(request, lu, formulaire, conflit)


def _conflit(
    request: HttpRequest, lu: Candidature, formulaire: PropositionForm, conflit: instruction.PropositionRevisee
) -> HttpResponse:
    """Both proposals side by side: what was typed is kept, and replaces the colleague's only once it was read."""
    mienne = PropositionForm(initial={**formulaire.cleaned_data, "revision": conflit.actuelle.revision})
    contexte = {"dossier": lu, "formulaire": mienne, "actuelle": conflit.actuelle, "message": conflit.message}
    return render(request, "candidatures/instruction/proposition_conflit.html", contexte, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR, Role.EXPERT)
@une_seule_fois
def rendre_avis(request: HttpRequest, pk: int) -> HttpResponse:
    lu = _lire(request, pk)
    demande = Avis.objects.filter(candidature=lu, expert=personne(request)).select_related("demande_par").first()
    if demande is None:
        lu = _instruire(request, pk)
    else:
        exiger(request, demande.empechement_de_rendre)
    exiger(request, regles.empechement_de_consulter(lu.etat_connu))
    formulaire = AvisForm(request.POST or None)
    return _acte(
        request,
        lu,
        formulaire,
        lambda: instruction.rendre_avis(
            candidature=lu, expert=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        "rendre_avis",
        "Votre avis est rendu.",
        demande=demande,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(*LECTEURS)
@une_seule_fois
def declarer_interet(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of its own, because nothing undoes it: the person leaves the file for good."""
    lu = _lire(request, pk)
    formulaire = InteretForm(request.POST or None)
    return conduire(
        request,
        formulaire,
        lambda: instruction.declarer_interet(
            candidature=lu, utilisateur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/instruction/declarer_interet.html",
        contexte={"dossier": lu},
        succes="Votre déclaration est enregistrée : ce dossier ne vous est plus présenté.",
        vers=reverse("tableau_de_bord"),
    )


def _acte(
    request: HttpRequest,
    lu: Candidature,
    formulaire: Any,
    agir: Callable[[], Any],
    nom: str,
    succes: str,
    **contexte: Any,
) -> HttpResponse:
    return conduire(
        request,
        formulaire,
        agir,
        gabarit=f"candidatures/instruction/{nom}.html",
        contexte={"dossier": lu, **contexte},
        succes=succes,
        vers=reverse("instruction:dossier", args=[lu.pk]),
    )


def _lire(request: HttpRequest, pk: int) -> Any:
    moi = personne(request)
    lisibles = avec_ce_qu_en_fait(lisibles_par(moi, horloge_base()).pour_lecture(), moi)
    avec = ("recevabilite__auteur", "proposition__auteur", "decision", "suivi__responsable")
    return get_object_or_404(lisibles.select_related(*avec), pk=pk)


def _instruire(request: HttpRequest, pk: int) -> Any:
    moi = personne(request)
    a_instruire = avec_etat_connu(a_instruire_par(moi), moi, horloge_base()).pour_lecture()
    return get_object_or_404(a_instruire.select_related("recevabilite", "proposition__auteur"), pk=pk)
