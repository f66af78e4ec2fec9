"""Addresses of what a mission conducts with its territory: its envelopes and its roadmap, under /missions/."""

from django.urls import path

from projets.pages.mission import enveloppes, feuilles

app_name = "conduite"
urlpatterns = [
    path("<int:mission_id>/enveloppe/", enveloppes.enveloppe, name="enveloppe"),
    path("<int:mission_id>/enveloppe/ouvrir/", enveloppes.ouvrir_enveloppe, name="ouvrir_enveloppe"),
    path("<int:mission_id>/enveloppe/<int:pk>/accorder/", enveloppes.accorder, name="accorder"),
    path("<int:mission_id>/feuille-de-route/", feuilles.feuille_de_route, name="feuille_de_route"),
    path("<int:mission_id>/feuille-de-route/ajouter/", feuilles.ajouter_axe, name="ajouter_axe"),
    path("<int:mission_id>/feuille-de-route/<int:pk>/modifier/", feuilles.modifier_axe, name="modifier_axe"),
    path(
        "<int:mission_id>/feuille-de-route/<int:pk>/monter/",
        feuilles.deplacer_axe,
        {"vers_le_haut": True},
        name="monter_axe",
    ),
    path(
        "<int:mission_id>/feuille-de-route/<int:pk>/descendre/",
        feuilles.deplacer_axe,
        {"vers_le_haut": False},
        name="descendre_axe",
    ),
    path("<int:mission_id>/feuille-de-route/<int:pk>/retirer/", feuilles.retirer_axe, name="retirer_axe"),
]
