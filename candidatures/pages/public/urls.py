"""Addresses of the public check page, printed on every receipt."""

from django.urls import path

from candidatures.pages.public import verification

app_name = "verification"
urlpatterns = [
    path("", verification.verifier, name="depots"),
    path("<slug:numero>/", verification.verifier, name="depot"),
]
