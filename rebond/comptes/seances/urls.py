from django.urls import path

from rebond.comptes.seances import confirmation, duree, views

urlpatterns = [
    path("confirmer/", confirmation.confirmer, name="confirmer_par_code"),
    path("", views.liste, name="seances"),
    path("duree/", duree.duree, name="duree_de_la_seance"),
    path("autres/fermer/", views.fermer_les_autres, name="fermer_les_autres_seances"),
    path("toutes/fermer/", views.fermer_toutes, name="fermer_toutes_les_seances"),
    path("<int:pk>/fermer/", views.fermer, name="fermer_seance"),
]
