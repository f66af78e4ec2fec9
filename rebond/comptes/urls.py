"""What takes the place of allauth's pages, at their addresses and under their names."""

from allauth.account.decorators import reauthentication_required
from allauth.account.views import password_set
from django.urls import path

from rebond.comptes.codes import CodeDAdresse, CodeDeConnexion

# A first password opens the account for good: allauth asks nothing before it.
choisir_un_mot_de_passe = reauthentication_required(app="allauth.account")(password_set)

urlpatterns = [
    path("password/set/", choisir_un_mot_de_passe, name="account_set_password"),
    path("confirm-email/", CodeDAdresse.as_view(), name="account_email_verification_sent"),
    path("login/code/confirm/", CodeDeConnexion.as_view(), name="account_confirm_login_code"),
]
