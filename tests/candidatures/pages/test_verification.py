"""The public check page: yes or no, and nothing else."""

import re

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from candidatures.models import Depot
from candidatures.pages.public import verification as vues
from rebond.comptes.appareils import reconnaitre
from rebond.socle.requete.compteurs import Limite
from tests import fabriques as f
from tests.candidatures.pages.pages import texte

pytestmark = pytest.mark.django_db
CONFORME = "sont ceux d’un dépôt reçu par le portail"
INCONNU = "Aucun dépôt n’a à la fois ce numéro et ce code de vérification"


@pytest.fixture
def depot():
    return f.un_depot()


def verifier(numero: str, empreinte: str):
    return Client().get(reverse("verification:depots"), {"numero": numero, "empreinte": empreinte})


def test_le_numero_et_l_empreinte_d_un_depot_vont_ensemble(depot):
    assert CONFORME in texte(verifier(depot.numero, depot.empreinte))


def test_la_copie_peut_etre_approximative(depot):
    moitie = depot.empreinte[:40].upper() + "\n" + depot.empreinte[40:]
    numero = depot.numero.lower().replace("-", "–")
    assert CONFORME in texte(verifier(f" {numero} ", moitie))


def test_un_numero_inconnu_et_une_empreinte_fausse_recoivent_la_meme_reponse(depot):
    fausse = depot.empreinte[:-1] + ("0" if depot.empreinte[-1] != "0" else "1")
    pages = [
        texte(verifier(numero, empreinte)).replace(numero, "N").replace(empreinte, "E")
        for numero, empreinte in ((depot.numero, fausse), ("R99-9999-9", depot.empreinte))
    ]
    assert INCONNU in pages[0]
    assert pages[0] == pages[1]


def test_l_empreinte_d_un_autre_depot_du_meme_dossier_ne_convient_pas(depot):
    autre = f.un_depot(f.une_candidature(vague=depot.candidature.vague))
    assert INCONNU in texte(verifier(depot.numero, autre.empreinte))


def test_elle_ne_dit_rien_du_dossier(depot):
    lue = texte(verifier(depot.numero, depot.empreinte))
    assert depot.candidature.territoire.nom not in lue
    assert str(depot.recu_le.year) not in re.sub(r"<footer.*", "", lue, flags=re.DOTALL)


@pytest.mark.parametrize("empreinte", ["", "abc", "g" * 64, "é" * 64])
def test_ce_qui_n_est_pas_une_empreinte_est_a_corriger(depot, empreinte):
    reponse = verifier(depot.numero, empreinte)
    assert reponse.status_code == 200
    assert reponse.context["conforme"] is None
    assert "empreinte" in reponse.context["formulaire"].errors


def test_l_adresse_imprimee_remplit_le_numero_qu_il_existe_ou_non(depot):
    for numero in (depot.numero, "R99-9999-9"):
        reponse = Client().get(reverse("verification:depot", args=[numero]))
        assert reponse.status_code == 200
        assert f'value="{numero}"' in texte(reponse)


def test_elle_ne_coute_qu_une_requete_et_n_ecrit_rien(depot, django_assert_num_queries):
    with django_assert_num_queries(1):
        verifier(depot.numero, depot.empreinte)
    assert Client().post(reverse("verification:depots")).status_code == 405


def test_au_dela_de_tant_d_essais_la_minute_on_attend(depot, monkeypatch):
    monkeypatch.setattr(vues, "ESSAIS_D_UNE_ADRESSE", Limite("essai", 3, 60))
    for _ in range(3):
        assert verifier(depot.numero, depot.empreinte).status_code == 200
    reponse = verifier(depot.numero, depot.empreinte)
    assert (reponse.status_code, reponse["Retry-After"]) == (429, "60")
    ailleurs = Client(REMOTE_ADDR="192.0.2.7")
    adresse = reverse("verification:depots")
    assert ailleurs.get(adresse, {"numero": depot.numero, "empreinte": depot.empreinte}).status_code == 200
    cache.clear()
    assert verifier(depot.numero, depot.empreinte).status_code == 200


def test_un_navigateur_connu_verifie_encore_quand_son_adresse_a_trop_verifie(depot, monkeypatch):
    monkeypatch.setattr(vues, "ESSAIS_D_UNE_ADRESSE", Limite("essai", 3, 60))
    connu, reponse = Client(), HttpResponse()
    reconnaitre(RequestFactory().get("/"), reponse, f.un_utilisateur())
    connu.cookies = reponse.cookies
    etats = [verifier(depot.numero, depot.empreinte).status_code for _ in range(4)]
    assert etats == [200, 200, 200, 429]
    adresse = reverse("verification:depots")
    assert connu.get(adresse, {"numero": depot.numero, "empreinte": depot.empreinte}).status_code == 200


def test_sans_valkey_la_page_repond_encore_et_compte_encore(depot, monkeypatch, sans_valkey):
    monkeypatch.setattr(vues, "ESSAIS_D_UNE_ADRESSE", Limite("essai", 3, 60))
    reponses = [verifier(depot.numero, depot.empreinte) for _ in range(4)]
    assert [reponse.status_code for reponse in reponses] == [200, 200, 200, 429]
    assert CONFORME in texte(reponses[0])


def test_elle_connait_tous_les_depots(depot):
    f.reecrire(depot.candidature)
    second = f.un_depot(depot.candidature)
    assert Depot.objects.count() == 2
    for fait in (depot, second):
        assert CONFORME in texte(verifier(fait.numero, fait.empreinte))
