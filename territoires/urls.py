from django.urls import path

from territoires import views

app_name = "territoires"
urlpatterns = [
    path("epci/", views.recherche_epci, name="recherche_epci"),
]
