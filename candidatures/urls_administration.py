"""Addresses of the administration: the calendar and the roles."""

from django.urls import path

from candidatures.views import administration

app_name = "administration"
urlpatterns = [
    path("vagues/", administration.calendrier, name="calendrier"),
    path("vagues/<int:numero>/", administration.vague, name="vague"),
    path("roles/", administration.roles, name="roles"),
    path("roles/donner/", administration.donner_role, name="donner_role"),
    path("roles/<int:pk>/retirer/", administration.retirer_role, name="retirer_role"),
    path("organismes/ajouter/", administration.organisme, name="organisme"),
]
