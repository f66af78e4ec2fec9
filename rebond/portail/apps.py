from django.apps import AppConfig


class PortailConfig(AppConfig):
    name = "rebond.portail"
    label = "portail"
    verbose_name = "Portail"
    default_auto_field = "django.db.models.BigAutoField"
