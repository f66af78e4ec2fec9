"""Addresses of one's own data, and of those that an administrateur has prepared for somebody."""

from django.urls import path

from rebond.donnees import views
from rebond.donnees.effacement import views as effacement

urlpatterns = [
    path("compte/donnees/", views.mes_donnees, name="mes_donnees"),
    path("compte/donnees/demander/", views.demander_les_miennes, name="demander_mes_donnees"),
    path("compte/donnees/<int:pk>/", views.telecharger, name="telecharger_mes_donnees"),
    path("compte/donnees/remise/<slug:secret>/", views.remise, name="remise_de_donnees"),
    path("administration/donnees/<int:pk>/", views.preparer_pour, name="preparer_les_donnees_de"),
    path("administration/anonymes/<int:pk>/", views.rendre_anonyme, name="rendre_anonyme"),
    path("administration/demandes/<int:pk>/oublier/", views.oublier_qui_demande, name="oublier_qui_demande"),
    path("administration/effacements/", effacement.effacements, name="effacements"),
    path("administration/effacements/<int:pk>/", effacement.effacement, name="effacement"),
    path("administration/effacements/<int:pk>/signer/", effacement.signer, name="signer_effacement"),
    path("administration/effacements/<int:pk>/abandonner/", effacement.abandonner, name="abandonner_effacement"),
]
