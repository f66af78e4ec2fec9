"""Decisions of a wave, their announcement, and what was decided."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidatures.dossier.etats import ETATS_DECIDES, EtatCandidature, SensDecision
from candidatures.dossier.models.dossiers import Participation
from candidatures.instruction.acces import avec_etat_de_vague_connu, suivis_par, vagues_en_interet
from candidatures.labellisation import actions as labellisation
from candidatures.labellisation.forms import AnnonceForm, DecisionsForm
from candidatures.labellisation.regles import empechement_de_lire_les_decisions
from candidatures.labellisation.requetes import (
    ADecider,
    Raison,
    a_decider,
    ce_qui_empeche_de_decider,
    empechement_d_annoncer,
)
from candidatures.pages.instruction.listes import ListeDesResultats
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.requete.trop_gros import champs_au_plus
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

# Two a file, of a wave of ten thousand.
CHAMPS_DES_DECISIONS = 25_000


@champs_au_plus(CHAMPS_DES_DECISIONS)
@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.VALIDEUR)
@une_seule_fois
def decisions(request: HttpRequest, numero: int) -> HttpResponse:
    """The instructed files of a wave, each with a decision already on what is proposed; or why one may not decide."""
    vague = _close(request, numero)
    dossiers = a_decider(vague=vague, valideur=personne(request))
    formulaire = DecisionsForm(request.POST or None, dossiers=dossiers)
    return conduire(
        request,
        formulaire,
        lambda: labellisation.labelliser(
            vague=vague,
            decisions=formulaire.decisions,
            lues=formulaire.lues,
            valideur=personne(request),
            maintenant=horloge_base(),
        ),
        gabarit="candidatures/instruction/decisions.html",
        contexte={
            "vague": vague,
            **_ce_qui_empeche(vague, personne(request)),
            "proposes": _par_proposition(dossiers),
            # Of every file, less its key: thousands of addresses are not worth asking for one by one.
            "adresse_des_dossiers": reverse("instruction:dossier", args=[0]).removesuffix("0/"),
        },
        succes=f"Les décisions de la vague {numero} sont prises. Elles restent secrètes jusqu’à leur annonce.",
        vers=reverse("instruction:resultats", args=[numero]),
    )


def _par_proposition(dossiers: list[ADecider]) -> list[tuple[SensDecision, int]]:
    return [(sens, sum(dossier.sens == sens for dossier in dossiers)) for sens in SensDecision]


# What the decisions wait for, and where it is done or followed.
MENENT_A = {
    Raison.PROLONGATION: ("Voir les prolongations de la vague", "administration:prolongations", ""),
    Raison.DOSSIERS: ("Voir les dossiers qui restent à instruire", "instruction:vague", "?attente=a_instruire"),
    Raison.COLLECTIVITE: ("Voir les dossiers de la vague", "instruction:vague", "?etat=instruite"),
}


def _ce_qui_empeche(vague: Vague, valideur: Utilisateur) -> dict[str, Any]:
    blocage = ce_qui_empeche_de_decider(vague, valideur)
    if blocage is None:
        return {"empechement": None}
    libelle, nom, demande = MENENT_A.get(blocage.raison, ("", "", ""))
    mene_a = {"libelle": libelle, "adresse": reverse(nom, args=[vague.numero]) + demande} if nom else None
    return {"empechement": blocage.phrase, "mene_a": mene_a}


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.VALIDEUR)
@une_seule_fois
def annonce(request: HttpRequest, numero: int) -> HttpResponse:
    """One act for the whole wave, now or under embargo."""
    vague = _close(request, numero)
    refus = empechement_d_annoncer(vague, vague.etat_connu, horloge_base())
    exiger(request, refus, mene_a=_vers_les_decisions(vague))
    formulaire = AnnonceForm(request.POST or None, maintenant=horloge_base())

    def annoncer() -> None:
        maintenant = horloge_base()
        publique_a = formulaire.fin_de_l_embargo or maintenant
        labellisation.annoncer(vague=vague, valideur=personne(request), publique_a=publique_a, maintenant=maintenant)

    return conduire(
        request,
        formulaire,
        annoncer,
        gabarit="candidatures/instruction/annonce.html",
        contexte={"vague": vague, **_portee(request, vague)},
        succes=f"L’annonce des résultats de la vague {numero} est signée.",
        vers=reverse("instruction:resultats", args=[numero]),
    )


@require_safe
@role_requis(Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR)
def resultats(request: HttpRequest, numero: int) -> HttpResponse:
    """What was decided, as far as this person may read the files."""
    vague = _close(request, numero)
    if refus := empechement_de_lire_les_decisions(vague.etat_connu, numero):
        decide = a_le_role(request.user, Role.VALIDEUR)
        raise RegleEnfreinte(refus, mene_a=_vers_les_decisions(vague) if decide else None)
    decides = _decides(request, vague)
    contexte = {
        "vague": vague,
        "publics": vague.resultats_publics(horloge_base()),
        "valideur": a_le_role(request.user, Role.VALIDEUR),
    }
    liste = ListeDesResultats(decides, request.GET, moi=personne(request), vague=vague)
    return render(request, "candidatures/instruction/resultats.html", {**liste.contexte, **contexte})


def _vers_les_decisions(vague: Any) -> tuple[str, str]:
    """Where a valideur takes them, or reads why they may not yet; where they are read once taken."""
    prises = empechement_de_lire_les_decisions(vague.etat_connu, vague.numero) is None
    nom, libelle = ("resultats", "Voir les décisions") if prises else ("decisions", "Voir ce qui reste à décider")
    return libelle, reverse(f"instruction:{nom}", args=[vague.numero])


def _decides(request: HttpRequest, vague: Vague) -> Any:
    """The files of the wave whose decision this person may read."""
    return suivis_par(personne(request)).filter(vague=vague, etat_connu__in=ETATS_DECIDES)


def _portee(request: HttpRequest, vague: Vague) -> dict[str, Any]:
    """What the announcement is about to tell, to how many people, and whether this person may make it."""
    decides = _decides(request, vague)
    return {
        "comptes": _comptes(decides),
        "courriers": Participation.objects.filter(candidature__in=decides.values("pk")).count(),
        "interet": Vague.objects.filter(vagues_en_interet(personne(request)), pk=vague.pk).exists(),
    }


def _comptes(decides: Any) -> list[tuple[EtatCandidature, int]]:
    par_etat = dict(decides.order_by().values_list("etat_connu").annotate(nombre=Count("pk")))
    return [(etat, par_etat.get(etat, 0)) for etat in EtatCandidature if etat in ETATS_DECIDES]


def _close(request: HttpRequest, numero: int) -> Any:
    maintenant = horloge_base()
    closes = avec_etat_de_vague_connu(Vague.objects.closes(maintenant), personne(request), maintenant)
    closes = closes.select_related("labellisee_par", "annoncee_par")
    return get_object_or_404(closes, numero=numero)
