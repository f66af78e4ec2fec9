"""Addresses of the territory's side: files, their sections, their deposits."""

from django.urls import path

from candidatures.views import depots, echeance, equipe, pieces, porteur, redaction, saisie, televersements, versions

app_name = "candidatures"
urlpatterns = [
    path("", porteur.liste, name="liste"),
    path("nouvelle/", porteur.ouvrir, name="ouvrir"),
    path("<int:pk>/", porteur.dossier, name="dossier"),
    path("<int:pk>/lire/", porteur.lire, name="lire"),
    path("<int:pk>/retirer/", porteur.retirer, name="retirer"),
    path("<int:pk>/equipe/", equipe.equipe, name="equipe"),
    path("<int:pk>/equipe/passer-la-main/", equipe.passer_la_main, name="passer_la_main"),
    path("<int:pk>/equipe/<int:participation_pk>/", equipe.participant, name="participant"),
    path("<int:pk>/equipe/<int:participation_pk>/retirer/", equipe.participant_retirer, name="participant_retirer"),
    path(
        "<int:pk>/equipe/invitations/<int:invitation_pk>/renvoyer/",
        equipe.renvoyer_invitation,
        name="renvoyer_invitation",
    ),
    path(
        "<int:pk>/equipe/invitations/<int:invitation_pk>/revoquer/",
        equipe.revoquer_invitation,
        name="revoquer_invitation",
    ),
    path("invitations/<slug:jeton>/", equipe.invitation, name="invitation"),
    path("<int:pk>/rubriques/<slug:cle>/", redaction.section, name="section"),
    path("<int:pk>/rubriques/<slug:cle>/automatique/", saisie.automatique, name="automatique"),
    path("<int:pk>/rubriques/<slug:cle>/presence/", saisie.presence, name="presence"),
    path("<int:pk>/rubriques/<slug:cle>/versions/", versions.versions, name="versions"),
    path("<int:pk>/rubriques/<slug:cle>/versions/<int:revision>/", versions.version, name="version"),
    path("<int:pk>/rubriques/<slug:cle>/versions/<int:revision>/restaurer/", versions.restaurer, name="restaurer"),
    path("<int:pk>/pieces/", pieces.pieces, name="pieces"),
    path("<int:pk>/pieces/modele.pdf", pieces.modele_mandat, name="modele_mandat"),
    path("<int:pk>/pieces/modele-<int:membre_pk>.pdf", pieces.modele_mandat, name="modele_mandat_membre"),
    path("<int:pk>/pieces/televersements/", televersements.collection, name="televersements"),
    path("<int:pk>/pieces/televersements/<uuid:cle>/", televersements.televersement, name="televersement"),
    path("<int:pk>/pieces/<int:piece_pk>/", pieces.piece, name="piece"),
    path("<int:pk>/pieces/<int:piece_pk>/enlever/", pieces.enlever, name="enlever_piece"),
    path("<int:pk>/pieces/<int:piece_pk>/remplacer/", pieces.remplacer_piece, name="remplacer_piece"),
    path("<int:pk>/pieces/<int:piece_pk>/apercu/", pieces.apercu, name="apercu"),
    path("<int:pk>/pieces/<int:piece_pk>/contenu/", pieces.contenu_de_piece, name="contenu_de_piece"),
    path("<int:pk>/echeance/", echeance.echeance, name="echeance"),
    path("<int:pk>/deposer/", depots.deposer, name="deposer"),
    path("<int:pk>/depots/<int:rang>/", depots.depot, name="depot"),
    path("<int:pk>/depots/<int:rang>/contenu/", depots.contenu_depose, name="contenu_depose"),
    path("<int:pk>/depots/<int:rang>/accuse.pdf", depots.accuse, name="accuse"),
    path("<int:pk>/depots/<int:rang>/pieces/<int:piece_pk>/", depots.piece_deposee, name="piece_deposee"),
]
