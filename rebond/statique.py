"""Which static files leave the portal: ours, and of the State's design system (DSFR) what pages load.

It holds 1,600 files, of which some sixty are used: the others would take a minute to be compressed, at each version
and before each demonstration, for nobody.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder

DSFR = "dsfr/"
#: What templates load; what these load in turn is read in the style sheet (`rebond.documentation.feuille_de_style`).
CHARGES = frozenset(
    f"{DSFR}dist/{nom}"
    for nom in (
        "dsfr.module.min.js",
        "dsfr.nomodule.min.js",
        "favicon/favicon.svg",
        "favicon/favicon.ico",
        "favicon/apple-touch-icon.png",
        "artwork/pictograms/buildings/city-hall.svg",
        "artwork/pictograms/buildings/factory.svg",
        "artwork/pictograms/digital/calendar.svg",
        "artwork/pictograms/digital/data-visualization.svg",
        "artwork/pictograms/document/document-signature.svg",
        "artwork/pictograms/environment/human-cooperation.svg",
        "artwork/pictograms/institutions/money.svg",
    )
)
FEUILLE = Path(__file__).resolve().parent.parent / "static/rebond/vendor/dsfr.css"
ADRESSE = re.compile(r'url\("(?:\.\./)+(dsfr/[^"]+)"\)')


class FichiersDesApplications(AppDirectoriesFinder):
    """Django's own finder, but for what nothing loads of the DSFR."""

    def find(self, path: str, *args: Any, **options: Any) -> Any:
        return super().find(path, *args, **options) if _sert(path) else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        return ((nom, lieu) for nom, lieu in super().list(ignore_patterns) if _sert(nom))


def _sert(nom: str) -> bool:
    return not nom.startswith(DSFR) or nom in _employes()


@cache
def _employes() -> frozenset[str]:
    return CHARGES | frozenset(ADRESSE.findall(FEUILLE.read_text()))
