from django.apps import AppConfig


class DocumentationConfig(AppConfig):
    name = "rebond.documentation"
    label = "documentation"
    verbose_name = "Documentation tirée du code"
