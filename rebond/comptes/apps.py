from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "rebond.comptes"
    label = "comptes"
    verbose_name = "Comptes"

    def ready(self) -> None:
        import rebond.comptes.acces
        import rebond.comptes.recepteurs
        import rebond.comptes.second_facteur.recepteurs  # noqa: F401
