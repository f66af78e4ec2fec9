"""Addresses of the territory's side: files, their sections, their deposits."""

from django.urls import path

from candidatures.views import depots, pieces, porteur, redaction, saisie, versions

app_name = "candidatures"
urlpatterns = [
    path("", porteur.liste, name="liste"),
    path("nouvelle/", porteur.ouvrir, name="ouvrir"),
    path("<int:pk>/", porteur.dossier, name="dossier"),
    path("<int:pk>/lire/", porteur.lire, name="lire"),
    path("<int:pk>/retirer/", porteur.retirer, name="retirer"),
    path("<int:pk>/rubriques/<slug:cle>/", redaction.section, name="section"),
    path("<int:pk>/rubriques/<slug:cle>/automatique/", saisie.automatique, name="automatique"),
    path("<int:pk>/rubriques/<slug:cle>/presence/", saisie.presence, name="presence"),
    path("<int:pk>/rubriques/<slug:cle>/versions/", versions.versions, name="versions"),
    path("<int:pk>/rubriques/<slug:cle>/versions/<int:revision>/", versions.version, name="version"),
    path("<int:pk>/rubriques/<slug:cle>/versions/<int:revision>/restaurer/", versions.restaurer, name="restaurer"),
    path("<int:pk>/pieces/", pieces.pieces, name="pieces"),
    path("<int:pk>/pieces/<int:piece_pk>/", pieces.piece, name="piece"),
    path("<int:pk>/pieces/<int:piece_pk>/enlever/", pieces.enlever_piece, name="enlever_piece"),
    path("<int:pk>/deposer/", depots.deposer, name="deposer"),
    path("<int:pk>/depots/<int:rang>/", depots.depot, name="depot"),
    path("<int:pk>/depots/<int:rang>/contenu/", depots.contenu_depose, name="contenu_depose"),
    path("<int:pk>/depots/<int:rang>/accuse.pdf", depots.accuse, name="accuse"),
    path("<int:pk>/depots/<int:rang>/pieces/<int:piece_pk>/", depots.piece_deposee, name="piece_deposee"),
]
