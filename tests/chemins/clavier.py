"""The same with a keyboard alone: what the focus does not reach, or reaches unseen, is a dead end."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FilePayload

from tests.chemins.fenetres import Cible
from tests.chemins.visiteurs import Visiteur

#: More stops than any page has between two controls.
ARRETS_MAX = 250
#: Stops within one control: the parts of a date, the buttons of a native field.
SUR_PLACE_MAX = 8
CHOIX_MAX = PROPOSITIONS_MAX = 30
VALEUR, COCHEE = "(e) => e.value", "(e) => e.checked"
AU_SEUIL = "(e) => document.activeElement.hash === '#contenu' && Boolean(e.closest('main'))"
#: Where the focus is from a wanted control, and what is wrong with how it shows: nothing when one sees where one is.
#: The design system hides boxes and draws their labels; a whole card is outlined for its link.
SITUATION = """async (voulu) => {
  const image = () => new Promise((suite) => requestAnimationFrame(() => requestAnimationFrame(suite)));
  const ici = document.activeElement;
  if (!ici || ici === document.body) return { ou: "nulle part", defaut: "", element: "" };
  const cache = ici.matches("input[type=radio], input[type=checkbox]");
  const vu = (cache && ici.labels?.[0]) || ici;
  const trace = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1
      && !/, 0\\)$|transparent/.test(style.outlineColor);
  };
  const contour = () => [ici, vu].some((e) => [undefined, "::before", "::after"].some((p) => trace(e, p)));
  const visible = () => {
    const bord = vu.getBoundingClientRect();
    const [gauche, droite] = [Math.max(bord.left, 0), Math.min(bord.right, innerWidth)];
    const [haut, bas] = [Math.max(bord.top, 0), Math.min(bord.bottom, innerHeight)];
    if (droite - gauche < 1 || bas - haut < 1) return false;
    return [0.5, 0.1, 0.9].some((part) => {
      const dessus = document.elementFromPoint(gauche + (droite - gauche) * part, haut + (bas - haut) * part);
      return dessus && (vu.contains(dessus) || ici.contains(dessus) || dessus.contains(ici));
    });
  };
  const juger = () => ici.tabIndex < 0 ? "" : !visible() ? "hors de vue" : !contour() ? "sans contour" : "";
  let defaut = juger();
  for (let essai = 0; defaut && essai < 60; essai++) { await image(); defaut = juger(); }
  const element = ici.outerHTML.slice(0, 160);
  const groupe = [ici, voulu].every((e) => e.type === "radio") && ici.name === voulu.name && ici.form === voulu.form;
  if (ici === voulu || groupe) return { ou: "là", defaut, element };
  const apres = voulu.compareDocumentPosition(ici) & Node.DOCUMENT_POSITION_FOLLOWING;
  return { ou: apres ? "après" : "avant", defaut, element };
}"""
#: The message or the summary of errors of a page just answered, when the focus is elsewhere.
PERDU = """() => {
  const dit = document.querySelector("[data-resume-erreurs]") ?? document.querySelector("[data-message]");
  const obei = document.getElementById(location.hash.slice(1)) !== null;
  return !dit || obei || document.activeElement === dit ? "" : dit.outerHTML.slice(0, 160);
}"""


@dataclass
class AuClavier(Visiteur):
    """Tab, Shift+Tab, arrows, space, Enter, and what is typed."""

    def aller_a(self, voulu: Any) -> None:
        """Bring the focus there as one does: past what precedes the content, then control after control."""
        situation = self._ou(voulu)
        if situation["ou"] == "nulle part":
            self._sauter_au_contenu(voulu)
            situation = self._ou(voulu)
        touches, sur_place, element = "", 0, ""
        for _ in range(ARRETS_MAX):
            if situation["ou"] == "là":
                return
            # What is within the element that has the focus (`main`, a message) follows it.
            touche = "Shift+Tab" if situation["ou"] == "après" else "Tab"
            assert touches in {"", touche}, self._dire("le clavier passe sans s’y arrêter devant", voulu)
            touches = touche
            self.fenetre.touche(touche)
            situation = self._ou(voulu)
            sur_place = sur_place + 1 if situation["element"] == element else 0
            element = situation["element"]
            assert sur_place < SUR_PLACE_MAX, f"{self.fenetre.adresse} : le clavier ne sort pas de {element}"
        raise AssertionError(self._dire("le clavier n’atteint pas", voulu))

    def _ou(self, voulu: Any) -> dict[str, str]:
        situation: dict[str, str] = self.fenetre.demander(SITUATION, voulu)
        assert situation["defaut"] == "", f"{self.fenetre.adresse} : {situation['defaut']}, {situation['element']}"
        return situation

    def _dire(self, constat: str, voulu: Any) -> str:
        return f"{self.fenetre.adresse} : {constat} {self.fenetre.demander('(e) => e.outerHTML.slice(0, 160)', voulu)}"

    def _sauter_au_contenu(self, voulu: Any) -> None:
        """The first link of every page, when what one wants is in the content."""
        self.fenetre.touche("Tab")
        self._ou(voulu)
        if self.fenetre.demander(AU_SEUIL, voulu):
            self.fenetre.touche("Enter")
            assert self.fenetre.demander("() => document.activeElement.localName", voulu) == "main"

    def _quitter(self, cible: Cible) -> None:
        """What has just been done, or what is wrong, is where the keyboard goes on from."""
        super()._quitter(cible)
        perdu = self.fenetre.demander(PERDU, self.fenetre.trouver(Cible("element")))
        assert perdu == "", f"{self.fenetre.adresse} : le clavier ne part pas de {perdu}"

    def _presser(self, element: Any) -> None:
        self.aller_a(element)
        self.fenetre.touche("Enter" if self.fenetre.demander("(e) => e.localName", element) == "a" else "Space")

    def _ecrire(self, champ: Any, valeur: str) -> None:
        self.aller_a(champ)
        if self.fenetre.demander(VALEUR, champ):
            self.fenetre.touche("Control+A")
        self.fenetre.taper(valeur)
        assert self.fenetre.demander(VALEUR, champ) == valeur

    def _taper(self, champ: Any, saisie: str) -> None:
        self.aller_a(champ)
        self.fenetre.taper(saisie)

    def _prendre(self, proposition: Any) -> None:
        for _ in range(PROPOSITIONS_MAX):
            self.fenetre.touche("ArrowDown")
            if self.fenetre.demander("(e) => e.ariaSelected", proposition) == "true":
                break
        self.fenetre.touche("Enter")

    def _dater(self, champ: Any, jour: str) -> None:
        """In the order that the field shows, which is that of the browser's language."""
        self.aller_a(champ)
        annee, mois, quantieme = jour.split("-")
        for saisie in (f"{quantieme}{mois}{annee}", f"{mois}{quantieme}{annee}"):
            self.fenetre.taper(saisie)
            if self.fenetre.demander(VALEUR, champ) == jour:
                return
            for _ in range(3):
                self.fenetre.touche("ArrowLeft")
        raise AssertionError(self._dire(f"{jour} ne s’écrit pas dans", champ))

    def _cocher(self, case: Any) -> None:
        self.aller_a(case)
        for _ in range(CHOIX_MAX):
            if self.fenetre.demander("(e) => e === document.activeElement", case):
                break
            self.fenetre.touche("ArrowDown")
            self._ou(case)
        if not self.fenetre.demander(COCHEE, case):
            self.fenetre.touche("Space")
        assert self.fenetre.demander(COCHEE, case)

    def _choisir_des_fichiers(self, champ: Any, fichiers: list[FilePayload]) -> None:
        self.aller_a(champ)
        self.fenetre.joindre(champ, fichiers, au_clavier=True)
