"""The portal's own pages; what they show comes from the apps below."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, DateTimeField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candidatures.depot.models import avec_depot_perime
from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import avec_etat_connu
from rebond.comptes.habilitations import a_le_role, est_sans_role
from rebond.comptes.seances.middleware import ouvre_une_page
from rebond.portail.bureau.assemblage import bureau_de
from rebond.portail.menu import menu_propre
from rebond.portail.textes.pages import PageDeTexte
from rebond.socle.bdd.preparees import Preparee, valeur
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

DERNIERS_DOSSIERS = 10


@require_safe
@login_required
def tableau_de_bord(request: HttpRequest) -> HttpResponse:
    """What awaits this person, by role, and the files in which they take part."""
    maintenant = horloge_base()
    moi = personne(request)
    if est_sans_role(moi):
        dossiers = _LES_SIENS.lire(moi=moi.pk, maintenant=maintenant)
    else:
        dossiers = _les_siens(moi.pk, moi, maintenant)
    contexte = {
        "bureau": bureau_de(moi, maintenant),
        "dossiers": [(d, EtatCandidature(d.etat_connu)) for d in dossiers],
    }
    return render(request, "portail/tableau_de_bord.html", contexte)


def _les_siens(moi: Any, qui: Utilisateur | AnonymousUser, instant: Any) -> Any:
    """The last files in which `moi` takes part; `qui` is whose roles tell what they may know of them."""
    dossiers: Any = avec_etat_connu(Candidature.objects.du_porteur(moi).pour_liste(), qui, instant)
    return dossiers.annotate(a_redeposer=avec_depot_perime())[:DERNIERS_DOSSIERS]


# Of whoever holds no role, which is nearly everybody here: the same for all of them, but for two values.
_LES_SIENS: Preparee[Any] = Preparee(
    lambda: _les_siens(valeur("moi", BigIntegerField()), AnonymousUser(), valeur("maintenant", DateTimeField()))
)


@require_safe
def plan_du_site(request: HttpRequest) -> HttpResponse:
    """The visitor's own menu, then the pages open to everyone, and to whoever rewrites them, where that is done."""
    return render(request, "portail/plan_du_site.html", {"modifiables": _modifiables(request)})


@never_cache
@ouvre_une_page
@require_safe
def entete(request: HttpRequest) -> HttpResponse:
    """What is theirs in the header of a public page, for whoever is signed in; nothing (204) for the others."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    contexte = {"propres": menu_propre(request), "modifiables": _modifiables(request)}
    return render(request, "portail/entete.html", contexte)


def _modifiables(request: HttpRequest) -> list[PageDeTexte]:
    """The texts that whoever asks may rewrite."""
    administre = request.user.is_authenticated and a_le_role(personne(request), Role.ADMINISTRATEUR)
    return list(PageDeTexte) if administre else []
