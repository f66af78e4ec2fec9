"""What only development needs (`make dev`): errors in full, debug toolbar. Never loaded unless REBOND_DEBUG=oui.

Pages of errors show the code, settings and data: whatever hints at another place than one's own machine is refused.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from rebond.environnement import ReglageInvalide

ICI = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
# The bar must see everything that a page does, and have its own files served before it.
AVANT_LA_BARRE = "whitenoise.middleware.WhiteNoiseMiddleware"
REGLAGES: dict[str, object] = {
    "INTERNAL_IPS": ["127.0.0.1", "::1"],
    "WHITENOISE_AUTOREFRESH": True,
    # The bar keeps what it saw in memory: its table would be one more in the data of the demonstration.
    "MIGRATION_MODULES": {"debug_toolbar": None},
    # Folded, the page is read as visitors read it.
    "DEBUG_TOOLBAR_CONFIG": {"SHOW_COLLAPSED": True},
    "DEBUG_TOOLBAR_PANELS": [
        f"debug_toolbar.panels.{nom}"
        for nom in (
            *("history.HistoryPanel", "timer.TimerPanel", "headers.HeadersPanel", "request.RequestPanel"),
            *("sql.SQLPanel", "templates.TemplatesPanel", "cache.CachePanel", "signals.SignalsPanel"),
        )
    ],
}


def exiger_un_poste(*, adresse: str, ecoute: str, hotes: Sequence[str], demonstration: bool) -> None:
    """Raises ReglageInvalide unless this is somebody's own machine, with invented data and the group `dev`."""
    url = urlsplit(adresse)
    if url.scheme != "http" or url.hostname not in ICI:
        raise ReglageInvalide(f"REBOND_DEBUG=oui est refusé avec REBOND_ADRESSE={adresse} : seul http://localhost va.")
    if ecoute not in ICI or not ICI.issuperset(hotes):
        raise ReglageInvalide("REBOND_DEBUG=oui est refusé avec REBOND_ECOUTE ou REBOND_HOTES d’ailleurs que d’ici.")
    if not demonstration:
        raise ReglageInvalide("REBOND_DEBUG=oui est refusé sur d’autres données que celles de la démonstration.")
    if find_spec("debug_toolbar") is None:
        raise ReglageInvalide("REBOND_DEBUG=oui demande les outils du développement : lancez make dev.")


def intergiciels(ceux_du_portail: Sequence[str]) -> list[str]:
    rang = ceux_du_portail.index(AVANT_LA_BARRE) + 1
    return [*ceux_du_portail[:rang], "debug_toolbar.middleware.DebugToolbarMiddleware", *ceux_du_portail[rang:]]


def adresses() -> list[Any]:
    from debug_toolbar.toolbar import debug_toolbar_urls  # late: optional

    return list(debug_toolbar_urls())
