"""The template pack: each kind of field is labelled, described, and says its error; rows need no script."""

import re
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.http import QueryDict
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from rebond.socle.formulaires.formulaire import EntierFr, FormulaireDsfr
from rebond.socle.formulaires.lignes import LignesDsfr
from rebond.socle.templatetags.dsfr_formulaires import cible, genre
from tests.socle.formulaires.formulaires_d_essai import EssaiForm, ProduitForm, ProduitsFormSet

VALIDE = {
    "courriel": "mairie@exemple.fr",
    "montant": "1\u202f500\u00a0000",
    "jour": "2023-01-31",
    "region": "32",
    "nature": "auto",
    "filieres": ["auto", "agro"],
    "accord": "on",
    "jeton": "x",
}


def lignes(**donnees: str) -> QueryDict:
    envoi = QueryDict(mutable=True)
    envoi.update({"produits-TOTAL_FORMS": "2", "produits-INITIAL_FORMS": "0"})
    envoi.update({cle.replace("__", "-"): valeur for cle, valeur in donnees.items()})
    return envoi


def test_chaque_saisie_est_reconnue() -> None:
    formulaire = EssaiForm()
    assert {champ.name: genre(champ) for champ in formulaire} == {
        "courriel": "saisie",
        "montant": "saisie",
        "recit": "zone",
        "jour": "saisie",
        "rendez_vous": "saisie",
        "region": "selection",
        "nature": "radios",
        "filieres": "cases",
        "accord": "case",
        "piece": "fichier",
        "jeton": "saisie",
    }


def test_toute_la_disposition_est_rendue_une_fois() -> None:
    html = render_crispy_form(EssaiForm())
    for nom in EssaiForm.base_fields:
        attendu = 3 if nom in {"nature", "filieres"} else 1
        assert len(re.findall(rf'name="{nom}"', html)) == attendu, nom
    assert 'name="apercu"' in html
    assert "Annuler" in html


def test_les_identifiants_sont_uniques_et_ceux_qui_sont_cites_existent() -> None:
    html = render_crispy_form(EssaiForm({"montant": "beaucoup"}))
    identifiants = re.findall(r'\bid="([^"]+)"', html)
    assert sorted(identifiants) == sorted(set(identifiants))
    cites = " ".join(re.findall(r'(?:aria-describedby|aria-labelledby|for)="([^"]+)"', html)).split()
    cites += re.findall(r'href="#([^"]+)"', html)
    assert cites
    assert set(cites) <= set(identifiants)


def test_le_resume_mene_a_chaque_champ_en_erreur() -> None:
    formulaire = EssaiForm({"montant": "beaucoup"})
    html = render_crispy_form(formulaire)
    assert "8 points sont à corriger" in html
    for nom in formulaire.errors:
        if nom != "jeton":
            assert f'href="#{cible(formulaire[nom])}"' in html
    assert html.index("data-resume-erreurs") < html.index('name="courriel"')


def test_un_formulaire_valide_n_a_pas_de_resume() -> None:
    formulaire = EssaiForm(VALIDE)
    assert formulaire.is_valid(), formulaire.errors
    assert "data-resume-erreurs" not in render_crispy_form(formulaire)
    assert formulaire.cleaned_data["montant"] == 1_500_000


def test_l_aide_et_l_erreur_sont_lues_avec_la_saisie() -> None:
    html = render_crispy_form(EssaiForm({}))
    assert 'aria-describedby="id_courriel_helptext id_courriel_error"' in html
    assert 'aria-labelledby="id_filieres_legende id_filieres_error"' in html
    assert 'aria-describedby="id_recit_limite"' in html
    assert "3\u202f000 caractères au plus" in html


def test_seuls_les_champs_facultatifs_le_disent_et_jamais_dans_une_recherche() -> None:
    class RechercheForm(FormulaireDsfr, forms.Form):
        methode = "get"
        marquer_optionnels = False
        q = forms.CharField(label="Territoire", required=False)

    assert render_crispy_form(EssaiForm()).count("(optionnel)") == 3
    recherche = render_crispy_form(RechercheForm())
    assert "(optionnel)" not in recherche
    assert 'method="get"' in recherche


def test_les_dates_parlent_au_navigateur_en_iso() -> None:
    html = render_crispy_form(EssaiForm(initial={"jour": "2023-08-28"}))
    assert re.search(r'type="date"[^>]*value="2023-08-28"', html)
    assert 'type="datetime-local"' in html


def test_la_donnee_de_la_personne_qui_saisit_se_remplit_seule() -> None:
    assert re.search(r'name="courriel"[^>]*autocomplete="email"', render_crispy_form(EssaiForm()))


def test_ce_que_l_on_saisit_ne_devient_pas_du_html() -> None:
    html = render_crispy_form(EssaiForm({"recit": "<script>x</script>", "nature": "<b>"}))
    assert "<script>" not in html
    assert "<b>" not in html


