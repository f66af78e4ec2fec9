"""Which file a page of whoever instructs speaks of."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import a_instruire_par
from candidatures.instruction.revision.requetes import avec_revision
from rebond.socle.formulaires.vues import personne


def instruit(request: HttpRequest, pk: int, *, entier: bool = True) -> Candidature:
    """The file `pk`, for whoever instructs it; a 404 for anyone else, as if it did not exist.

    It comes with `vu`, how many acts were done on it. Unless it is `entier`, its answers and its specifications stay
    in the database: a thread of messages shows none.
    """
    siens = avec_revision(a_instruire_par(personne(request)))
    trouve: Candidature = get_object_or_404(siens.pour_lecture() if entier else siens.pour_liste(), pk=pk)
    return trouve
