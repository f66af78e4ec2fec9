"""The envelopes of a mission: what they hold, what is granted, what is left, who waits."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projets.enveloppe import actions
from projets.enveloppe.forms import ConcoursForm, EnveloppeForm
from projets.enveloppe.models import Concours, Enveloppe
from projets.enveloppe.regles import empechement_d_accorder
from projets.mission.models import Mission
from projets.pages.mission import acces
from projets.portefeuille.models import Projet
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.requete.envois import une_seule_fois


@dataclass(frozen=True)
class Situation:
    """An envelope (`avec_totaux`) with its grants and the projects that wait for one; amounts in whole euros."""

    enveloppe: Enveloppe
    concours: list[Concours]
    attendent: list[Projet]

    @property
    def accorde(self) -> int:
        return int(self.enveloppe.accorde)  # type: ignore[attr-defined]

    @property
    def reste(self) -> int:
        return self.enveloppe.montant - self.accorde


@require_safe
@login_required
def enveloppe(request: HttpRequest, mission_id: int) -> HttpResponse:
    mission = acces.lire(request, mission_id)
    contexte = {
        "mission": mission,
        "situations": _situations(mission),
        "gestionnaire": acces.finance(request, mission),
    }
    return render(request, "projets/mission/enveloppe.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def ouvrir_enveloppe(request: HttpRequest, mission_id: int) -> HttpResponse:
    mission = acces.financer(request, mission_id)
    aujourd_hui = jour_de_paris(horloge_base())
    formulaire = EnveloppeForm(
        request.POST if request.method == "POST" else None,
        initial={"ouverte_le": aujourd_hui},
        aujourd_hui=aujourd_hui,
    )
    return conduire(
        request,
        formulaire,
        lambda: actions.ouvrir_enveloppe(
            mission=mission,
            **formulaire.cleaned_data,
            cofinancements=formulaire.cofinancements,
            acteur=personne(request),
            maintenant=horloge_base(),
        ),
        gabarit="projets/mission/enveloppe_form.html",
        contexte={"mission": mission},
        succes="L’enveloppe est ouverte.",
        vers=reverse("conduite:enveloppe", args=[mission.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def accorder(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    mission = acces.financer(request, mission_id)
    situation = _situation(get_object_or_404(_enveloppes(mission), pk=pk))
    maintenant = horloge_base()
    formulaire = ConcoursForm(
        request.POST if request.method == "POST" else None,
        projets=situation.attendent,
        reste=situation.reste,
        aujourd_hui=jour_de_paris(maintenant),
        initial={"accorde_le": jour_de_paris(maintenant), "projet": request.GET.get("projet")},
    )
    return conduire(
        request,
        formulaire,
        lambda: actions.accorder(
            enveloppe=situation.enveloppe, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="projets/mission/concours_form.html",
        contexte={"mission": mission, "situation": situation},
        succes="Le concours est accordé.",
        vers=reverse("conduite:enveloppe", args=[mission.pk]),
    )


def _enveloppes(mission: Mission) -> QuerySet[Enveloppe]:
    return (
        Enveloppe.objects.filter(mission=mission)
        .avec_totaux()
        .prefetch_related(
            "cofinancements",
            Prefetch("concours", Concours.objects.select_related("projet__industriel", "liberation")),
            Prefetch("projets", Projet.objects.retenus().select_related("industriel").avec_estimation()),
        )
    )


def _situations(mission: Mission) -> list[Situation]:
    return [_situation(lue) for lue in _enveloppes(mission)]


def _situation(lue: Enveloppe) -> Situation:
    return Situation(
        enveloppe=lue,
        concours=list(lue.concours.all()),
        attendent=[
            projet
            for projet in lue.projets.all()
            if not empechement_d_accorder(projet.etat, projet.voie, annule=projet.est_annule, ici=True)
        ],
    )
