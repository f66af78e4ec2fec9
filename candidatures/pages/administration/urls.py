"""Addresses of the administration: the calendar, the closings and the roles."""

from django.urls import path

from candidatures.pages.administration import (
    cahiers,
    calendrier,
    clotures,
    demandes,
    edition_cahiers,
    incidents,
    passation,
    prolongations,
    rattachements,
    vagues,
)
from rebond.comptes import views as comptes
from rebond.comptes.gestion import views as gestion
from rebond.exports.adresses import adresses_d_export

app_name = "administration"
urlpatterns = [
    path("vagues/", vagues.calendrier, name="calendrier"),
    path("vagues/<int:numero>/", vagues.vague, name="vague"),
    path("vagues/<int:numero>/accords/", vagues.accords, name="accords"),
    path("vagues/<int:numero>/silence/", vagues.silence, name="silence"),
    path("vagues/<int:numero>/prolongations/", prolongations.prolongations, name="prolongations"),
    path("prolongations/<int:pk>/", prolongations.prolongation, name="prolongation"),
    path("prolongations/<int:pk>/ecarter/", prolongations.ecarter, name="ecarter_prolongation"),
    path("demandes/", demandes.demandes, name="demandes"),
    path("demandes/<int:pk>/", demandes.demande, name="demande"),
    path("clotures/", clotures.clotures, name="clotures"),
    path("vagues/<int:numero>/incidents/", incidents.incidents, name="incidents"),
    path("vagues/<int:numero>/incidents/declarer/", incidents.declarer, name="incident_declarer"),
    path("vagues/<int:numero>/incidents/<int:pk>/terminer/", incidents.terminer, name="incident_terminer"),
    path("vagues/<int:numero>/suspendre/", calendrier.suspendre, name="suspendre"),
    path("vagues/<int:numero>/retablir/", calendrier.retablir, name="retablir"),
    path("vagues/serie/finir/", calendrier.finir_la_serie, name="finir_la_serie"),
    path("vagues/serie/reprendre/", calendrier.reprendre_la_serie, name="reprendre_la_serie"),
    path("vagues/<int:numero>/cahier/", cahiers.cahier, name="cahier"),
    path("vagues/<int:numero>/cahier/versions/", cahiers.versions, name="cahier_versions"),
    path("vagues/<int:numero>/cahier/versions/<int:version>/", cahiers.version, name="cahier_version"),
    path("vagues/<int:numero>/cahier/apercu/", cahiers.apercu, name="cahier_apercu"),
    path("vagues/<int:numero>/cahier/apercu/<slug:cle>/", cahiers.apercu, name="cahier_apercu_section"),
    path("vagues/<int:numero>/cahier/texte/", edition_cahiers.texte, name="cahier_texte"),
    path("vagues/<int:numero>/cahier/pieces/", edition_cahiers.pieces, name="cahier_pieces"),
    path("vagues/<int:numero>/cahier/grille/", edition_cahiers.grille, name="cahier_grille"),
    path("vagues/<int:numero>/cahier/reprendre/", edition_cahiers.reprendre, name="cahier_reprendre"),
    path("vagues/<int:numero>/cahier/deplacer/", edition_cahiers.deplacer, name="cahier_deplacer"),
    path("vagues/<int:numero>/cahier/sections/", edition_cahiers.section, name="cahier_section_ajouter"),
    path("vagues/<int:numero>/cahier/sections/<slug:cle>/", edition_cahiers.section, name="cahier_section"),
    path(
        "vagues/<int:numero>/cahier/sections/<slug:cle>/retirer/",
        edition_cahiers.retirer_section,
        name="cahier_section_retirer",
    ),
    path(
        "vagues/<int:numero>/cahier/sections/<slug:cle>/questions/",
        edition_cahiers.question,
        name="cahier_question_ajouter",
    ),
    path(
        "vagues/<int:numero>/cahier/sections/<slug:cle>/questions/<slug:question>/",
        edition_cahiers.question,
        name="cahier_question",
    ),
    path(
        "vagues/<int:numero>/cahier/sections/<slug:cle>/questions/<slug:question>/retirer/",
        edition_cahiers.retirer_question,
        name="cahier_question_retirer",
    ),
    path("collectivites/", rattachements.rattachements, name="rattachements"),
    path("collectivites/<int:pk>/adresse/", rattachements.adresse, name="rattachement_adresse"),
    path("collectivites/<int:pk>/attester/", rattachements.attester, name="rattachement_attester"),
    path("collectivites/<int:pk>/terminer/", rattachements.terminer, name="rattachement_terminer"),
    path("collectivites/signalements/<int:pk>/", rattachements.contestation, name="contestation"),
    path("roles/", comptes.roles, name="roles"),
    path("roles/donner/", comptes.donner_role, name="donner_role"),
    path("comptes/", gestion.comptes, name="comptes"),
    path("comptes/<int:pk>/", gestion.compte, name="compte"),
    path("comptes/<int:pk>/<slug:acte>/", gestion.agir, name="agir_sur_compte"),
    *adresses_d_export("roles", comptes.exporter_les_roles, "exporter_les_roles"),
    path("roles/<int:pk>/", comptes.role, name="role"),
    path("roles/<int:pk>/<slug:acte>/", comptes.agir_sur_un_role, name="agir_sur_un_role"),
    path("organismes/ajouter/", comptes.organisme, name="organisme"),
    path("dossiers/", passation.retrouver_dossier, name="retrouver_dossier"),
    path("dossiers/<int:pk>/passer-la-main/", passation.passer_la_main, name="passer_la_main"),
]
