from django.apps import AppConfig


class CandidaturesConfig(AppConfig):
    name = "candidatures"
    label = "candidatures"
    verbose_name = "Candidatures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import candidatures.depot.recepteurs  # late: apps
        import candidatures.dossier.recepteurs  # late: apps
        import candidatures.evaluation.recepteurs  # late: apps
        import candidatures.instruction.actes_en_lot  # late: apps
        import candidatures.instruction.recepteurs  # late: apps
        import candidatures.pages.territoire.ouverture  # noqa: F401 – late: apps
