"""The missions that a person may see, and the dashboard of one."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projets.chiffres import de_la_mission
from projets.mission import actions
from projets.mission.deroulement import etapes_de
from projets.mission.etats import EtatMission
from projets.mission.forms.missions import EtapeForm, MissionForm, PriseEnChargeForm
from projets.mission.lecture import passages
from projets.mission.models import Mission
from projets.mission.regles import (
    empechement_d_avancer,
    empechement_de_modifier,
    empechement_de_prendre_en_charge,
    etape_suivante,
)
from projets.pages.mission.acces import compose, de_l_equipe, lire, modifier
from projets.pages.mission.enveloppes import niveaux
from projets.pages.mission.listes import ListeDesMissions
from projets.portefeuille.requetes import repartition
from rebond.comptes.habilitations import est_sans_role, role_requis
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.listes.barres import Barre, barres
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.noms import par_nom
from rebond.socle.texte.typographie import compte
from territoires.etats import Role


@require_safe
@login_required
def liste(request: HttpRequest) -> HttpResponse:
    """Searched, filtered and sorted in SQL."""
    moi = personne(request)
    liste = ListeDesMissions(Mission.objects.visibles_par(moi), request.GET, moi=moi)
    sans_rien = not liste.page.object_list and not (liste.formulaire and liste.formulaire.rempli)
    contexte = {**liste.contexte, "du_territoire": sans_rien and est_sans_role(moi)}
    return render(request, "projets/mission/missions.html", contexte)


@require_safe
@login_required
def mission(request: HttpRequest, pk: int) -> HttpResponse:
    lue = lire(request, pk)
    return render(request, "projets/mission/mission.html", _tableau_de_bord(request, lue, horloge_base()))


@require_POST
@role_requis(Role.CHARGE_MISSION)
@une_seule_fois
def prendre_en_charge(request: HttpRequest, pk: int) -> HttpResponse:
    lue = lire(request, pk)
    maintenant = horloge_base()
    formulaire = _prise_en_charge(lue, maintenant, request.POST)
    return conduire(
        request,
        formulaire,
        lambda: actions.prendre_en_charge(
            mission=lue, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="projets/mission/mission.html",
        contexte=_tableau_de_bord(request, lue, maintenant) | {"prise_en_charge": formulaire},
        succes="Vous avez pris en charge cette mission : elle est lancée.",
        vers=reverse("projets:mission", args=[lue.pk]),
    )


@require_POST
@role_requis(Role.CHARGE_MISSION)
@une_seule_fois
def avancer(request: HttpRequest, pk: int, vers: str) -> HttpResponse:
    """To the step named by the button; refused when the mission is no longer right before it."""
    lue = get_object_or_404(Mission.objects.modifiables_par(personne(request)), pk=pk)
    if vers not in EtatMission.values:
        raise Http404
    suivante = EtatMission(vers)
    maintenant = horloge_base()
    formulaire = _etape(lue, suivante, maintenant, request.POST)
    return conduire(
        request,
        formulaire,
        lambda: actions.avancer(
            mission=lue, vers=suivante, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="projets/mission/mission.html",
        contexte=_tableau_de_bord(request, lue, maintenant) | {"etape": formulaire},
        succes=f"La mission passe à l’étape « {suivante.label} ».",
        vers=reverse("projets:mission", args=[lue.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.CHARGE_MISSION)
@une_seule_fois
def decrire(request: HttpRequest, pk: int) -> HttpResponse:
    """Its context and its end, which the report prints."""
    lue = modifier(request, pk)
    formulaire = MissionForm(
        request.POST if request.method == "POST" else None, initial={"contexte": lue.contexte, "fin": lue.fin}
    )
    return conduire(
        request,
        formulaire,
        lambda: actions.decrire(
            mission=lue, acteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="projets/mission/mission_decrire.html",
        contexte={"mission": lue},
        succes="Le contexte et la fin prévue de la mission sont à jour.",
        vers=reverse("projets:mission", args=[lue.pk]),
    )


def _tableau_de_bord(request: HttpRequest, lue: Mission, maintenant: datetime) -> dict[str, Any]:
    suivante = etape_suivante(lue.etat)
    equipe = de_l_equipe(request, lue)
    libres = Mission.objects.a_prendre_en_charge_par(personne(request))
    a_lancer = empechement_de_prendre_en_charge(lue.etat) is None
    attend = a_lancer and libres.filter(pk=lue.pk).exists()
    avance = equipe and not a_lancer and empechement_d_avancer(lue.etat) is None
    chiffres = de_la_mission(lue, au=jour_de_paris(maintenant))
    return {
        "mission": lue,
        "suivante": suivante,
        "equipe": list(lue.equipe.order_by(*par_nom())),
        "laureats": list(lue.labellisations.select_related("territoire__region_pilote").order_by("pk")),
        "chiffres": chiffres,
        "sans_chiffre": not any(chiffre.valeur for chiffre in chiffres.values()),
        "composable": compose(request, lue),
        "modifiable": equipe and empechement_de_modifier(lue.etat) is None,
        "prise_en_charge": _prise_en_charge(lue, maintenant) if attend else None,
        "etape": _etape(lue, suivante, maintenant) if suivante is not None and avance else None,
        "etapes": etapes_de(lue.etat, passages(lue), debut=lue.debut, fin=lue.fin, restituee_le=lue.restituee_le),
        "niveaux": niveaux(lue),
        **_portefeuille(lue, jour_de_paris(maintenant)),
    }


def _portefeuille(lue: Mission, au: date) -> dict[str, list[Barre]]:
    """Each bar leads to the projects that it counts."""
    liste, lus = reverse("projets:projets", args=[lue.pk]), repartition(lue, au)
    return {
        "par_etat": barres(
            (etat.label, nombre, compte(nombre, "projet"), f"{liste}?etat={etat.value}")
            for etat, nombre in lus.par_etat.items()
        ),
        "par_nature": barres(
            (nature.label, nombre, compte(nombre, "projet"), f"{liste}?nature={nature.value}")
            for nature, nombre in lus.par_nature.items()
        ),
    }


def _prise_en_charge(lue: Mission, maintenant: datetime, donnees: Any = None) -> PriseEnChargeForm:
    return PriseEnChargeForm(
        donnees,
        adresse=reverse("projets:prendre_en_charge", args=[lue.pk]),
        initial={"debut": lue.debut or jour_de_paris(maintenant)},
        aujourd_hui=jour_de_paris(maintenant),
    )


def _etape(lue: Mission, suivante: EtatMission, maintenant: datetime, donnees: Any = None) -> EtapeForm:
    return EtapeForm(
        donnees,
        adresse=reverse("projets:avancer", args=[lue.pk, suivante.value]),
        datee=suivante == EtatMission.RESTITUEE,
        aujourd_hui=jour_de_paris(maintenant),
    )
