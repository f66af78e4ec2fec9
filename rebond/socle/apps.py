from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SocleConfig(AppConfig):
    name = "rebond.socle"
    label = "socle"
    verbose_name = "Socle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_apres_les_migrations, sender=self, dispatch_uid="rebond.socle")


def _apres_les_migrations(**_: Any) -> None:
    from rebond.socle.documents.references import verifier_aussitot

    verifier_aussitot()
