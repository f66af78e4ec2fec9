"""`manage.py documenter`: writes the papers that are made from the code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from rebond.documentation.documents import documents


class Command(BaseCommand):
    help = "Récrit les documents tirés du code : qui obtient quoi, le registre, les états, le modèle."
    # It reads the registry of models, never the database.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for chemin, texte in documents().items():
            (settings.RACINE / chemin).parent.mkdir(parents=True, exist_ok=True)
            (settings.RACINE / chemin).write_text(texte)
            self.stdout.write(f"{chemin} : écrit.")
