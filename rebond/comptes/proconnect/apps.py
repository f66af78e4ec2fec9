from django.apps import AppConfig


class ProConnectConfig(AppConfig):
    """An application of its own: allauth looks for providers in the module `provider` of each."""

    name = "rebond.comptes.proconnect"
    label = "proconnect"
    verbose_name = "ProConnect"

    def ready(self) -> None:
        import rebond.comptes.proconnect.recepteurs  # noqa: F401 – late: apps
