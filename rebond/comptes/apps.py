from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "rebond.comptes"
    label = "comptes"
    verbose_name = "Comptes"

    def ready(self) -> None:
        import rebond.comptes.acces  # late: apps
        import rebond.comptes.recepteurs  # late: apps
        import rebond.comptes.second_facteur.recepteurs  # noqa: F401 – late: apps
