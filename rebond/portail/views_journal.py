"""The journal, as the auditeur reads it: everything that was done, nothing to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rebond.comptes.habilitations import role_requis
from rebond.portail.listes import ListeDuJournal
from rebond.portail.requetes import entrees_lisibles_par
from rebond.socle.formulaires.vues import personne
from territoires.etats import Role


@require_safe
@role_requis(Role.AUDITEUR)
def journal(request: HttpRequest) -> HttpResponse:
    liste = ListeDuJournal(entrees_lisibles_par(personne(request)), request.GET)
    return render(request, "portail/journal.html", liste.contexte)
