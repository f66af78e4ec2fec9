"""What agents take away: all that they read of a file, or of each file of the list that they see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from candidatures.instruction.acces import entiers_de, suivis_par
from candidatures.instruction.archives.contenu import CE_QU_ELLE_CONTIENT, fichiers_pour
from candidatures.pages.instruction.instruction import AGENTS
from candidatures.pages.instruction.listes import ListeDesDossiers
from candidatures.pages.instruction.vague.ma_vague import extrait
from rebond.comptes.habilitations import role_requis
from rebond.exports.archives import Archive
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base


@require_safe
@role_requis(*AGENTS)
def archive(request: HttpRequest, numero: int) -> HttpResponse:
    """The files of the list, as its own export reads it: the same search, or what was ticked in it."""
    liste = extrait(request, numero).liste
    fichiers = fichiers_pour(personne(request), horloge_base())
    return Archive(liste, CE_QU_ELLE_CONTIENT, fichiers=fichiers, intitule=f"Dossiers de la vague {numero}")


@require_safe
@role_requis(*AGENTS)
def archive_du_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    moi, maintenant = personne(request), horloge_base()
    lu = get_object_or_404(entiers_de(moi, maintenant).pour_liste(), pk=pk)
    siens = suivis_par(moi).filter(pk=pk)
    liste = ListeDesDossiers(siens, moi=moi, vague=lu.vague, fichier=f"dossier-{lu.reference}")
    fichiers = fichiers_pour(moi, maintenant)
    return Archive(liste, CE_QU_ELLE_CONTIENT, fichiers=fichiers, intitule=f"Dossier {lu.reference}")
