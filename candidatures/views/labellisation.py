"""Decisions of a wave, their announcement, and what was decided."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.actions import labellisation
from candidatures.etats import ETATS_DECIDES, EtatCandidature, EtatVague, SensDecision
from candidatures.forms.instruction import AnnonceForm, DecisionsForm
from candidatures.models import Candidature, Participation, Vague
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.noms import alphabetique
from rebond.socle.temps import horloge_base
from rebond.socle.vues import conduire, personne
from territoires.etats import Role
from territoires.habilitations import a_le_role, role_requis

PAR_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.VALIDEUR)
def decisions(request: HttpRequest, numero: int) -> HttpResponse:
    """The instructed files of a wave, each with a decision already on what is proposed; or why one may not decide."""
    vague = _close(numero)
    dossiers = list(
        Candidature.objects.pour_agents(personne(request))
        .filter(vague=vague, etat=EtatCandidature.INSTRUITE)
        .pour_liste()
        .select_related("proposition__auteur")
        .avec_suivi()
        .order_by(alphabetique("territoire__nom"), "pk")
    )
    formulaire = DecisionsForm(request.POST or None, dossiers=dossiers)
    return conduire(
        request,
        formulaire,
        lambda: labellisation.labelliser(
            vague=vague, decisions=formulaire.decisions, valideur=personne(request), maintenant=horloge_base()
        ),
        gabarit="candidatures/instruction/decisions.html",
        contexte={
            "vague": vague,
            "empechement": labellisation.empechement(vague=vague, valideur=personne(request)),
            "proposes": _par_proposition(dossiers),
        },
        succes=f"Les décisions de la vague {numero} sont prises. Elles restent secrètes jusqu’à leur annonce.",
        vers=reverse("instruction:resultats", args=[numero]),
    )


def _par_proposition(dossiers: list[Candidature]) -> list[tuple[str, int]]:
    return [(sens.label, sum(dossier.proposition.sens == sens for dossier in dossiers)) for sens in SensDecision]


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.VALIDEUR)
def annonce(request: HttpRequest, numero: int) -> HttpResponse:
    """One act for the whole wave, now or under embargo."""
    vague = _close(numero)
    if vague.etat != EtatVague.LABELLISEE and request.method != "POST":
        raise RegleEnfreinte(Vague.TRANSITIONS["annoncer"].refus)
    formulaire = AnnonceForm(request.POST or None)

    def annoncer() -> None:
        maintenant = horloge_base()
        fin = formulaire.cleaned_data["publique_a"]
        publique_a = fin if fin and formulaire.cleaned_data["quand"] == "embargo" else maintenant
        labellisation.annoncer(vague=vague, valideur=personne(request), publique_a=publique_a, maintenant=maintenant)

    return conduire(
        request,
        formulaire,
        annoncer,
        gabarit="candidatures/instruction/annonce.html",
        contexte={
            "vague": vague,
            "comptes": _comptes(vague),
            "courriers": Participation.objects.filter(
                candidature__vague=vague, candidature__etat__in=ETATS_DECIDES
            ).count(),
        },
        succes=f"Les résultats de la vague {numero} sont annoncés.",
        vers=reverse("instruction:resultats", args=[numero]),
    )


@require_safe
@role_requis(Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR)
def resultats(request: HttpRequest, numero: int) -> HttpResponse:
    """What was decided, as far as this person may read the files."""
    vague = _close(numero)
    if vague.labellisee_le is None:
        raise RegleEnfreinte(f"Les décisions de la vague {numero} ne sont pas encore prises.")
    dossiers = (
        Candidature.objects.pour_agents(personne(request))
        .filter(vague=vague, etat__in=ETATS_DECIDES)
        .pour_liste()
        .order_by("etat", alphabetique("territoire__nom"), "pk")
    )
    contexte = {
        "vague": vague,
        "page": Paginator(dossiers, PAR_PAGE).get_page(request.GET.get("page")),
        "publics": vague.resultats_publics(horloge_base()),
        "valideur": a_le_role(request.user, Role.VALIDEUR),
    }
    return render(request, "candidatures/instruction/resultats.html", contexte)


def _comptes(vague: Vague) -> list[tuple[str, int]]:
    decides = Candidature.objects.filter(vague=vague, etat__in=ETATS_DECIDES)
    par_etat = dict(decides.order_by().values_list("etat").annotate(nombre=Count("pk")))
    return [(etat.label, par_etat.get(etat, 0)) for etat in EtatCandidature if etat in ETATS_DECIDES]


def _close(numero: int) -> Vague:
    closes = Vague.objects.closes(horloge_base()).select_related("labellisee_par", "annoncee_par")
    return get_object_or_404(closes, numero=numero)
