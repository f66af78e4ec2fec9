"""What is left before a deadline, counted by the server's clock whatever the visitor's says."""

from datetime import datetime, timedelta

from django import template

from candidatures.suivi import temps_restant

register = template.Library()
EPOQUE = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
UNE_MILLISECONDE = timedelta(milliseconds=1)


@register.inclusion_tag("composants/compte_a_rebours.html")
def compte_a_rebours(echeance: datetime, maintenant: datetime) -> dict[str, str]:
    """A sentence that `static/rebond/echeance.js` keeps up to date; `maintenant` is on the database's clock.

    The page carries both instants in milliseconds since 1970: the script never reads the visitor's clock.
    """
    return {
        "restant": temps_restant(echeance - maintenant),
        "echeance": str((echeance - EPOQUE) // UNE_MILLISECONDE),
        "maintenant": str((maintenant - EPOQUE) // UNE_MILLISECONDE),
    }
