"""Firefox, by Marionette: the protocol by which Mozilla drives it, lines of JSON over a socket.

https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html, and the commands of WebDriver. Mozilla's own
client is marked inactive, brings what drives telephones and needs a compiler's set-up; Playwright asks this release
for a command that it does not know.
"""

import json
import os
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.test import Client
from playwright.sync_api import FilePayload

from rebond.socle.utilisateur import Utilisateur
from tests.chemins.fenetres import Cible
from tests.concurrence.attente import attendre

PROGRAMME = "/usr/bin/firefox-esr"
REGLAGES = {
    "intl.accept_languages": "fr-FR, fr",
    "app.update.disabledForTesting": True,
    "remote.prefs.recommended": True,
}
#: By the names that Playwright gives to keys, the code points of WebDriver.
TOUCHES = {
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Shift": "\ue008",
    "Control": "\ue009",
    "Space": " ",
    "ArrowLeft": "\ue012",
    "ArrowDown": "\ue015",
}
#: What is seen, by its label, its name or its text, as `FenetreDePlaywright` finds it.
CHERCHER = """({ genre, nom, dans, exact }) => {
  const net = (texte) => (texte ?? "").replace(/\\s+/g, " ").trim().toLowerCase();
  const vu = (e) => e.getClientRects().length > 0 && e.checkVisibility({ visibilityProperty: true });
  const voulu = net(nom);
  const est = (texte) => (exact ? net(texte) === voulu : net(texte).includes(voulu));
  const en = (choix) => [...document.querySelectorAll(dans)].flatMap((part) => [...part.querySelectorAll(choix)]);
  const intitule = (e) =>
    e.ariaLabel ?? (e.ariaLabelledByElements?.map((autre) => autre.textContent).join(" ") || e.textContent || e.title);
  const choix = {
    lien: "a[href]", bouton: "button", titre: "h1, h2, h3, h4, h5, h6", proposition: "[role=option]",
  };
  const tous = {
    element: () => [...document.querySelectorAll(dans)],
    champ: () => en("label").filter((e) => est(e.textContent) && e.control).map((e) => e.control),
    texte: () => en("*").filter((e) => est(e.textContent) && ![...e.children].some((autre) => est(autre.textContent))),
  }[genre] ?? (() => en(choix[genre]).filter((e) => est(intitule(e))));
  return tous().filter(vu);
}"""
COMPTER = f"(cible) => ({CHERCHER})(cible).length"
MARQUER = "() => { document.documentElement.dataset.quittee = ''; }"
#: Neither the page before nor the blank one that may come between.
ARRIVEE = """() => location.protocol === "http:" && document.readyState === "complete"
  && !("quittee" in document.documentElement.dataset)"""


