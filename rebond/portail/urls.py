"""Addresses of the home page and of the pages that the law or the DSFR wants on every State site."""

from django.contrib.auth.decorators import login_required
from django.urls import path
from django.views.generic import TemplateView

from candidatures.pages.public import cahier, commencer
from rebond.exports.adresses import adresses_d_export
from rebond.portail import views, views_acces, views_courriers, views_flux, views_journal, views_publiques
from rebond.portail.appel import contacts, eligibilite, exemple
from rebond.portail.heure import heure
from rebond.portail.sante import sante
from rebond.portail.securite import security_txt
from rebond.portail.textes import views as textes
from rebond.portail.textes.pages import PageDeTexte

urlpatterns = [
    path("", views_publiques.accueil, name="accueil"),
    path("calendrier/", views_publiques.calendrier, name="calendrier"),
    path("calendrier.ics", views_flux.icalendar, name="calendrier_ics"),
    path("calendrier.atom", views_flux.atom, name="calendrier_atom"),
    path("cahier-des-charges/", cahier.public, name="cahier_des_charges"),
    path("commencer/", commencer.commencer, name="commencer"),
    path("puis-je-candidater/", eligibilite.verifier, name="eligibilite"),
    path("exemple-de-dossier/", exemple.exemple, name="exemple_de_dossier"),
    path("territoires-laureats/", views_publiques.laureats, name="laureats"),
    path("territoires-laureats/carte.svg", views_publiques.carte_svg, name="carte_laureats"),
    path(
        "territoires-laureats/carte-etroite.svg",
        views_publiques.carte_svg,
        {"etroit": True},
        name="carte_laureats_etroite",
    ),
    path("tableau-de-bord/", views.tableau_de_bord, name="tableau_de_bord"),
    path("journal/", views_journal.journal, name="journal"),
    path("journal/acces/", views_acces.acces, name="acces"),
    *adresses_d_export("journal/acces", views_acces.exporter, "acces"),
    path("courriers/", views_courriers.courriers, name="courriers"),
    path("courriers/renvoyer/", views_courriers.renvoyer_tous, name="renvoyer_courriers"),
    path("courriers/<int:pk>/renvoyer/", views_courriers.renvoyer, name="renvoyer_courrier"),
    path("plan-du-site/", views.plan_du_site, name="plan_du_site"),
    path(f"{PageDeTexte.CONTACTS_EN_REGION.value}/", contacts.en_region, name=PageDeTexte.CONTACTS_EN_REGION.nom),
    *(
        path(f"{page.value}/", textes.texte, {"page": page}, name=page.nom)
        for page in PageDeTexte
        if page is not PageDeTexte.CONTACTS_EN_REGION
    ),
    path("textes/<slug:page>/", textes.modifier, name="modifier_texte"),
    path("textes/<slug:page>/versions/", textes.versions, name="versions_de_texte"),
    path("textes/<slug:page>/versions/<int:version>/", textes.version, name="version_de_texte"),
    path(
        "connecte/",
        login_required(TemplateView.as_view(template_name="portail/connecte.html")),
        name="connecte",
    ),
    path("entete/", views.entete, name="entete"),
    path("heure/", heure, name="heure"),
    path("sante/", sante, name="sante"),
    path("robots.txt", views_flux.robots, name="robots"),
    path("sitemap.xml", views_flux.sitemap, name="sitemap"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
]
