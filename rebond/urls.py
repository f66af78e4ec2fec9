"""Every address of the portal. Only this module and the settings know all the apps."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("rebond.portail.urls")),
    path("", include("rebond.donnees.urls")),
    path("territoires/", include("territoires.urls")),
    path("candidatures/", include("candidatures.pages.territoire.urls")),
    path("liens/", include("candidatures.pages.public.urls_liens")),
    path("verifier/", include("candidatures.pages.public.urls")),
    path("instruction/", include("candidatures.pages.instruction.urls")),
    path("administration/", include("candidatures.pages.administration.urls")),
    path("presse/", include("projets.pages.presse.urls")),
    path("missions/", include("projets.pages.mission.urls")),
    path("missions/", include("projets.pages.mission.urls_conduite")),
    path("rapports/", include("projets.pages.mission.urls_rapports")),
    path("compte/second-facteur/", include("rebond.comptes.second_facteur.urls")),
    path("compte/proconnect/", include("rebond.comptes.proconnect.urls")),
    path("compte/sessions/", include("rebond.comptes.seances.urls")),
    path("compte/exports/", include("rebond.exports.urls")),
    path("", include("rebond.comptes.preferences.urls")),
    path("compte/fermer/", include("rebond.comptes.gestion.urls")),
    path("compte/", include("rebond.comptes.urls")),
    path("compte/", include("allauth.account.urls")),
]

if settings.DEBUG:
    from rebond.developpement import adresses

    urlpatterns += adresses()
