"""One row among any number: a list as before while it is short, a search beyond, and nothing typed is lost."""

import re
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from rebond.socle.formulaires.choix import CHOIX_MAX, ChoixParmiBeaucoup
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from territoires.etats import TypeOrganisme
from territoires.models import Organisme

pytestmark = pytest.mark.django_db


class Simple(FormulaireDsfr, forms.Form):
    organisme = forms.ModelChoiceField(Organisme.objects.order_by("nom"), empty_label="Choisir")
    montant = forms.IntegerField()


class Cherche(FormulaireDsfr, forms.Form):
    organisme = ChoixParmiBeaucoup(
        Organisme.objects.order_by("nom"),
        cherche=lambda texte: Q(nom__unaccent__icontains=texte),
        empty_label="Choisir",
    )
    montant = forms.IntegerField()


def semer(nombre: int) -> list[Organisme]:
    Organisme.objects.all().delete()
    return Organisme.objects.bulk_create(
        Organisme(nom=f"Organisme {rang:04d}", type=TypeOrganisme.PREFECTURE) for rang in range(nombre)
    )


def ecrit(formulaire: Any) -> str:
    return Template("{% load crispy_forms_tags %}{% crispy formulaire %}").render(Context({"formulaire": formulaire}))


def offerts(page: str) -> list[str]:
    return re.findall(r"<option[^>]*>(Organisme \d+)", page)


def test_une_liste_courte_est_celle_de_django() -> None:
    semer(CHOIX_MAX)
    for donnees in (None, QueryDict("organisme=x&montant=3"), QueryDict(f"organisme={Organisme.objects.last().pk}")):  # type: ignore[union-attr]
        assert ecrit(Cherche(donnees)) == ecrit(Simple(donnees))


def test_une_longue_liste_est_bornee_et_se_cherche_sans_rien_perdre() -> None:
    tous = semer(3_000)
    page = ecrit(Cherche())
    assert offerts(page) == [organisme.nom for organisme in tous[:CHOIX_MAX]]
    assert "les 100 premiers choix" in page
    demande = QueryDict(f"organisme={tous[7].pk}&montant=tr&organisme-recherche=2999&organisme-chercher=oui")
    formulaire = Cherche(demande)
    assert (formulaire.is_valid(), formulaire.errors) == (False, {})
    page = ecrit(formulaire)
    # What was chosen stays chosen, and is offered beside what was found.
    assert offerts(page) == [tous[7].nom, "Organisme 2999"]
    assert re.search(rf'value="{tous[7].pk}" selected', page)
    assert ('name="montant" value="tr"' in page, 'value="2999"' in page) == (True, True)


def test_ce_qui_n_est_pas_montre_se_choisit_quand_meme_et_le_reste_non() -> None:
    tous = semer(3_000)
    choisi = Cherche(QueryDict(f"organisme={tous[2_500].pk}&montant=3"))
    assert (choisi.is_valid(), choisi.cleaned_data) == (True, {"organisme": tous[2_500], "montant": 3})
    assert Cherche(QueryDict("organisme=999999999&montant=3")).errors.keys() == {"organisme"}
    assert tous[2_500].nom in offerts(ecrit(Cherche(initial={"organisme": str(tous[2_500].pk)})))


def test_une_recherche_trop_large_est_bornee_aussi() -> None:
    semer(3_000)
    with CaptureQueriesContext(connection) as requetes:
        page = ecrit(Cherche(QueryDict("organisme-recherche=organisme&organisme-chercher=oui")))
    assert len(offerts(page)) == CHOIX_MAX
    assert len([r for r in requetes if "LIMIT 101" in r["sql"]]) == len(requetes) == 2
