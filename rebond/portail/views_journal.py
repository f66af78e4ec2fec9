"""The journal, as the auditeur reads it: everything that was done, nothing to do."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rebond.portail.actes import libelle_acte
from rebond.portail.filtres import FiltresJournalForm
from rebond.socle.models import EntreeJournal
from territoires.etats import Role
from territoires.habilitations import role_requis

PAR_PAGE = 50


@require_safe
@role_requis(Role.AUDITEUR)
def journal(request: HttpRequest) -> HttpResponse:
    filtres = FiltresJournalForm(request.GET)
    entrees = filtres.appliquer(EntreeJournal.objects.order_by("-pk"))
    page = Paginator(entrees, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "filtres": filtres,
        "page": page,
        "lignes": [(entree, libelle_acte(entree.acte, entree.objet_type), _details(entree)) for entree in page],
    }
    return render(request, "portail/journal.html", contexte)


def _details(entree: EntreeJournal) -> list[tuple[str, object]]:
    return [(cle.replace("_", " "), valeur) for cle, valeur in sorted(entree.details.items())]
