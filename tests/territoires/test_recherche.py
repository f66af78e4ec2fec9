from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from territoires.groupements import CAMBRESIS, DREUX, LAUREATS_CONNUS, territoire_du_groupement
from territoires.models import Departement, Epci, Territoire
from tests.fabriques import un_utilisateur

ADRESSE = "territoires:recherche_epci"


def noms(saisie: str) -> list[str]:
    return [epci.nom for epci in Epci.objects.recherche(saisie)]


@pytest.mark.parametrize(
    ("saisie", "premier"),
    [
        ("cambr", "CA de Cambrai"),
        ("CAMBRAI", "CA de Cambrai"),
        ("caudresis catesis", "CA du Caudrésis et du Catésis"),
        ("Catésis, Caudrésis", "CA du Caudrésis et du Catésis"),
        ("thionvile", "CA Portes de France-Thionville"),
        ("200068500", "CA de Cambrai"),
        ("200 068 500", "CA de Cambrai"),
        ("20006850", "CA de Cambrai"),
        ("agglopolys", "CA de Blois «\u00a0Agglopolys\u00a0»"),
        ("metz", "Metz Métropole"),
    ],
)
def test_un_epci_se_trouve_par_son_nom_ou_son_siren(charge: None, saisie: str, premier: str) -> None:
    assert noms(saisie)[0] == premier


@pytest.mark.parametrize("saisie", ["", " ", "%", "_", "'", "999999999", "zzzzzz", "200068500; DROP TABLE"])
def test_ce_qui_ne_ressemble_a_rien_ne_trouve_rien(charge: None, saisie: str) -> None:
    assert noms(saisie) == []


def test_la_recherche_coute_une_requete(charge: None, django_assert_num_queries: Callable[[int], Any]) -> None:
    for saisie in ("ca", "2000", "cambrai"):
        with django_assert_num_queries(1):
            libelles = [epci.libelle_long for epci in Epci.objects.recherche(saisie)]
    assert libelles == ["CA de Cambrai (59) – 82\u202f019\u00a0habitants – SIREN\u00a0200\u00a0068\u00a0500"]


@pytest.mark.parametrize("groupements", [LAUREATS_CONNUS[:1], LAUREATS_CONNUS[:3]])
def test_une_liste_de_territoires_coute_quatre_requetes(
    charge: None, django_assert_num_queries: Callable[[int], Any], groupements: tuple
) -> None:
    for groupement in groupements:
        territoire_du_groupement(groupement)
    with django_assert_num_queries(4):
        lignes = [
            (t.nom, t.chef_de_file.nom, t.region_pilote.nom, t.population, len(t.regions), len(t.departements))
            for t in Territoire.objects.pour_liste()
        ]
    assert len(lignes) == len(groupements)


def test_l_adresse_de_recherche_repond_aux_personnes_connectees(client: Client, charge: None) -> None:
    client.force_login(un_utilisateur())
    reponse = client.get(reverse(ADRESSE), {"q": "cambrai"})
    assert reponse.json() == {
        "resultats": [
            {
                "siren": "200068500",
                "nom": "CA de Cambrai",
                "nature": "communauté d’agglomération",
                "departements": ["59"],
                "population": 82019,
                "fictif": False,
                "libelle": "CA de Cambrai (59) – 82\u202f019\u00a0habitants – SIREN\u00a0200\u00a0068\u00a0500",
            }
        ]
    }
    assert len(client.get(reverse(ADRESSE), {"q": "2"}).json()["resultats"]) == 20
    assert client.get(reverse(ADRESSE)).json() == {"resultats": []}


def test_l_adresse_de_recherche_demande_de_se_connecter_et_n_ecrit_pas(client: Client, db: None) -> None:
    assert client.get(reverse(ADRESSE), {"q": "cambrai"}).status_code == 302
    assert client.post(reverse(ADRESSE), {"q": "cambrai"}).status_code == 405


def test_un_territoire_s_affiche_avec_ses_departements(charge: None) -> None:
    territoire = territoire_du_groupement(DREUX)
    assert [str(departement) for departement in territoire.departements] == ["Eure (27)", "Eure-et-Loir (28)"]
    assert territoire_du_groupement(CAMBRESIS).sirens == sorted(CAMBRESIS.sirens)
    assert Departement.objects.get(code="59").region.nom == "Hauts-de-France"
