from django.apps import AppConfig


class PortailConfig(AppConfig):
    name = "rebond.portail"
    label = "portail"
    verbose_name = "Portail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Every process that sends tasks must know the broker, not the workers alone.
        import rebond.celery  # noqa: F401
