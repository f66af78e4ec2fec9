"""What takes the place of allauth's pages, at their addresses and under their names."""

from django.urls import path

from rebond.comptes.codes import CodeDAdresse, CodeDeConnexion

urlpatterns = [
    path("confirm-email/", CodeDAdresse.as_view(), name="account_email_verification_sent"),
    path("login/code/confirm/", CodeDeConnexion.as_view(), name="account_confirm_login_code"),
]
