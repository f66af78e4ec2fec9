"""Which pages these are, and what they say until somebody rewrites them."""

from functools import cache
from pathlib import Path

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
    def nom(self) -> str:
        """Of its public address."""
        return self.value.replace("-", "_")


@cache
def texte_par_defaut(page: PageDeTexte) -> str:
    return (DEFAUTS / f"{page.value}.md").read_text()
