"""One file as the agents and the experts read it, and what they do on it."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.depot.models import AccuseReception, AccuseRectificatif, Depot, PieceDeposee
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.models.dossiers import Candidature
from candidatures.evaluation.requetes import juge_deja
from candidatures.instruction import actions as instruction
from candidatures.instruction import regles, requetes
from candidatures.instruction.acces import a_instruire_par, avec_ce_qu_en_fait, avec_etat_connu, lisibles_par
from candidatures.instruction.avis.requetes import attendus_encore
from candidatures.instruction.forms import InteretForm, MienneForm, PropositionForm
from candidatures.instruction.revision.requetes import avec_revision, avec_revision_connue
from candidatures.pages.instruction.lecture.actes import conduire_l_acte
from candidatures.pages.instruction.lecture.page import avec_la_page, page_du_dossier
from candidatures.pages.instruction.lecture.parcours import suite_de
from candidatures.pages.instruction.lecture.pieces import contenu_montre
from rebond.comptes.habilitations import role_requis
from rebond.socle.documents import stockage as documents
from rebond.socle.formulaires.vues import conduire, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.surveillance.antivirus import servir
from territoires.etats import Role

LECTEURS = (Role.INSTRUCTEUR, Role.EXPERT, Role.COMITE, Role.VALIDEUR)


@require_safe
@role_requis(*LECTEURS)
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The deposit that counts, never the draft; then the whole instruction, or for an expert their own avis only."""
    lu = _lire(request, pk, lambda dossiers: avec_la_page(dossiers, personne(request)))
    return render(request, "candidatures/instruction/dossier.html", page_du_dossier(request, lu))


@require_safe
@role_requis(*LECTEURS)
def piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    trouvee = _piece(request, pk, piece_pk)
    return servir(trouvee.document, trouvee.nom)


@require_safe
@role_requis(*LECTEURS)
@xframe_options_sameorigin
def apercu_de_piece(request: HttpRequest, pk: int, piece_pk: int) -> HttpResponseBase:
    return contenu_montre(_piece(request, pk, piece_pk))


def _piece(request: HttpRequest, pk: int, piece_pk: int) -> PieceDeposee:
    lu = _lire(request, pk)
    trouvee: PieceDeposee = get_object_or_404(
        PieceDeposee.objects.select_related("document__analyse", "document__lisibilite", "document__effacement"),
        pk=piece_pk,
        depot__in=Depot.objects.qui_comptent().filter(candidature=lu),
    )
    return trouvee


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
def proposer(request: HttpRequest, pk: int) -> HttpResponse:
    lu = _instruire(request, pk)
    refus = requetes.empechement_de_proposer(lu)
    constater = ("Vérifier la recevabilité", reverse("instruction:recevabilite", args=[pk]) + suite_de(request, None))
    exiger(request, refus, mene_a=constater if refus == regles.SANS_RECEVABILITE else None)
    exiger(request, regles.EVALUE if juge_deja(lu, personne(request)) else None)
    formulaire = PropositionForm(request.POST or None, faite=getattr(lu, "proposition", None))
    conflit: instruction.PropositionRevisee | None = None

    def agir() -> None:
        nonlocal conflit
        try:
            recus = formulaire.cleaned_data
            instruction.proposer(candidature=lu, auteur=personne(request), maintenant=horloge_base(), **recus)
        except instruction.PropositionRevisee as survenu:
            conflit = survenu
            raise

    reponse = _acte(
        request,
        lu,
        formulaire,
        agir,
        "proposer",
        "La proposition est enregistrée\u00a0: le dossier est prêt pour le comité.",
        # A colleague's has its own revision, and its own page.
        sauf=(ActeDuDossier.PROPOSER,),
        attendus=attendus_encore(lu),
    )
    return reponse if conflit is None else _conflit(request, lu, formulaire, conflit)


def _conflit(
    request: HttpRequest, lu: Candidature, formulaire: PropositionForm, conflit: instruction.PropositionRevisee
) -> HttpResponse:
    """Both proposals side by side: what was typed is kept, and replaces the colleague's only once it was read."""
    mienne = MienneForm(initial={**formulaire.cleaned_data, "revision": conflit.actuelle.revision})
    mienne.complements = formulaire.complements
    contexte = {"dossier": lu, "formulaire": mienne, "actuelle": conflit.actuelle, "message": conflit.message}
    contexte |= {"retour": suite_de(request, None)}
    return render(request, "candidatures/instruction/proposition_conflit.html", contexte, status=409)


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
        contexte={"dossier": lu, "retour": suite_de(request, None), "faits": []},
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
    gabarit = f"candidatures/instruction/{nom}.html"
    return conduire_l_acte(request, lu, formulaire, agir, gabarit=gabarit, succes=succes, **contexte)


def _lire(request: HttpRequest, pk: int, avec: Callable[[Any], Any] = avec_revision_connue) -> Any:
    """The file as this person reads it; `avec` adds what its page shows of it."""
    moi = personne(request)
    lisibles = avec_ce_qu_en_fait(lisibles_par(moi, horloge_base()).pour_lecture(), moi)
    reste = ("recevabilite__auteur", "proposition__auteur", "decision", "suivi__responsable", "examen_de_recevabilite")
    return get_object_or_404(avec(lisibles).select_related(*reste), pk=pk)


def _instruire(request: HttpRequest, pk: int) -> Any:
    moi = personne(request)
    a_instruire = avec_revision(avec_etat_connu(a_instruire_par(moi), moi, horloge_base()).pour_lecture())
    return get_object_or_404(a_instruire.select_related("recevabilite", "proposition__auteur"), pk=pk)
