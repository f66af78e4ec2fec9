"""The portal's own pages; what they show comes from the apps below."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candidatures.pages.territoire.accueil.espace import espace_de
from projets.mission.lecture import missions_de
from rebond.comptes.habilitations import a_le_role
from rebond.comptes.seances.middleware import ouvre_une_page
from rebond.portail.bureau.assemblage import bureau_de
from rebond.portail.menu import menu_propre
from rebond.portail.textes.pages import PageDeTexte
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role


@require_safe
@login_required
def tableau_de_bord(request: HttpRequest) -> HttpResponse:
    """What awaits this person, by role, and the files in which they take part."""
    maintenant = horloge_base()
    moi = personne(request)
    espace = espace_de(moi, maintenant)
    contexte = {
        "bureau": bureau_de(moi, maintenant),
        "espace": espace,
        "missions": missions_de(moi, espace.laureats),
    }
    return render(request, "portail/tableau_de_bord.html", contexte)


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
