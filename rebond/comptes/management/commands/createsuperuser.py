"""`manage.py createsuperuser`: Rebond has no account above the others; says how the first administrateur is named."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Ne sert pas ici : voir nommer_administrateur."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Whatever the options that Django's own command takes."""
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "Rebond n’a pas de compte au-dessus des autres. Nommez le premier administrateur par\u00a0: "
            "manage.py nommer_administrateur ADRESSE"
        )
