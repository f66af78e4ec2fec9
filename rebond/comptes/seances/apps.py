from django.apps import AppConfig


class SeancesConfig(AppConfig):
    name = "rebond.comptes.seances"
    label = "seances"
    verbose_name = "Sessions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import rebond.comptes.seances.recepteurs  # noqa: F401 – late: apps
