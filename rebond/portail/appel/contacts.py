"""« Vos contacts en région »: what an administrateur writes, and where to turn in the régions left without one."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rebond.portail.appel.rubriques import NATIONAL, avant_les_rubriques, rubriques
from rebond.portail.textes.pages import PageDeTexte
from rebond.portail.textes.requetes import texte_courant
from rebond.portail.textes.views import contexte_du_texte
from rebond.socle.texte.accords import enumerer
from rebond.socle.texte.noms import nom_nu
from territoires.models import Region

AILLEURS = "autres-regions"


@dataclass(frozen=True)
class Entree:
    """A région in the list, and the place of the page that answers for it."""

    nom: str
    ancre: str


@require_safe
def en_region(request: HttpRequest) -> HttpResponse:
    """Each région, in alphabetical order, leads to its contact or to what to do without one."""
    page = PageDeTexte.CONTACTS_EN_REGION
    lu = texte_courant(page)
    ecrites = [(f"contact-{rang}", lue) for rang, lue in enumerate(rubriques(lu.texte), start=1)]
    ancres = {nom_nu(lue.titre): ancre for ancre, lue in reversed(ecrites)}
    noms = [region.nom for region in Region.objects.all()]
    sans_contact = [nom for nom in noms if nom_nu(nom) not in ancres]
    # Nobody is led to the same place eighteen times.
    regions = [Entree(nom, ancres.get(nom_nu(nom), AILLEURS)) for nom in noms] if sans_contact != noms else []
    contexte = {
        **contexte_du_texte(request, page, lu),
        "avant": avant_les_rubriques(lu.texte, titre=page.label),
        "ecrites": ecrites,
        "regions": regions,
        "sans_contact": enumerer(sans_contact),
        "national": ancres.get(nom_nu(NATIONAL), ""),
        "ailleurs": AILLEURS,
    }
    return render(request, "portail/appel/contacts.html", contexte)
