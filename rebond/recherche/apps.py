from django.apps import AppConfig


class RechercheConfig(AppConfig):
    name = "rebond.recherche"
    label = "recherche"
    verbose_name = "Recherche"
    default_auto_field = "django.db.models.BigAutoField"
