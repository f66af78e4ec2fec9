"""Axe and the width of a page, once for each kind of page: whoever walks shows a page, which is judged if it has
anything that none of its kind had before."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import resolve
from playwright.sync_api import Page

from tests.outils.accessibilite import verifier

LARGEURS = (320, 768, 1280)
#: What a page is made of: its elements, each with what its style, its role and its state depend on.
SORTES = """() => [...new Set([...document.querySelectorAll("body *")].map((e) =>
  [e.localName, ...[...e.classList].sort(), e.type, e.role, e.ariaExpanded, e.ariaInvalid].join(" ")))]
"""
OUVERTE = "document.querySelector('.fr-modal--opened') !== null"


@dataclass
class Regard:
    """Judges at each of `largeurs`; `jugees` are the addresses, in the order in which they were."""

    largeurs: tuple[int, ...] = LARGEURS
    jugees: list[str] = field(default_factory=list)
    _vues: set[str] = field(default_factory=set)

    def porter(self, page: Page) -> None:
        adresse = urlsplit(page.url).path
        page.wait_for_load_state()
        genre = resolve(adresse).route
        sortes = {f"{genre} {sorte}" for sorte in page.evaluate(SORTES)}
        if sortes <= self._vues:
            return
        self._vues |= sortes
        self.jugees.append(adresse)
        taille = page.viewport_size
        assert taille is not None
        # A window open over the page closes when the page is laid out otherwise.
        largeurs = (taille["width"],) if page.evaluate(OUVERTE) else self.largeurs
        for largeur in sorted(largeurs, key=lambda largeur: largeur == taille["width"]):
            page.set_viewport_size({"width": largeur, "height": taille["height"]})
            verifier(page)
        page.set_viewport_size(taille)
