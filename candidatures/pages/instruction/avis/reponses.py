"""An avis, on the side of those of whom it is asked."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import lisibles_par, lus_en_entier_par
from candidatures.instruction.avis.actions import fins, reponses
from candidatures.instruction.avis.forms import (
    AvisForm,
    DeclinForm,
    EcritDAvis,
    FichierDAvisForm,
    PriseForm,
    SuiteForm,
)
from candidatures.instruction.avis.requetes import (
    ce_qui_est_lu,
    collegues,
    jeton_de_lecture,
    saisines_de,
    situer,
    tenues_par,
)
from candidatures.instruction.regles import empechement_de_consulter
from candidatures.instruction.saisine.etats import FinDeSaisine
from candidatures.instruction.saisine.models import BrouillonDAvis, Saisine
from candidatures.instruction.saisine.regles import A_PRENDRE, TENUE_PAR_UN_AUTRE, TROP_LONG
from candidatures.pages.commun.saisies import deconnecte, enregistre
from candidatures.pages.instruction.acces import instruit
from candidatures.pages.instruction.lecture.parcours import suite_de
from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.utilisateur import Utilisateur
from rebond.surveillance.antivirus import servir
from territoires.etats import Role

RENDRE = "candidatures/instruction/rendre_avis.html"
DU_DOSSIER = ("candidature__vague", "candidature__territoire", "organisme", "expert", "demande_par")


@require_safe
@role_requis(Role.EXPERT)
def saisine(request: HttpRequest, saisine_pk: int) -> HttpResponse:
    """One request: what is asked, who holds it, what was answered. It stays when the file is read no more."""
    moi = personne(request)
    lue = _lue(request, saisine_pk)
    attendue = _empechement(lue) is None
    lisible = lisibles_par(moi, horloge_base()).filter(pk=lue.candidature_id).exists()
    lue.depasse = False
    if lisible:
        situer([lue], ce_qui_est_lu(lue.candidature), horloge_base())
    contexte = {
        "saisine": lue,
        "avis": getattr(lue, "avis", None),
        "tenue": lue.expert == moi,
        "peut_prendre": attendue and lue.expert != moi,
        "peut_rendre": attendue and lue.expert == moi,
        "peut_decliner": attendue and lue.expert in {None, moi},
        "lisible": lisible,
        "instruit": False,
        "peut_demander": False,
        "en_retard": lue.en_retard(horloge_base()),
        "copie": _copie(lue.candidature, moi),
    }
    return render(request, "candidatures/instruction/avis/saisine.html", contexte)


@require_POST
@role_requis(Role.EXPERT)
@une_seule_fois
def prendre(request: HttpRequest, saisine_pk: int) -> HttpResponse:
    """Whoever is first; or from the colleague who holds it."""
    lue = _lue(request, saisine_pk)
    formulaire = PriseForm(request.POST)
    tenue_par = formulaire.cleaned_data["tenue_par"] if formulaire.is_valid() else None
    reponses.prendre(saisine=lue, expert=personne(request), tenue_par=tenue_par, maintenant=horloge_base())
    messages.success(request, "Cette demande est à vous.")
    return redirect("instruction:saisine", saisine_pk)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.EXPERT)
@une_seule_fois
def decliner(request: HttpRequest, saisine_pk: int) -> HttpResponse:
    lue, moi = _lue(request, saisine_pk), personne(request)
    exiger(request, _empechement(lue) or (TENUE_PAR_UN_AUTRE if lue.expert not in {None, moi} else None))
    formulaire = DeclinForm(envoi(request), collegues=collegues(lue, sauf=moi))
    return conduire(
        request,
        formulaire,
        lambda: _decliner(request, lue, **formulaire.cleaned_data),
        gabarit="candidatures/instruction/avis/decliner.html",
        contexte={"saisine": lue, "dossier": lue.candidature},
        succes="Votre réponse est enregistrée\u00a0: la personne concernée est prévenue.",
        vers=reverse("instruction:avis"),
    )


def _decliner(request: HttpRequest, lue: Saisine, *, raison: str, a: Any, motif: str) -> None:
    qui: dict[str, Any] = {"maintenant": horloge_base()}
    if raison == FinDeSaisine.CONFLIT:
        instruction.declarer_interet(candidature=lue.candidature, utilisateur=personne(request), motif=motif, **qui)
    elif raison == FinDeSaisine.AILLEURS and a is not None:
        reponses.confier(saisine=lue, a=a, auteur=personne(request), **qui)
    else:
        fins.decliner(saisine=lue, raison=FinDeSaisine(raison), motif=motif, auteur=personne(request), **qui)


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR, Role.EXPERT)
@une_seule_fois
def rendre(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer, saved while it is written. What is refused is still there, even when the file is read no more."""
    moi, tenue = personne(request), _tenue(request, pk)
    dossier = tenue.candidature if tenue else instruit(request, pk, entier=False)
    exiger(request, empechement_de_consulter(dossier.etat) or (tenue.empechement_de_rendre if tenue else None))
    suite = SuiteForm(request.POST)
    if tenue and suite.est_un_brouillon:
        return _garder(request, tenue, suite)
    formulaire = AvisForm(envoi(request), brouillon=getattr(tenue, "brouillon", None))
    return conduire(
        request,
        formulaire,
        lambda: reponses.rendre_avis(
            candidature=dossier, expert=moi, lu=suite.lu, maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit=RENDRE,
        contexte=_contexte(request, dossier, tenue),
        succes="Votre avis est rendu.",
        vers=_apres(request, pk, tenue),
    )


def _apres(request: HttpRequest, pk: int, tenue: Saisine | None) -> str:
    if tenue is not None:
        return reverse("instruction:saisine", args=[tenue.pk])
    return reverse("instruction:dossier", args=[pk]) + suite_de(request, None)


def _contexte(request: HttpRequest, dossier: Candidature, tenue: Saisine | None) -> dict[str, Any]:
    brouillon = getattr(tenue, "brouillon", None)
    return {
        "dossier": dossier,
        "demande": tenue,
        "brouillon": brouillon,
        "revision": brouillon.revision if brouillon else 0,
        "lu": jeton_de_lecture(dossier),
        "copie": _copie(dossier, personne(request)),
        "retour": suite_de(request, None),
        "refus": "",
    }


def _copie(dossier: Candidature, moi: Utilisateur) -> str:
    """The name under which a browser keeps what this person types (`static/rebond/saisie.js`)."""
    return f"rebond-avis-{dossier.pk}-{moi.pk}"


def _garder(request: HttpRequest, tenue: Saisine, suite: SuiteForm) -> HttpResponse:
    """Whatever is written so far."""
    ecrit = EcritDAvis(request.POST)
    try:
        _ecrire(request, tenue, ecrit)
    except RegleEnfreinte as refus:
        contexte = _contexte(request, tenue.candidature, tenue)
        formulaire = AvisForm(initial=request.POST.dict())
        return render(request, RENDRE, contexte | {"formulaire": formulaire, "refus": refus.message}, status=409)
    messages.success(request, "Le brouillon est enregistré. L’avis n’est pas encore rendu.")
    if suite.vers_le_fichier:
        return redirect("instruction:joindre_a_l_avis", tenue.pk)
    return redirect("instruction:rendre_avis", tenue.candidature_id)


def _ecrire(request: HttpRequest, tenue: Saisine, ecrit: EcritDAvis) -> BrouillonDAvis:
    if not ecrit.is_valid():
        raise RegleEnfreinte(TROP_LONG)
    ecrits = ecrit.cleaned_data
    return reponses.ecrire(saisine=tenue, auteur=personne(request), maintenant=horloge_base(), **ecrits)


@require_POST
def brouillon(request: HttpRequest, saisine_pk: int) -> JsonResponse:
    """What the page saves by itself."""
    if not request.user.is_authenticated:
        return deconnecte()
    if not a_le_role(request.user, Role.EXPERT, Role.INSTRUCTEUR):
        raise Http404
    tenue = get_object_or_404(tenues_par(personne(request)).select_related("candidature"), pk=saisine_pk)
    ecrit = EcritDAvis(request.POST)
    try:
        garde = _ecrire(request, tenue, ecrit)
    except RegleEnfreinte as refus:
        return JsonResponse({"etat": "refus", "message": refus.message}, status=409)
    return enregistre(garde.revision, "Votre avis n’est pas encore rendu.")


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.EXPERT)
@une_seule_fois
def joindre(request: HttpRequest, saisine_pk: int) -> HttpResponse:
    """The file of the avis that is being written."""
    tenue = get_object_or_404(tenues_par(personne(request)).select_related(*DU_DOSSIER, "brouillon"), pk=saisine_pk)
    exiger(request, _empechement(tenue))
    formulaire = FichierDAvisForm(envoi(request), request.FILES or None)
    return conduire(
        request,
        formulaire,
        lambda: reponses.joindre(
            saisine=tenue, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="candidatures/instruction/avis/joindre.html",
        contexte={"saisine": tenue, "dossier": tenue.candidature, "brouillon": getattr(tenue, "brouillon", None)},
        succes="Le fichier est joint à votre brouillon.",
        vers=reverse("instruction:rendre_avis", args=[tenue.candidature_id]),
    )


@require_POST
@role_requis(Role.EXPERT)
@une_seule_fois
def detacher(request: HttpRequest, saisine_pk: int) -> HttpResponse:
    tenue = get_object_or_404(tenues_par(personne(request)).select_related("candidature"), pk=saisine_pk)
    reponses.detacher(saisine=tenue, auteur=personne(request), maintenant=horloge_base())
    messages.success(request, "Le fichier est enlevé de votre brouillon.")
    return redirect("instruction:rendre_avis", tenue.candidature_id)


@require_safe
@role_requis(Role.INSTRUCTEUR, Role.EXPERT, Role.COMITE, Role.VALIDEUR)
def fichier(request: HttpRequest, saisine_pk: int) -> HttpResponseBase:
    """What is attached to an avis: for whoever reads the file whole once it is given, for its author always."""
    moi = personne(request)
    entiers = Q(candidature__in=lus_en_entier_par(moi).values("pk"), avis__document__isnull=False)
    siens = Q(pk__in=tenues_par(moi).values("pk"))
    lues = Saisine.objects.select_related("avis__document", "brouillon__document").filter(entiers | siens)
    trouvee = get_object_or_404(lues, pk=saisine_pk)
    porteur = getattr(trouvee, "avis", None) or getattr(trouvee, "brouillon", None)
    if porteur is None or porteur.document is None:
        raise Http404
    return servir(porteur.document, porteur.nom)


def _tenue(request: HttpRequest, pk: int) -> Saisine | None:
    """The request on the file that this person holds, or held; None for an instructeur whom nobody asked. One that is
    to be taken first says so."""
    moi = personne(request)
    siennes = tenues_par(moi).filter(candidature=pk).select_related(*DU_DOSSIER, "brouillon")
    tenue: Saisine | None = siennes.actives().first() or siennes.order_by("-pk").first()
    if tenue is None and (autre := saisines_de(moi).filter(candidature=pk).first()):
        refus = A_PRENDRE if autre.expert_id is None else TENUE_PAR_UN_AUTRE
        raise RegleEnfreinte(refus, mene_a=("Voir cette demande", reverse("instruction:saisine", args=[autre.pk])))
    return tenue


def _lue(request: HttpRequest, saisine_pk: int) -> Any:
    lues = saisines_de(personne(request)).select_related(*DU_DOSSIER, "candidature__territoire__region_pilote")
    lues = lues.select_related("avis__document", "avis__depot", "avis__correction").prefetch_related(
        "avis__levees__levee_par"
    )
    return get_object_or_404(lues, pk=saisine_pk)


def _empechement(lue: Saisine) -> str | None:
    return empechement_de_consulter(lue.candidature.etat) or lue.empechement_de_rendre
