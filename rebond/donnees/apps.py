from django.apps import AppConfig


class DonneesConfig(AppConfig):
    name = "rebond.donnees"
    label = "donnees"
    verbose_name = "Données personnelles"
    default_auto_field = "django.db.models.BigAutoField"
