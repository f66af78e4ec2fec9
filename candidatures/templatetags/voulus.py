"""What somebody makes an account for, told on the page where they make it."""

from django import template

from candidatures.dossier.forms.dossiers import epcis_voulus
from candidatures.vagues.models.vagues import Vague
from rebond.socle.horloge.temps import horloge_base
from territoires.appellations import de_l_epci
from territoires.models import Epci

register = template.Library()
register.filter("de_l_epci", de_l_epci)


@register.simple_tag
def dossier_voulu(chemin: str) -> list[Epci] | None:
    """The intercommunalités whose file an account is made for, by the address to go on to; an empty list when they
    are still to be chosen, None when it is for something else, or no wave is open. Nothing is read for nothing."""
    voulus = epcis_voulus(chemin or "")
    if voulus is None or not Vague.objects.ouvertes(horloge_base()).exists():
        return None
    return voulus
