from django.urls import path

from rebond.comptes.gestion import views

urlpatterns = [path("", views.fermer, name="fermer_mon_compte")]
