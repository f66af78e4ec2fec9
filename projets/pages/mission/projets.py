"""The portfolio of a mission: its list, its totals, its export, and the way into it."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projets.chiffres import Unite, ecrire
from projets.mission.lecture import annules
from projets.mission.models import Mission
from projets.pages.mission import acces
from projets.pages.mission.listes import ListeDesProjets
from projets.portefeuille import actions
from projets.portefeuille.forms import ProjetForm
from projets.portefeuille.models import Projet
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.listes import Extrait, tableaux
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.typographie import date_fr


@require_safe
@login_required
def projets(request: HttpRequest, mission_id: int) -> HttpResponse:
    """A page of the portfolio; the totals are those of the whole selection, counted in SQL."""
    mission = acces.lire(request, mission_id)
    liste = _liste(request, mission, jour_de_paris(horloge_base()))
    contexte = {
        "mission": mission,
        "totaux": _totaux(liste.selection),
        "modifiable": acces.modifiable(request, mission),
        "annules": annules(mission.projets.all()),
    }
    return render(request, "projets/mission/projets.html", {**liste.contexte, **contexte})


@require_safe
@login_required
def exporter(request: HttpRequest, mission_id: int) -> HttpResponse:
    """The same selection, whole, as a file."""
    mission = acces.lire(request, mission_id)
    aujourd_hui = jour_de_paris(horloge_base())
    demonstration = [tableaux.MENTION_DEMONSTRATION] if mission.demonstration else []
    mentions = [*demonstration, f"{mission.titre} – portefeuille de projets au {date_fr(aujourd_hui)}"]
    return Extrait(_liste(request, mission, aujourd_hui), mentions)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def ajouter(request: HttpRequest, mission_id: int) -> HttpResponse:
    mission = acces.modifier(request, mission_id)
    maintenant = horloge_base()
    aujourd_hui = jour_de_paris(maintenant)
    formulaire = ProjetForm(
        request.POST if request.method == "POST" else None,
        mission=mission,
        aujourd_hui=aujourd_hui,
        initial={"recense_le": aujourd_hui, "industriel": request.GET.get("industriel")},
    )
    return conduire(
        request,
        formulaire,
        lambda: actions.recenser(acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data),
        gabarit="projets/mission/projet_form.html",
        contexte={"mission": mission},
        succes="Le projet est entré au portefeuille.",
        vers=reverse("projets:projets", args=[mission.pk]),
    )


def _liste(request: HttpRequest, mission: Mission, aujourd_hui: date) -> ListeDesProjets:
    lus = mission.projets.recenses(aujourd_hui).avec_estimation(aujourd_hui)
    fichier = f"mission-{mission.pk}-projets"
    return ListeDesProjets(lus, request.GET, mission=mission, arguments=[mission.pk], fichier=fichier)


def _totaux(selection: QuerySet[Projet]) -> dict[str, Any]:
    """`nombre`, and the sums of the last estimates, which say how many projects they hold."""
    lus = selection.order_by().aggregate(
        nombre=Count("pk"),
        investissements=Sum("investissement"),
        estimes=Count("investissement"),
        potentiels=Sum("emplois_potentiels"),
        chiffres=Count("emplois_potentiels"),
    )
    nombre = lus["nombre"]
    return {
        "nombre": nombre,
        "investissements": ecrire(lus["investissements"], Unite.EUROS, (lus["estimes"], nombre)),
        "potentiels": ecrire(lus["potentiels"], Unite.EMPLOIS, (lus["chiffres"], nombre)),
    }
