"""What is wrong with a page as it is shown: axe's findings, and what overflows."""

import json
from collections.abc import Collection
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LARGEURS = (375, 1280)
# Only violations come back: the rest of what axe says is long. Nothing is loaded first, which would only tell how long
# a sound lasts that starts by itself: the portal has none.
EXAMINER = """(sauf) => axe.run({
  resultTypes: ['violations'],
  preload: false,
  rules: Object.fromEntries(sauf.map((regle) => [regle, { enabled: false }])),
}).then((resultats) => JSON.stringify(resultats.violations))"""
DEBORDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
DEBORDENT = """() => [...document.querySelectorAll("main *")]
  .filter((element) => !element.closest(".fr-table__container"))
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth)
  .slice(0, 5).map((element) => element.outerHTML.slice(0, 200))"""


def violations(page: Page, sauf: Collection[str] = ()) -> list[tuple[str, list[str]]]:
    """Broken rules of axe, each with the elements that break it; those of `sauf` are not asked."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    trouvees: list[dict[str, Any]] = json.loads(page.evaluate(EXAMINER, [*sauf]))
    return [(violation["id"], [noeud["html"] for noeud in violation["nodes"]]) for violation in trouvees]


def deborde(page: Page) -> bool:
    return bool(page.evaluate(DEBORDE))


def verifier(page: Page) -> None:
    """Axe finds nothing, nothing overflows, as the page stands."""
    page.wait_for_load_state()
    assert violations(page) == [], page.url
    assert not deborde(page), f"{page.url} : {page.evaluate(DEBORDENT)}"


def controler(page: Page) -> None:
    """The same at both widths; the page is left at its own."""
    taille = page.viewport_size or {"width": max(LARGEURS), "height": 900}
    for largeur in sorted(LARGEURS, key=lambda largeur: largeur == taille["width"]):
        page.set_viewport_size({"width": largeur, "height": taille["height"]})
        verifier(page)
