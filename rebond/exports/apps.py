from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "rebond.exports"
    label = "exports"
    verbose_name = "Exports de listes"
    default_auto_field = "django.db.models.BigAutoField"
