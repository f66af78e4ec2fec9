"""Which pages these are, and what they say until somebody rewrites them."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import models

DEFAUTS = Path(__file__).parent / "defauts"


class PageDeTexte(models.TextChoices):
    """The value is both the name of its file and its place in the addresses of the administration."""

    MENTIONS = "mentions-legales", "Mentions légales"
    DONNEES = "donnees-personnelles", "Données personnelles et cookies"
    ACCESSIBILITE = "accessibilite", "Déclaration d’accessibilité"
    CONTACT = "contact", "Contact"
    CONTACTS_EN_REGION = "contacts-en-region", "Vos contacts en région"
    QUESTIONS = "questions-frequentes", "Questions fréquentes"

    @property
    def aide(self) -> str:
        """What whoever rewrites it must know; empty when the text is free."""
        return AIDES.get(self, "")

    @property
    def nom(self) -> str:
        """Of its public address."""
        return self.value.replace("-", "_")


AIDES = {
    PageDeTexte.CONTACTS_EN_REGION: "Un intertitre par région, à son nom\u00a0: «\u00a0## Bretagne\u00a0», puis le "
    "service, son adresse e-mail et son téléphone. La liste des régions et le test d’éligibilité y mènent "
    "d’eux-mêmes. Gardez «\u00a0## Contact national\u00a0»\u00a0: il répond pour les régions sans contact.",
}


def texte_par_defaut(page: PageDeTexte) -> str:
    """That of the demonstration, where it has one of its own: it says what is invented."""
    invente = DEFAUTS / "demonstration" / f"{page.value}.md"
    return _lire(invente if settings.DEMONSTRATION and invente.exists() else DEFAUTS / f"{page.value}.md")


@cache
def _lire(chemin: Path) -> str:
    return chemin.read_text()
