"""The specifications of the open wave, for anyone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidatures.cahier.requetes import cahier_courant
from candidatures.depot.accords.regles import REGLE
from candidatures.pages.commun.cahiers import en_clair
from candidatures.vagues.models.vagues import Vague
from rebond.socle.horloge.temps import horloge_base


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The specifications of the open wave, so that a file can be prepared before signing in."""
    maintenant = horloge_base()
    vague = Vague.objects.ouvertes(maintenant).first()
    if vague is None:
        contexte: dict[str, Any] = {"vague": None, "prochaine": Vague.objects.a_venir(maintenant).first()}
    else:
        contexte = {"vague": vague, "regle_des_accords": REGLE, **en_clair(cahier_courant(vague=vague).cahier)}
    return render(request, "candidatures/public/cahier_des_charges.html", contexte)
