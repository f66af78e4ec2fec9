"""Addresses of missions, of their companies and of their portfolio, under /missions/."""

from django.urls import path

from projets.pages.mission import equipe, industriels, missions, projet, projets
from rebond.exports.adresses import adresses_d_export

app_name = "projets"
urlpatterns = [
    path("", missions.liste, name="liste"),
    path("<int:pk>/", missions.mission, name="mission"),
    path("<int:pk>/prendre-en-charge/", missions.prendre_en_charge, name="prendre_en_charge"),
    path("<int:pk>/avancer/<slug:vers>/", missions.avancer, name="avancer"),
    path("<int:pk>/decrire/", missions.decrire, name="decrire"),
    path("<int:mission_id>/equipe/", equipe.equipe, name="equipe"),
    path("<int:mission_id>/equipe/<int:pk>/retirer/", equipe.liberer, name="liberer"),
    path("<int:mission_id>/industriels/", industriels.industriels, name="industriels"),
    path("<int:mission_id>/industriels/ajouter/", industriels.ajouter, name="ajouter_industriel"),
    path("<int:mission_id>/industriels/<int:pk>/modifier/", industriels.modifier, name="modifier_industriel"),
    path("<int:mission_id>/industriels/<int:pk>/annuler/", industriels.annuler, name="annuler_industriel"),
    path("<int:mission_id>/projets/", projets.projets, name="projets"),
    *adresses_d_export("<int:mission_id>/projets", projets.exporter, "exporter"),
    path("<int:mission_id>/projets/ajouter/", projets.ajouter, name="ajouter_projet"),
    path("<int:mission_id>/projets/<int:pk>/", projet.projet, name="projet"),
    path("<int:mission_id>/projets/<int:pk>/modifier/", projet.modifier, name="modifier_projet"),
    path("<int:mission_id>/projets/<int:pk>/estimer/", projet.estimer, name="estimer"),
    path("<int:mission_id>/projets/<int:pk>/orienter/", projet.orienter, name="orienter"),
    path("<int:mission_id>/projets/<int:pk>/abandonner/", projet.abandonner, name="abandonner"),
    path("<int:mission_id>/projets/<int:pk>/annuler/", projet.annuler, name="annuler"),
    path("<int:mission_id>/projets/<int:pk>/actes/<slug:acte>/", projet.faire, name="faire"),
]
