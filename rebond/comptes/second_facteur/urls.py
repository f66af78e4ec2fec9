"""allauth's addresses of the second factor, but the first page and the codes kept for later, which are ours."""

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes.views import generate_recovery_codes
from django.urls import include, path

from rebond.comptes.second_facteur import views

urlpatterns = [
    path("", views.index, name="mfa_index"),
    path("connexion/", base.authenticate, name="mfa_authenticate"),
    path("confirmer/", base.reauthenticate, name="mfa_reauthenticate"),
    path("application/", include("allauth.mfa.totp.urls")),
    path("cles/", include("allauth.mfa.webauthn.urls")),
    path("codes-de-secours/", views.codes, name="mfa_view_recovery_codes"),
    path("codes-de-secours/fichier/", views.telecharger, name="mfa_download_recovery_codes"),
    path("codes-de-secours/renouveler/", generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
