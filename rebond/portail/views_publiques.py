"""Pages open to everyone: the call, its calendar, its laureates."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidatures.vagues.models.vagues import Vague
from projets.carte.laureats import CREDIT, carte_publique
from projets.chiffres import publics
from projets.communique.publies import publie
from rebond.portail.appel.presentation import presentation
from rebond.portail.listes import ListeDuCalendrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.preuve.instantane import instantane

PROCHAINES = 3


@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """The open wave to the second, what comes next, the laureates and the published figures."""
    maintenant = horloge_base()
    # None overlaps another: only the first of them may be open.
    vagues = list(Vague.objects.maintenues().filter(cloture__gt=maintenant).order_by("ouverture")[: PROCHAINES + 1])
    ouverte = vagues.pop(0) if vagues and vagues[0].ouverture <= maintenant else None
    lu = publie(maintenant)
    return render(
        request,
        "portail/accueil.html",
        {
            "maintenant": maintenant,
            "ouverte": ouverte,
            "prochaines": vagues[:PROCHAINES],
            "credit": CREDIT,
            "chiffres": lu.chiffres,
            "recit": lu.recit,
            **presentation(ouverte, maintenant),
            **_laureats(maintenant),
        },
    )


def _laureats(maintenant: datetime) -> dict[str, Any]:
    """Their number, their map and their list, read at one instant: a page says one number."""
    with instantane():
        return {"carte": carte_publique(maintenant), "laureats": publics(maintenant=maintenant)}


@require_safe
def calendrier(request: HttpRequest) -> HttpResponse:
    """Every wave, latest first; its phase is read from the clock."""
    maintenant = horloge_base()
    liste = ListeDuCalendrier(Vague.objects.all(), request.GET, maintenant=maintenant)
    courante = Vague.objects.ouvertes(maintenant).first() or Vague.objects.a_venir(maintenant).first()
    contexte = {**liste.contexte, "courante": courante, "maintenant": maintenant}
    return render(request, "portail/calendrier.html", contexte)


@require_safe
def laureats(request: HttpRequest) -> HttpResponse:
    return render(request, "portail/laureats.html", {**_laureats(horloge_base()), "credit": CREDIT})


@require_safe
def carte_svg(_request: HttpRequest, *, etroit: bool = False) -> HttpResponse:
    """The map; `etroit`: the one that a phone shows."""
    svg = carte_publique(horloge_base()).dessiner_a_l_ecran(etroit=etroit)
    return HttpResponse(svg, content_type="image/svg+xml")
