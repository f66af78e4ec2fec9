"""What is left before a deadline, counted by the server's clock whatever the visitor's says."""

from datetime import datetime, timedelta
from typing import Any

from django import template

from candidatures.calendrier.flux import prolongation_fr
from candidatures.vagues.models.vagues import Vague
from rebond.socle.horloge.temps import EPOQUE
from rebond.socle.texte.durees import temps_restant
from territoires import fuseaux

register = template.Library()
UNE_MILLISECONDE = timedelta(milliseconds=1)


@register.inclusion_tag("composants/compte_a_rebours.html", takes_context=True)
def compte_a_rebours(context: Any, echeance: datetime, maintenant: datetime) -> dict[str, str]:
    """A sentence that `static/rebond/echeance.js` keeps up to date; `maintenant` is on the database's clock.

    The page carries both instants in milliseconds since 1970: the script never reads the visitor's clock. One that
    goes to everyone is kept for a while, and does not say when it was made: the script asks the portal for the time.
    """
    return {
        "restant": temps_restant(echeance - maintenant),
        # A script that counts in whole milliseconds never ends early.
        "echeance": str(-((EPOQUE - echeance) // UNE_MILLISECONDE)),
        "maintenant": "" if context.get("pour_tous") else str((maintenant - EPOQUE) // UNE_MILLISECONDE),
    }


register.filter("prolongation", prolongation_fr)


@register.inclusion_tag("composants/heures_outre_mer.html")
def heures_outre_mer(vague: Vague, maintenant: datetime) -> dict[str, object]:
    """When the wave closes, and opens if that lies ahead, for those who do not live on Paris time."""
    bornes = {"Ouverture": vague.ouverture, "Clôture": vague.cloture}
    if vague.ouverture <= maintenant:
        del bornes["Ouverture"]
    paires = [
        (lieux, "\n".join(f"{borne} le {heure}" for borne, heure in zip(bornes, heures, strict=True)))
        for lieux, heures in fuseaux.heures_outre_mer(*bornes.values())
    ]
    return {"vague": vague, "paires": paires}
