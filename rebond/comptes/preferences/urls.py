from django.urls import path

from rebond.comptes.preferences import views

urlpatterns = [
    path("compte/lettres/", views.preferences, name="preferences_de_lettres"),
    path("lettres/<slug:jeton>/", views.refuser, name="refuser_des_lettres"),
]
