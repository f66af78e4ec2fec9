"""Who reads a mission and who writes in it, for all of its pages."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from projets.mission.models import Mission
from projets.mission.regles import empechement_de_composer, empechement_de_financer, empechement_de_modifier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.vues import personne


def lire(request: HttpRequest, pk: int) -> Mission:
    """The mission, or the same 404 as one that does not exist."""
    return get_object_or_404(Mission.objects.visibles_par(personne(request)), pk=pk)


def de_l_equipe(request: HttpRequest, mission: Mission) -> bool:
    return Mission.objects.modifiables_par(personne(request)).filter(pk=mission.pk).exists()


def modifiable(request: HttpRequest, mission: Mission) -> bool:
    """Whether to show the buttons that change what the mission gathers: the rule of the actions."""
    return empechement_de_modifier(mission.etat) is None and de_l_equipe(request, mission)


def finance(request: HttpRequest, mission: Mission) -> bool:
    """Whether to show the buttons that open an envelope and grant from it: the rule of the actions."""
    financables = Mission.objects.financables_par(personne(request))
    return empechement_de_financer(mission.etat) is None and financables.filter(pk=mission.pk).exists()


def financer(request: HttpRequest, pk: int) -> Mission:
    """The mission for a fund manager of that place, 404 for anyone else; `RegleEnfreinte` when it is not under way."""
    mission = get_object_or_404(Mission.objects.financables_par(personne(request)), pk=pk)
    if refus := empechement_de_financer(mission.etat):
        raise RegleEnfreinte(refus)
    return mission


def compose(request: HttpRequest, mission: Mission) -> bool:
    """Whether to lead to the page that makes up the team."""
    composables = Mission.objects.composables_par(personne(request))
    return empechement_de_composer(mission.etat) is None and composables.filter(pk=mission.pk).exists()


def modifier(request: HttpRequest, pk: int) -> Mission:
    """The mission for someone of its team, 404 for anyone else; `RegleEnfreinte` when it is not under way."""
    mission = get_object_or_404(Mission.objects.modifiables_par(personne(request)), pk=pk)
    if refus := empechement_de_modifier(mission.etat):
        raise RegleEnfreinte(refus)
    return mission
