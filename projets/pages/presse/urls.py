"""Addresses of the press office's pages, under /presse/."""

from datetime import date

from django.urls import path, register_converter

from projets.mission.regles import DERNIER_JOUR, PREMIER_JOUR
from projets.pages.presse import communiques as presse
from projets.pages.presse import lignes
from rebond.socle.texte.jours import lire_jour


class JourIso:
    """`2023-08-28` ↔ `date`; anything else, and a day that the programme knows nothing of, is a 404."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return lire_jour(value, minimum=PREMIER_JOUR, maximum=DERNIER_JOUR)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(JourIso, "jour")

app_name = "presse"
urlpatterns = [
    path("", presse.accueil, name="accueil"),
    path("<jour:au>/", presse.projet, name="projet"),
    path("<jour:au>/<slug:format_>/", presse.fichier, name="fichier"),
    path("<jour:au>/lignes/<slug:cle>/", lignes.du_projet, name="lignes"),
    path("communiques/<int:pk>/", presse.communique, name="communique"),
    path("communiques/<int:pk>/lignes/<slug:cle>/", lignes.du_communique, name="lignes_figees"),
    path("communiques/<int:pk>/<slug:format_>/", presse.fichier_fige, name="fichier_fige"),
]
