"""Somebody in front of a browser: a field goes by its label, a link and a button by their name.

What they have of hands differs (a mouse here, a keyboard alone in `clavier`), as does the browser (`fenetres`); a
journey (`parcours`) is written once for them all.
"""

import re
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.core import mail
from playwright.sync_api import FilePayload

from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f
from tests.chemins.fenetres import Cible, Fenetre, FenetreDePlaywright, sans_hote
from tests.chemins.regard import Regard
from tests.outils.gestes import cocher

CODE = re.compile(r"^\s*([A-Z0-9]{4}-?[A-Z0-9]{2,4})\s*$", re.MULTILINE)
PAGE, CONTENU = "body", "main"


@dataclass
class Visiteur:
    """`clics`: what was pressed to go from one page to the next. `scripts`: whether the browser runs them."""

    fenetre: Fenetre
    scripts: bool = True
    clics: int = 0

    # What one sees.

    def lire(self, titre: str) -> None:
        """A heading of the page, which says where one is."""
        self.fenetre.trouver(Cible("titre", titre))

    def voir(self, texte: str) -> None:
        self.fenetre.trouver(Cible("texte", texte))

    def compter(self, texte: str, attendus: int) -> None:
        self.fenetre.compter(Cible("texte", texte, exact=True), attendus)

    def relire(self, etiquette: str, valeur: str) -> None:
        """What a field holds already."""
        champ = self.fenetre.trouver(Cible("champ", etiquette))
        assert self.fenetre.demander("(e) => e.value", champ) == valeur

    def montrer(self) -> None:
        """The page as it stands, to whoever judges it."""

    def dire(self, nom: str) -> str:
        """The journey as it went: its pages, and how many clicks."""
        pages = self.fenetre.pages
        etapes = "\n".join(f"{rang:>3}. {sans_hote(page)}" for rang, page in enumerate(pages, 1))
        return f"{nom}\u00a0: {len(pages)} pages, {self.clics} clics\n{etapes}"

    # What one does.

    def arriver(self, adresse: str, comme: Utilisateur | None = None) -> None:
        """By the address, as who has signed in already, if it is somebody."""
        self.fenetre.aller(adresse, comme)

    def remplir(self, etiquette: str, valeur: str, *, exact: bool = False) -> None:
        self._ecrire(self.fenetre.trouver(Cible("champ", etiquette, exact=exact)), valeur)

    def dater(self, etiquette: str, jour: str) -> None:
        """`jour` as 2026-03-01."""
        self._dater(self.fenetre.trouver(Cible("champ", etiquette)), jour)

    def cocher(self, etiquette: str) -> None:
        self._cocher(self.fenetre.trouver(Cible("champ", etiquette)))

    def suivre(self, nom: str, *, dans: str = PAGE) -> None:
        """A link to another page."""
        self._quitter(Cible("lien", nom, dans))

    def envoyer(self, nom: str, *, dans: str = PAGE) -> None:
        """The button of a form, which another page answers."""
        self._quitter(Cible("bouton", nom, dans, exact=True))

    def ouvrir(self, nom: str) -> None:
        """A button that shows something more of the same page."""
        self.clics += 1
        self._presser(self.fenetre.trouver(Cible("bouton", nom, exact=True)))

    def proposer(self, etiquette: str, saisie: str, proposition: str, *, mene: bool = False) -> None:
        """What one types, then the suggestion that one takes; `mene`: to another page."""
        self._taper(self.fenetre.trouver(Cible("champ", etiquette)), saisie)
        voulue = self.fenetre.trouver(Cible("proposition", proposition))
        self.montrer()
        self.clics += 1
        with self.fenetre.changer_de_page() if mene else nullcontext():
            self._prendre(voulue)

    def joindre(self, ancre: str, fichier: FilePayload) -> None:
        """A file, to one place of the page of the attachments."""
        place = f"#{ancre}"
        self._choisir_des_fichiers(self.fenetre.trouver(Cible("element", dans=f"{place} input[type=file]")), [fichier])
        if not self.scripts:
            self.envoyer("Joindre ce fichier", dans=place)
        self.fenetre.trouver(Cible("texte", fichier["name"], f"{place} .rebond-pieces"))

    def joindre_des_photos(self, etiquette: str, photos: list[FilePayload]) -> None:
        self._choisir_des_fichiers(self.fenetre.trouver(Cible("champ", etiquette)), photos)

    def saisir_le_code_recu(self) -> None:
        """That of the last letter, which is all that its reader has."""
        champ = self.fenetre.trouver(Cible("champ", "Code reçu par e-mail"))
        code = CODE.search(str(mail.outbox[-1].body))
        assert code is not None, mail.outbox[-1].body
        self._ecrire(champ, code[1])
        self.envoyer("Valider le code")

    # With which hands.

    def _quitter(self, cible: Cible) -> None:
        voulu = self.fenetre.trouver(cible)
        self.montrer()
        self.clics += 1
        with self.fenetre.changer_de_page():
            self._presser(voulu)

    def _presser(self, element: Any) -> None:
        raise NotImplementedError

    def _ecrire(self, champ: Any, valeur: str) -> None:
        raise NotImplementedError

    def _taper(self, champ: Any, saisie: str) -> None:
        raise NotImplementedError

    def _prendre(self, proposition: Any) -> None:
        raise NotImplementedError

    def _dater(self, champ: Any, jour: str) -> None:
        raise NotImplementedError

    def _cocher(self, case: Any) -> None:
        raise NotImplementedError

    def _choisir_des_fichiers(self, champ: Any, fichiers: list[FilePayload]) -> None:
        raise NotImplementedError


@dataclass
class ALaSouris(Visiteur):
    """In Chromium. `regard`, when there is one, is shown every page before it is left."""

    fenetre: FenetreDePlaywright
    regard: Regard | None = None

    def montrer(self) -> None:
        if self.regard is not None:
            self.regard.porter(self.fenetre.page)

    def _presser(self, element: Any) -> None:
        element.click()

    def _ecrire(self, champ: Any, valeur: str) -> None:
        champ.fill(valeur)

    def _taper(self, champ: Any, saisie: str) -> None:
        champ.press_sequentially(saisie)

    def _prendre(self, proposition: Any) -> None:
        proposition.click()

    def _dater(self, champ: Any, jour: str) -> None:
        champ.fill(jour)

    def _cocher(self, case: Any) -> None:
        cocher(case)

    def _choisir_des_fichiers(self, champ: Any, fichiers: list[FilePayload]) -> None:
        self.fenetre.joindre(champ, fichiers, au_clavier=False)


def un_fichier(nom: str, contenu: bytes = f.PDF, genre: str = "application/pdf") -> FilePayload:
    return {"name": nom, "mimeType": genre, "buffer": contenu}
