"""Addresses of mission reports, under /rapports/."""

from django.urls import path

from projets.pages.mission import rapports

app_name = "rapports"
urlpatterns = [
    path("mission/<int:mission_id>/", rapports.liste, name="liste"),
    path("<int:pk>/", rapports.rapport, name="rapport"),
    path("<int:pk>/etat/", rapports.etat, name="etat"),
    path("<int:pk>/fichier/", rapports.fichier, name="fichier"),
    path("<int:pk>/relancer/", rapports.relancer, name="relancer"),
]
