from allauth.socialaccount import views as allauth_views
from django.urls import path

from rebond.comptes.proconnect import views

urlpatterns = [
    path("", views.connexion, name="proconnect_login"),
    path("retour/", views.retour, name="proconnect_callback"),
    path("relier/", views.lier, name="proconnect_lier"),
    path("annulee/", allauth_views.login_cancelled, name="socialaccount_login_cancelled"),
    path("erreur/", allauth_views.login_error, name="socialaccount_login_error"),
    path("compte/", allauth_views.signup, name="socialaccount_signup"),
    path("relies/", allauth_views.connections, name="socialaccount_connections"),
]
