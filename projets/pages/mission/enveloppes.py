"""The envelopes of a mission: what they hold, what is granted, what is left, who waits."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projets.enveloppe import actions
from projets.enveloppe.forms import ConcoursForm, EnveloppeForm
from projets.enveloppe.models import Concours, Enveloppe, EnveloppeQuerySet
from projets.enveloppe.requetes import attendent, avec_nombres, pages_d_attente, pages_de_concours
from projets.mission.models import Mission
from projets.pages.mission import acces
from projets.portefeuille.models import Projet
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.requete.envois import une_seule_fois


@dataclass(frozen=True)
class Situation:
    """An envelope (`avec_totaux`), a page of its grants and a page of the projects that wait for one; amounts in whole
    euros."""

    enveloppe: Enveloppe
    concours: Page[Concours] | None = None
    attendent: Page[Projet] | None = None

    @property
    def accorde(self) -> int:
        return int(self.enveloppe.accorde)  # type: ignore[attr-defined]

    @property
    def reste(self) -> int:
        return self.enveloppe.montant - self.accorde

    @property
    def page_de_concours(self) -> str:
        """What the address calls the page of its grants."""
        return f"concours-{self.enveloppe.pk}"

    @property
    def page_d_attente(self) -> str:
        return f"attente-{self.enveloppe.pk}"


@require_safe
@login_required
def enveloppe(request: HttpRequest, mission_id: int) -> HttpResponse:
    mission = acces.lire(request, mission_id)
    contexte = {
        "mission": mission,
        "situations": _situations(request, mission),
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
    situation = Situation(get_object_or_404(_enveloppes(mission), pk=pk))
    maintenant = horloge_base()
    formulaire = ConcoursForm(
        request.POST if request.method == "POST" else None,
        projets=attendent(situation.enveloppe),
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
        succes="L’aide est accordée.",
        vers=reverse("conduite:enveloppe", args=[mission.pk]),
    )


def niveaux(mission: Mission) -> list[Situation]:
    """How much of each envelope of the mission is granted; one statement."""
    return [Situation(lue) for lue in Enveloppe.objects.filter(mission=mission).avec_totaux()]


def _enveloppes(mission: Mission) -> EnveloppeQuerySet:
    return Enveloppe.objects.filter(mission=mission).avec_totaux().prefetch_related("cofinancements")


def _situations(request: HttpRequest, mission: Mission) -> list[Situation]:
    lues = [Situation(lue) for lue in avec_nombres(_enveloppes(mission))]
    enveloppes = [lue.enveloppe for lue in lues]
    concours = pages_de_concours(enveloppes, {lue.enveloppe.pk: request.GET.get(lue.page_de_concours) for lue in lues})
    attente = pages_d_attente(enveloppes, {lue.enveloppe.pk: request.GET.get(lue.page_d_attente) for lue in lues})
    return [Situation(lue, concours[lue.pk], attente[lue.pk]) for lue in enveloppes]
