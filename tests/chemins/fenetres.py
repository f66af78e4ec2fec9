"""A window of a browser, as little of one as a journey needs: what one looks for, keys, pages that come."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from playwright.sync_api import FilePayload, Locator, Page, expect
from playwright.sync_api import TimeoutError as DelaiPasse

from rebond.socle.utilisateur import Utilisateur
from tests.outils.gestes import entrer

Genre = Literal["champ", "lien", "bouton", "titre", "texte", "proposition", "element"]
#: Milliseconds: whatever comes later does not come.
PATIENCE = 30_000
ROLES: dict[str, Any] = {"lien": "link", "bouton": "button", "titre": "heading", "proposition": "option"}
APPUIS, ATTENTE_MS = 3, 10_000


@dataclass(frozen=True)
class Cible:
    """What one looks for, by its label, its name or its text (whole when `exact`), in a part of the page (`dans`),
    CSS, which is all that tells an « element »."""

    genre: Genre
    nom: str = ""
    dans: str = "body"
    exact: bool = False

    def __str__(self) -> str:
        return f"{self.genre} «\u00a0{self.nom or self.dans}\u00a0»"


class Fenetre(Protocol):
    """`pages`: the address of each document shown, from the first."""

    pages: list[str]

    @property
    def adresse(self) -> str: ...

    def aller(self, adresse: str, comme: Utilisateur | None) -> None: ...

    def trouver(self, cible: Cible) -> Any:
        """The first one that is seen, once it is; AssertionError when there is none."""

    def compter(self, cible: Cible, attendus: int) -> None: ...

    def demander(self, fonction: str, element: Any) -> Any:
        """What a function of JavaScript answers of an element."""

    def touche(self, nom: str) -> None: ...

    def taper(self, texte: str) -> None: ...

    def joindre(self, element: Any, fichiers: Sequence[FilePayload], *, au_clavier: bool) -> None: ...

    def changer_de_page(self) -> Any:
        """A context: what is done within leads to another document, which is there at its end."""


@dataclass
class FenetreDePlaywright:
    page: Page
    pages: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("domcontentloaded", lambda page: self.pages.append(page.url))

    @property
    def adresse(self) -> str:
        return self.page.url

    def aller(self, adresse: str, comme: Utilisateur | None) -> None:
        if comme is None:
            self.page.goto(adresse)
        else:
            entrer(self.page, comme, adresse)

    def trouver(self, cible: Cible) -> Locator:
        trouve = self._tous(cible).first
        expect(trouve).to_be_visible(timeout=PATIENCE)
        return trouve

    def compter(self, cible: Cible, attendus: int) -> None:
        expect(self._tous(cible)).to_have_count(attendus, timeout=PATIENCE)

    def demander(self, fonction: str, element: Locator) -> Any:
        return element.evaluate(fonction)

    def touche(self, nom: str) -> None:
        self.page.keyboard.press(nom)

    def taper(self, texte: str) -> None:
        self.page.keyboard.type(texte)

    def joindre(self, element: Locator, fichiers: Sequence[FilePayload], *, au_clavier: bool) -> None:
        if not au_clavier:
            element.set_input_files(fichiers)
            return
        # The chooser is the system's: a browser that is busy may miss the key, which its reader presses again.
        for reste in reversed(range(APPUIS)):
            try:
                with self.page.expect_file_chooser(timeout=ATTENTE_MS) as choix:
                    self.page.keyboard.press("Space")
            except DelaiPasse:
                if not reste:
                    raise
            else:
                choix.value.set_files(fichiers)
                return

    @contextmanager
    def changer_de_page(self) -> Iterator[None]:
        with self.page.expect_navigation():
            yield

    def _tous(self, cible: Cible) -> Locator:
        dans, nom = self.page.locator(cible.dans), cible.nom
        match cible.genre:
            case "element":
                tous = dans
            case "champ":
                tous = dans.get_by_label(nom, exact=cible.exact)
            case "texte":
                tous = dans.get_by_text(nom, exact=cible.exact)
            case genre:
                tous = dans.get_by_role(ROLES[genre], name=nom, exact=cible.exact)
        return tous.filter(visible=True)


def sans_hote(adresse: str) -> str:
    """Nor the fragment, which a page inherits from the one before."""
    return re.sub("^https?://[^/]+|#.*", "", adresse)
