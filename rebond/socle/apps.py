from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "rebond.socle"
    label = "socle"
    verbose_name = "Socle"
    default_auto_field = "django.db.models.BigAutoField"
