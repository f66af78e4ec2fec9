"""What goes with the reading of a file: its map, who reads it too, notes, and which attachments one has read."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidatures.depot.models import Depot, PieceDeposee
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import a_instruire_par, pour_agents
from candidatures.instruction.annotations import actions
from candidatures.instruction.annotations.forms import LecturesForm, NoteForm
from candidatures.instruction.annotations.requetes import avec_notes, notes_de
from candidatures.instruction.correction.models import PieceDeCorrection
from candidatures.instruction.correction.sur_place import ancre_de
from candidatures.instruction.presences import presents, signaler
from candidatures.pages.instruction.lecture.annotees import AnnoteeForm, libelles_de
from candidatures.pages.instruction.lecture.parcours import suite_de
from rebond.comptes.habilitations import role_requis
from rebond.comptes.seances.middleware import sans_activite
from rebond.socle.documents.models import Document
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.carte import carte_territoire_svg
from territoires.etats import Role

LECTEURS = (Role.INSTRUCTEUR, Role.EXPERT, Role.COMITE, Role.VALIDEUR)


@require_safe
@role_requis(*LECTEURS)
@never_cache
def carte(request: HttpRequest, pk: int) -> HttpResponse:
    """The perimeter of the file among its neighbours; `?etroite`, as a phone shows it."""
    dossiers = pour_agents(personne(request)).sans_contenu().select_related("territoire")
    territoire = get_object_or_404(dossiers.prefetch_related("territoire__epcis__departements"), pk=pk).territoire
    svg = carte_territoire_svg(territoire, etroit="etroite" in request.GET)
    return HttpResponse(svg, content_type="image/svg+xml")


@require_POST
@role_requis(Role.INSTRUCTEUR)
@sans_activite
def presence(request: HttpRequest, pk: int) -> JsonResponse:
    """Say that one reads the file; learn who of its instructeurs does too."""
    moi, maintenant = personne(request), horloge_base()
    dossier = get_object_or_404(a_instruire_par(moi).pour_liste(), pk=pk)
    signaler(dossier=dossier, personne=moi, maintenant=maintenant)
    return JsonResponse({"lecteurs": presents(dossier=dossier, sauf=moi, maintenant=maintenant)})


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The internal thread, and the notes in the margins with where they stand. `?ancre=` writes beside an answer."""
    moi = personne(request)
    dossier = get_object_or_404(avec_notes(a_instruire_par(moi)).pour_lecture(), pk=pk)
    libelles = libelles_de(dossier)
    ancre = AnnoteeForm(request.POST or request.GET, libelles=libelles).choisie
    formulaire = NoteForm(envoi(request), candidature=dossier, auteur=moi, initial={"ancre": ancre})
    retour = suite_de(request, None)
    return conduire(
        request,
        formulaire,
        lambda: actions.annoter(candidature=dossier, auteur=moi, maintenant=horloge_base(), **formulaire.cleaned_data),
        gabarit="candidatures/instruction/notes.html",
        contexte={
            "dossier": dossier,
            "notes": [(note, libelles.get(note.ancre, "")) for note in notes_de(dossier)],
            "annotee": libelles.get(ancre, ""),
            "retour": retour,
        },
        succes="Votre note est enregistrée.",
        vers=_apres(pk, ancre, retour),
    )


def _apres(pk: int, ancre: str, retour: str) -> str:
    """Back to the answer, or to the end of the thread."""
    if ancre:
        return f"{reverse('instruction:dossier', args=[pk])}{retour}#{ancre_de(ancre)}"
    return f"{reverse('instruction:notes', args=[pk])}{retour}#fin"


@require_POST
@role_requis(*LECTEURS)
@une_seule_fois
def marquer_lues(request: HttpRequest, pk: int) -> HttpResponseBase:
    dossier = get_object_or_404(pour_agents(personne(request)), pk=pk)
    documents = {document.pk: document for document in _documents_de(dossier)}
    formulaire = LecturesForm(request.POST, documents=documents)
    if formulaire.is_valid():
        lus = [documents[cle] for cle in formulaire.cleaned_data["document"]]
        actions.marquer_lues(candidature=dossier, utilisateur=personne(request), documents=lus)
    return redirect(f"{reverse('instruction:dossier', args=[pk])}{suite_de(request, None)}#pieces")


def _documents_de(dossier: Candidature) -> list[Document]:
    """Those that its page shows: of the deposit that counts, and of the corrections that were given back."""
    deposes = PieceDeposee.objects.filter(depot__in=Depot.objects.qui_comptent().filter(candidature=dossier))
    rendus = PieceDeCorrection.objects.filter(demande__candidature=dossier, demande__rendue_le__isnull=False)
    montres = Q(pk__in=deposes.values("document")) | Q(pk__in=rendus.values("document"))
    return list(Document.objects.filter(montres).order_by("pk"))
