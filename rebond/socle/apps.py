from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class SocleConfig(AppConfig):
    name = "rebond.socle"
    label = "socle"
    verbose_name = "Socle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rebond.socle.bdd import roles  # noqa: F401 – late: apps (judges each connection)
        from rebond.socle.bdd.declencheurs import garder_du_vidage  # late: apps
        from rebond.socle.bdd.droits import apres_migration  # late: apps
        from rebond.socle.faits import vues  # late: apps

        garder_du_vidage()
        pre_migrate.connect(vues.avant_les_migrations, sender=self, dispatch_uid="faits_avant")
        post_migrate.connect(vues.apres_les_migrations, sender=self, dispatch_uid="faits_apres")
        post_migrate.connect(apres_migration, sender=self, dispatch_uid="rebond.droits")
        post_migrate.connect(_apres_les_migrations, sender=self, dispatch_uid="rebond.socle")


def _apres_les_migrations(**_: Any) -> None:
    from rebond.socle.documents.references import verifier_aussitot  # late: apps

    verifier_aussitot()
