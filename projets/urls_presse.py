"""Addresses of the press office's pages, under /presse/."""

from datetime import date

from django.urls import path, register_converter

from projets.views import presse


class JourIso:
    """`2023-08-28` ↔ `date`; anything else is another address, that is a 404."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(JourIso, "jour")

app_name = "presse"
urlpatterns = [
    path("", presse.accueil, name="accueil"),
    path("<jour:au>/", presse.projet, name="projet"),
    path("<jour:au>/<slug:format_>/", presse.fichier, name="fichier"),
    path("communiques/<int:pk>/", presse.communique, name="communique"),
    path("communiques/<int:pk>/<slug:format_>/", presse.fichier_fige, name="fichier_fige"),
]
