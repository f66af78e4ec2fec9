from django.apps import AppConfig


class CandidaturesConfig(AppConfig):
    name = "candidatures"
    label = "candidatures"
    verbose_name = "Candidatures"
    default_auto_field = "django.db.models.BigAutoField"
