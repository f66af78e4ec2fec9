"""A form with every kind of field, and the page that shows it: what the tests of the template pack look at."""

from datetime import UTC, datetime

from crispy_forms.layout import ButtonHolder, Column, Fieldset, Layout, Row
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from rebond.socle.formulaires.champs_de_temps import ChampInstant, ChampJour
from rebond.socle.formulaires.formulaire import Avec, Bouton, EntierFr, FormulaireDsfr, Lien
from rebond.socle.formulaires.lignes import fabrique_de_lignes
from rebond.urls import urlpatterns as urls_du_portail

FILIERES = [("auto", "Automobile"), ("agro", "Agroalimentaire"), ("bois", "Bois")]
PAGE = """
{% extends "base.html" %}{% load crispy_forms_tags %}
{% block titre %}Essai{% endblock %}
{% block contenu %}<h1>Essai</h1>
<form method="post" enctype="multipart/form-data" novalidate>
{% crispy formulaire %}
<h2>Produits</h2>{% crispy lignes %}
<button type="submit" class="fr-btn">Enregistrer</button>
</form>{% endblock %}
"""


class EssaiForm(FormulaireDsfr, forms.Form):
    avec_balise = False
    bouton = ""
    remplissage = {"courriel": "email"}

    courriel = forms.EmailField(label="Votre courriel", help_text="Ex. : nom@domaine.fr")
    montant = EntierFr(label="Montant demandé, en euros", min_value=1)
    recit = forms.CharField(label="Récit", max_length=3000, widget=forms.Textarea, required=False)
    jour = ChampJour(label="Date de la fermeture")
    rendez_vous = ChampInstant(
        label="Rendez-vous",
        required=False,
        minimum=datetime(2022, 8, 1, tzinfo=UTC),
        maximum=datetime(2032, 1, 1, tzinfo=UTC),
    )
    region = forms.ChoiceField(label="Région", choices=[("", "Choisissez"), ("32", "Hauts-de-France")])
    nature = forms.ChoiceField(label="Nature", choices=FILIERES, widget=forms.RadioSelect)
    filieres = forms.MultipleChoiceField(
        label="Filières", choices=FILIERES, widget=forms.CheckboxSelectMultiple, help_text="Plusieurs choix possibles."
    )
    accord = forms.BooleanField(label="Je certifie l'exactitude de ces informations", help_text="Article 441-1.")
    piece = forms.FileField(label="Délibération", required=False, help_text="PDF, 20 Mo au plus.")
    jeton = forms.CharField(widget=forms.HiddenInput, initial="x")

    def disposition(self) -> Layout:
        return Layout(
            Fieldset("Vous", "courriel", Avec("montant", unite="€")),
            Row(Column("jour"), Column("rendez_vous")),
            "recit",
            "region",
            Avec("nature", en_ligne=True),
            "filieres",
            "accord",
            "piece",
            ButtonHolder(Bouton("Aperçu", name="apercu", secondaire=True), Lien("Annuler", "/")),
        )


class ProduitForm(FormulaireDsfr, forms.Form):
    nom = forms.CharField(label="Produit")
    emplois = EntierFr(label="Emplois", required=False)


ProduitsFormSet = fabrique_de_lignes(ProduitForm, extra=1, max_num=4)


def page(request: HttpRequest) -> HttpResponse:
    formulaire = EssaiForm(request.POST or None, request.FILES or None)
    lignes = ProduitsFormSet(request.POST or None, prefix="produits")
    valide = request.method == "POST" and all([formulaire.is_valid(), lignes.is_valid()])
    if valide:
        return HttpResponse(f"lignes={lignes.lignes}")
    gabarit = engines["django"].from_string(PAGE)
    return HttpResponse(gabarit.render({"formulaire": formulaire, "lignes": lignes}, request))


urlpatterns = [path("essai/", page, name="essai"), *urls_du_portail]
