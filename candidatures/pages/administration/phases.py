"""The administrateur says when each phase of the instruction of a wave takes place."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from candidatures.calendrier.actions.phases import fixer_les_phases
from candidatures.calendrier.forms_des_phases import PhasesForm
from candidatures.vagues.etats import NatureDePhase
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import empechement_de_fixer_les_phases
from candidatures.vagues.requetes import en_jours, phases_de, phases_proposees, version_de
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def phases(request: HttpRequest, numero: int) -> HttpResponse:
    """What is set, or what is proposed as long as nothing is; once the results are public, what it was."""
    maintenant = horloge_base()
    vague = get_object_or_404(Vague.objects.maintenues(), numero=numero)
    posees = phases_de(vague)
    formulaire = PhasesForm(
        envoi(request),
        vague=vague,
        proposees=[en_jours(phase) for phase in posees] or phases_proposees(vague),
        encore=request.GET.get("encore", ""),
        vues=version_de(posees),
    )
    moi = personne(request)
    return conduire(
        request,
        formulaire,
        lambda: fixer_les_phases(vague=vague, acteur=moi, maintenant=maintenant, **formulaire.posees),
        gabarit="candidatures/administration/phases.html",
        contexte={
            "vague": vague,
            "phases": posees,
            "refus": empechement_de_fixer_les_phases(resultats_publics=vague.resultats_publics(maintenant)),
            "natures": NatureDePhase,
            "maintenant": maintenant,
        },
        succes=f"Les dates de l’instruction de la vague {numero} sont enregistrées.",
        vers=reverse("administration:phases", args=[numero]),
    )
