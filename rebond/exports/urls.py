"""Addresses of one's own exports."""

from django.urls import path

from rebond.exports import views
from rebond.socle.requete.limites import EXPORTS, limiter

app_name = "exports"

urlpatterns = [
    path("", views.mes_exports, name="mes_exports"),
    path("demander/", limiter(EXPORTS, "POST")(views.demander), name="demander"),
    path("<int:pk>/", views.export, name="export"),
    path("<int:pk>/etat/", views.etat, name="etat"),
    path("<int:pk>/fichier/", views.fichier, name="fichier"),
    path("<int:pk>/annuler/", views.annuler, name="annuler"),
]
