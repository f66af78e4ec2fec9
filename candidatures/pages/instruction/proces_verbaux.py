"""The procès-verbal as the agents of the State read and download it."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from candidatures.cloture.etats import NatureLigne
from candidatures.cloture.models.proces_verbaux import Horodatage, ImpressionProcesVerbal, ProcesVerbal
from candidatures.cloture.proces_verbal import lecture
from rebond.comptes.habilitations import a_le_role, perimetre, role_requis
from rebond.socle.documents import stockage as documents
from rebond.socle.documents.noms_de_fichiers import disposition
from rebond.socle.requete.limites import EXPORTS, limiter
from territoires.etats import Role

LECTEURS = (Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR, Role.ADMINISTRATEUR)
PAR_PAGE = 50


def lit_les_proces_verbaux(request: HttpRequest) -> bool:
    """A procès-verbal names every territory of the wave: whoever only reads a région does not read it."""
    nationaux = a_le_role(request.user, Role.COMITE, Role.VALIDEUR, Role.ADMINISTRATEUR)
    return nationaux or perimetre(request.user, Role.INSTRUCTEUR).national


@require_safe
@role_requis(*LECTEURS)
def proces_verbal(request: HttpRequest, numero: int, rang: int = 1) -> HttpResponse:
    """What the wave held when it closed, as it was recorded: the lines of one kind at a time."""
    acte = _acte(request, numero, rang)
    comptes = lecture.comptes(acte)
    demandee = request.GET.get("nature", NatureLigne.DEPOT.value)
    nature = next((nature for nature in comptes if nature == demandee), NatureLigne.DEPOT)
    contexte = {
        "acte": acte,
        "vague": acte.vague,
        "instruit": a_le_role(request.user, Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR),
        "comptes": [(connue, nombre, connue == nature) for connue, nombre in comptes.items()],
        "nature": nature,
        "page": lecture.page_de_lignes(acte, nature, numero=request.GET.get("page"), par_page=PAR_PAGE),
        "impression": ImpressionProcesVerbal.objects.select_related("document").filter(proces_verbal=acte).first(),
        "horodatage": Horodatage.objects.defer("jeton").filter(proces_verbal=acte).first(),
        "autres": acte.vague.proces_verbaux.exclude(pk=acte.pk).select_related("vague").order_by("rang"),
        "demonstration": acte.vague.candidatures.filter(demonstration=True).exists(),
    }
    return render(request, "candidatures/instruction/proces_verbal.html", contexte)


@require_safe
@role_requis(*LECTEURS)
def proces_verbal_pdf(request: HttpRequest, numero: int, rang: int) -> HttpResponseBase:
    acte = _acte(request, numero, rang)
    imprime = get_object_or_404(ImpressionProcesVerbal.objects.select_related("document"), proces_verbal=acte)
    return documents.reponse(imprime.document, f"{acte.nom}.pdf")


@require_safe
@role_requis(*LECTEURS)
def proces_verbal_horodatage(request: HttpRequest, numero: int, rang: int) -> HttpResponse:
    """The authority's answer, which `openssl ts -verify` reads."""
    acte = _acte(request, numero, rang)
    obtenu = get_object_or_404(Horodatage.objects.exclude(jeton=None), proces_verbal=acte)
    entetes = {"Content-Disposition": disposition(f"{acte.nom}.tsr"), "Cache-Control": "private, no-store"}
    return HttpResponse(bytes(obtenu.jeton or b""), content_type="application/timestamp-reply", headers=entetes)


@require_safe
@role_requis(*LECTEURS)
@limiter(EXPORTS)
def proces_verbal_json(request: HttpRequest, numero: int, rang: int) -> HttpResponseBase:
    """Header, lines and root, with how to recompute it."""
    acte = _acte(request, numero, rang)
    return _fichier(lecture.en_json(acte), f"{acte.nom}.json", "application/json")


@require_safe
@role_requis(*LECTEURS)
@limiter(EXPORTS)
def proces_verbal_lignes(request: HttpRequest, numero: int, rang: int) -> HttpResponseBase:
    """The exact leaves of the hash tree, one a line."""
    acte = _acte(request, numero, rang)
    if not acte.en_lignes:
        raise Http404
    return _fichier(lecture.en_jsonl(acte), f"{acte.nom}.jsonl", "application/jsonl")


def _acte(request: HttpRequest, numero: int, rang: int) -> ProcesVerbal:
    if not lit_les_proces_verbaux(request):
        raise Http404
    return get_object_or_404(ProcesVerbal.objects.select_related("vague"), vague__numero=numero, rang=rang)


def _fichier(contenu: Iterable[str], nom: str, type_mime: str) -> StreamingHttpResponse:
    entetes = {"Content-Disposition": disposition(nom), "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(contenu, content_type=type_mime, headers=entetes)