@pytest.mark.parametrize("saisie", ["5000000", "5 000 000", "5\u202f000\u00a0000", "5.000.000"])
def test_un_entier_s_ecrit_a_la_francaise(saisie: str) -> None:
    assert EntierFr().clean(saisie) == 5_000_000


@pytest.mark.parametrize("saisie", ["5,5", "cinq", "1e6", "²", "9" * 19])
def test_un_entier_mal_ecrit_est_refuse(saisie: str) -> None:
    with pytest.raises(forms.ValidationError, match="nombre entier"):
        EntierFr().clean(saisie)


def test_ajouter_une_ligne_garde_ce_qui_est_saisi_sans_parler_d_erreur() -> None:
    formset = ProduitsFormSet(
        lignes(produits__0__nom="Pompes", produits__1__emplois="x", **{"produits-ajouter": "1"}), prefix="produits"
    )
    assert not formset.is_valid()
    html = render_crispy_form(formset)
    assert html.count('class="rebond-ligne"') == 3
    assert 'value="Pompes"' in html
    assert "obligatoire" not in html


def test_on_n_ajoute_pas_au_dela_du_maximum() -> None:
    formset = ProduitsFormSet(lignes(**{"produits-TOTAL_FORMS": "4", "produits-ajouter": "1"}), prefix="produits")
    assert len(formset.forms) == 4
    assert "produits-ajouter" not in render_crispy_form(formset)


def test_une_ligne_retiree_disparait_de_la_page_et_du_resultat() -> None:
    donnees = lignes(produits__0__nom="Pompes", produits__1__nom="Vannes", **{"produits-retirer": "0"})
    formset = ProduitsFormSet(donnees, prefix="produits")
    assert not formset.is_valid()
    html = render_crispy_form(formset)
    assert html.count('class="rebond-ligne"') == 1
    assert re.search(r'type="hidden" name="produits-0-DELETE" value="True"', html)

    suite = donnees.copy()
    del suite["produits-retirer"]
    suite["produits-0-DELETE"] = "True"
    enregistre = ProduitsFormSet(suite, prefix="produits")
    assert enregistre.is_valid()
    assert enregistre.lignes == [{"nom": "Vannes", "emplois": None}]


def test_la_touche_entree_ne_retire_pas_de_ligne() -> None:
    html = render_crispy_form(ProduitsFormSet(prefix="produits"))
    premier = re.search(r"<button[^>]*>", html)
    assert premier is not None
    assert "retirer" not in premier[0]


def test_des_lignes_sans_retrait_possible_sont_refusees_a_la_construction() -> None:
    with pytest.raises(ImproperlyConfigured):
        forms.formset_factory(ProduitForm, formset=LignesDsfr)()


def rendre(gabarit: str, url: str = "/liste/", **contexte: Any) -> str:
    return Template("{% load composants %}" + gabarit).render(RequestContext(RequestFactory().get(url), contexte))


def test_l_entete_trie_puis_inverse_et_garde_les_filtres() -> None:
    gabarit = '{% entete_tri "nom" "Nom" %}'
    libre = rendre(gabarit, "/liste/?q=alès&page=3")
    assert "aria-sort" not in libre
    assert "tri=nom" in libre
    assert "page=" not in libre
    assert "q=al%C3%A8s" in libre
    croissant = rendre(gabarit, "/liste/?tri=nom")
    assert 'aria-sort="ascending"' in croissant
    assert "tri=-nom" in croissant
    assert 'aria-sort="descending"' in rendre(gabarit, "/liste/?tri=-nom")


def test_le_lien_de_retour_ne_sort_pas_du_portail() -> None:
    def retour(venue: str) -> str:
        request = RequestFactory().post("/x/", headers={"referer": venue})
        return Template("{% load composants %}{% page_precedente %}").render(Context({"request": request}))

    assert retour("http://testserver/candidatures/4/") == "http://testserver/candidatures/4/"
    assert retour("http://ailleurs.example/") == ""
    assert retour("javascript:alert(1)") == ""


def test_une_liste_sans_rien_a_choisir_dit_pourquoi_et_la_decrit() -> None:
    class Vide(FormulaireDsfr, forms.Form):
        vides = {"expert": "Personne n’est expert\u00a0: demandez-le."}
        expert = forms.ChoiceField(choices=[("", "Choisir")])
        autre = forms.ChoiceField(choices=[("", "Choisir")])
        facultatif = forms.ChoiceField(choices=[("", "Toutes")], required=False)
        pleine = forms.ChoiceField(choices=[("", "Choisir"), ("1", "Une")])

    html = render_crispy_form(Vide())
    assert '<p class="fr-message fr-message--info" id="id_expert_vide">Personne n’est expert' in html
    assert re.search(r'<select name="expert"[^>]*aria-describedby="id_expert_vide"', html)
    assert re.findall(r'id="id_(\w+)_vide"', html) == ["expert", "autre"]
