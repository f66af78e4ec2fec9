"""Every address of the portal. Only this module and the settings know all the apps."""

from django.urls import include, path

urlpatterns = [
    path("", include("rebond.portail.urls")),
    path("territoires/", include("territoires.urls")),
    path("candidatures/", include("candidatures.urls")),
    path("verifier/", include("candidatures.urls_verification")),
    path("instruction/", include("candidatures.urls_instruction")),
    path("administration/", include("candidatures.urls_administration")),
    path("presse/", include("projets.urls_presse")),
    path("missions/", include("projets.urls")),
    path("missions/", include("projets.urls_conduite")),
    path("rapports/", include("projets.urls_rapports")),
    path("compte/", include("allauth.account.urls")),
]