class Firefox:
    """A headless one with a profile of its own, in `dossier`; `arreter` ends it."""

    def __init__(self, dossier: Path) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as prise:
            port = prise.getsockname()[1]
        profil = dossier / "profil"
        profil.mkdir()
        reglages = REGLAGES | {"marionette.port": port}
        lignes = [f"user_pref({json.dumps(nom)}, {json.dumps(valeur)});" for nom, valeur in reglages.items()]
        (profil / "user.js").write_text("\n".join(lignes))
        self._processus = subprocess.Popen(
            [PROGRAMME, "--headless", "--marionette", "--no-remote", "--profile", str(profil)],
            env=os.environ | {"HOME": str(dossier), "MOZ_CRASHREPORTER_DISABLE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._numero = 0
        attendre(lambda: self._joindre(port), delai=60)
        self._lire()
        self.dire("WebDriver:NewSession")

    def dire(self, commande: str, **parametres: Any) -> Any:
        """Its answer; RuntimeError with what Firefox says is wrong."""
        self._numero += 1
        message = json.dumps([0, self._numero, commande, parametres]).encode()
        self._prise.sendall(b"%d:%s" % (len(message), message))
        _, _, erreur, reponse = self._lire()
        if erreur:
            raise RuntimeError(f"{commande} : {erreur['error']}, {erreur['message']}")
        return reponse.get("value", reponse)

    def demander(self, fonction: str, *arguments: Any) -> Any:
        return self.dire("WebDriver:ExecuteScript", script=f"return ({fonction})(...arguments)", args=list(arguments))

    def arreter(self) -> None:
        self.dire("Marionette:Quit", flags=["eForceQuit"])
        self._recu.close()
        self._prise.close()
        self._processus.wait(30)

    def _joindre(self, port: int) -> bool:
        assert self._processus.poll() is None, "Firefox n’a pas démarré"
        with suppress(OSError):
            self._prise = socket.create_connection(("127.0.0.1", port), timeout=120)
            self._recu = self._prise.makefile("rb")
            return True
        return False

    def _lire(self) -> Any:
        taille = b""
        while (octet := self._recu.read(1)) != b":":
            assert octet, "Firefox s’est arrêté"
            taille += octet
        return json.loads(self._recu.read(int(taille)))


@dataclass
class FenetreDeFirefox:
    """`racine`: the address of the portal; `dossier` receives the files that are sent."""

    firefox: Firefox
    racine: str
    dossier: Path
    pages: list[str] = field(default_factory=list)

    @property
    def adresse(self) -> str:
        return str(self.firefox.dire("WebDriver:GetCurrentURL"))

    def dimensionner(self, largeur: int, hauteur: int) -> None:
        """As near as Firefox goes: its windows are no narrower than 450 pixels or so."""
        self.firefox.dire("WebDriver:SetWindowRect", width=largeur, height=hauteur)

    def oublier(self) -> None:
        """Whoever was signed in; the window shows a page of the portal that says nothing."""
        self.firefox.dire("WebDriver:Navigate", url=f"{self.racine}/robots.txt")
        self.firefox.dire("WebDriver:DeleteAllCookies")

    def aller(self, adresse: str, comme: Utilisateur | None) -> None:
        if comme is not None:
            client = Client()
            client.force_login(comme)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "path": "/"}
            self.firefox.dire("WebDriver:AddCookie", cookie=cookie)
        self.firefox.dire("WebDriver:Navigate", url=f"{self.racine}{adresse}")
        self.pages.append(self.adresse)

    def trouver(self, cible: Cible) -> Any:
        trouves: list[Any] = []

        def chercher() -> bool:
            # Null when the document goes while it is asked.
            trouves[:] = self.firefox.demander(CHERCHER, asdict(cible)) or []
            return bool(trouves)

        attendre(chercher)
        return trouves[0]

    def compter(self, cible: Cible, attendus: int) -> None:
        attendre(lambda: self.firefox.demander(COMPTER, asdict(cible)) == attendus)

    def demander(self, fonction: str, element: Any) -> Any:
        return self.firefox.demander(fonction, element)

    def touche(self, nom: str) -> None:
        *tenues, pressee = (TOUCHES.get(part, part.lower()) for part in nom.split("+"))
        avant, apres = ([(genre, tenue) for tenue in tenues] for genre in ("keyDown", "keyUp"))
        self._appuyer([*avant, ("keyDown", pressee), ("keyUp", pressee), *apres])

    def taper(self, texte: str) -> None:
        self._appuyer([(genre, signe) for signe in texte for genre in ("keyDown", "keyUp")])

    def joindre(self, element: Any, fichiers: Sequence[FilePayload], *, au_clavier: bool) -> None:
        """Straight to the field: the window that Firefox opens to choose a file is the system's."""
        chemins = []
        for fichier in fichiers:
            chemin = self.dossier / fichier["name"]
            chemin.write_bytes(fichier["buffer"])
            chemins.append(str(chemin))
        (numero,) = element.values()
        self.firefox.dire("WebDriver:ElementSendKeys", id=numero, text="\n".join(chemins))

    @contextmanager
    def changer_de_page(self) -> Iterator[None]:
        self.firefox.demander(MARQUER)
        yield
        attendre(self._arrivee)
        self.pages.append(self.adresse)

    def _arrivee(self) -> bool:
        # The document may go while it is asked.
        with suppress(RuntimeError):
            return bool(self.firefox.demander(ARRIVEE))
        return False

    def _appuyer(self, gestes: Sequence[tuple[str, str]]) -> None:
        actions = [{"type": genre, "value": touche} for genre, touche in gestes]
        self.firefox.dire("WebDriver:PerformActions", actions=[{"type": "key", "id": "clavier", "actions": actions}])
