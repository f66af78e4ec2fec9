from django.apps import AppConfig


class ProjetsConfig(AppConfig):
    name = "projets"
    label = "projets"
    verbose_name = "Projets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import projets.mission.recepteurs  # noqa: F401 – late: apps
