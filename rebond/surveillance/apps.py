from django.apps import AppConfig


class SurveillanceConfig(AppConfig):
    name = "rebond.surveillance"
    label = "surveillance"
    verbose_name = "Surveillance"
