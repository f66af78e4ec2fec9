"""Addresses of one's own data, and of those that an administrateur has prepared for somebody."""

from django.urls import path

from rebond.donnees import views

urlpatterns = [
    path("compte/donnees/", views.mes_donnees, name="mes_donnees"),
    path("compte/donnees/demander/", views.demander_les_miennes, name="demander_mes_donnees"),
    path("compte/donnees/<int:pk>/", views.telecharger, name="telecharger_mes_donnees"),
    path("compte/donnees/remise/<slug:secret>/", views.remise, name="remise_de_donnees"),
    path("administration/donnees/<int:pk>/", views.preparer_pour, name="preparer_les_donnees_de"),
]
