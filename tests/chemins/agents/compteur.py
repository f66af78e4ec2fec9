"""What a person does in front of a browser, counted by the browser itself: no test chooses what counts."""

from dataclasses import dataclass

from playwright.sync_api import Page

# A press of the mouse or of the finger, a choice in a list (which is opened, then chosen in), Enter and Space where
# they press something. What is typed in a field is text; keys that only move are counted apart.
COMPTER = """
  const compter = (quoi, combien = 1) => {
    try {
      sessionStorage.setItem(quoi, Number(sessionStorage.getItem(quoi) ?? 0) + combien);
    } catch {
      // A page that keeps nothing is none of the portal's.
    }
  };
  addEventListener("pointerdown", (geste) => geste.isTrusted && compter("clics"), true);
  addEventListener("change", (choix) => choix.target.matches("select") && compter("clics", 2), true);
  addEventListener("keydown", (frappe) => {
    if (!frappe.isTrusted) return;
    const ecrit = frappe.target.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea");
    if (frappe.key === "Enter" ? !frappe.target.matches("textarea") : frappe.key === " " && !ecrit) compter("clics");
    else if (!ecrit) compter(frappe.key.length === 1 ? "raccourcis" : "deplacements");
  }, true);
"""
LIRE = "(quoi) => Number(sessionStorage.getItem(quoi) ?? 0)"


@dataclass
class Compteur:
    """Counts from the moment it is made: `chargements` of whole pages, the frames within them not counted."""

    page: Page
    chargements: int = 0

    def __post_init__(self) -> None:
        self.page.add_init_script(COMPTER)
        self.page.on("domcontentloaded", self._compter)

    def _compter(self, _page: Page) -> None:
        self.chargements += 1

    @property
    def clics(self) -> int:
        return self._lire("clics")

    @property
    def raccourcis(self) -> int:
        return self._lire("raccourcis")

    def _lire(self, quoi: str) -> int:
        return int(self.page.evaluate(LIRE, quoi))

    def __str__(self) -> str:
        return f"{self.chargements} chargements de page, {self.clics} clics, {self.raccourcis} touches de raccourci"
