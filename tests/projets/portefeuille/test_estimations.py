"""Projects enter the portfolio and are estimated again."""

from datetime import date

import pytest
from django.db import Error, transaction
from django.test import Client

from projets.models import Estimation, Mission, Projet
from projets.portefeuille.etats import EtatProjet
from tests.outils.relecture import champs_caches, lignes_relues
from tests.projets.portefeuille.outils import adresse, saisie

pytestmark = pytest.mark.django_db


def test_un_projet_entre_au_portefeuille_avec_sa_premiere_estimation(equipe: Client, mission: Mission) -> None:
    assert equipe.post(f"/missions/{mission.pk}/projets/ajouter/", saisie(mission)).status_code == 302
    projet = Projet.objects.get()
    estimation = projet.estimations.get()
    assert (projet.intitule, projet.structurant, projet.etat) == ("Nouvelle ligne", True, EtatProjet.DETECTE)
    assert (estimation.au, estimation.investissement) == (date(2023, 6, 1), 1_250_000)
    assert (estimation.emplois_potentiels, estimation.emplois_previsionnels) == (12, None)
    envoye_deux_fois = equipe.post(f"/missions/{mission.pk}/projets/ajouter/", saisie(mission))
    assert (envoye_deux_fois.status_code, envoye_deux_fois["Location"]) == (302, f"/missions/{mission.pk}/projets/")
    le_meme_nom = equipe.post(f"/missions/{mission.pk}/projets/ajouter/", saisie(mission, emplois_potentiels="13"))
    assert le_meme_nom.status_code == 409
    assert "déjà au portefeuille" in le_meme_nom.content.decode()
    assert Projet.objects.count() == 1


def test_ce_qui_est_refuse_reste_saisi(equipe: Client, mission: Mission) -> None:
    page = f"/missions/{mission.pk}/projets/ajouter/"
    reponse = equipe.post(page, saisie(mission, investissement="beaucoup", description="Une halle."))
    html = reponse.content.decode()
    assert "Il faut un seul montant" in html
    assert 'value="beaucoup"' in html
    assert "Une halle." in html
    assert "recense_le" in equipe.post(page, saisie(mission, recense_le="2099-01-01")).context["formulaire"].errors
    assert not Projet.objects.exists()


def test_un_industriel_d_une_autre_mission_n_est_pas_propose(equipe: Client, mission: Mission, projet: Projet) -> None:
    autre = Mission.objects.create(titre="Autre mission")
    industriel = autre.industriels.create(siren=projet.industriel.siren, nom="Usine lointaine", epci=projet.epci)
    reponse = equipe.post(f"/missions/{mission.pk}/projets/ajouter/", saisie(mission, industriel=industriel.pk))
    assert "industriel" in reponse.context["formulaire"].errors


def test_une_nouvelle_estimation_laisse_la_precedente(equipe: Client, projet: Projet) -> None:
    page = adresse(projet, "estimer/")
    assert "1\u202f000\u202f000" in equipe.get(page).content.decode()
    nouvelle = {"au": "2023-08-01", "investissement": "2 000 000", "emplois_potentiels": "20"}
    assert equipe.post(page, nouvelle).status_code == 302
    assert list(projet.estimations.values_list("au", "investissement")) == [
        (date(2023, 5, 2), 1_000_000),
        (date(2023, 8, 1), 2_000_000),
    ]
    html = equipe.get(adresse(projet)).content.decode()
    assert "1\u202f000\u202f000\u00a0€" in html
    assert "2\u202f000\u202f000\u00a0€" in html
    trop_tot = equipe.post(page, nouvelle | {"au": "2023-01-01"})
    assert trop_tot.status_code == 409
    assert "précéder le recensement" in trop_tot.content.decode()
    assert 'value="2 000 000"' in trop_tot.content.decode()


@pytest.mark.parametrize(
    ("montant", "relu"),
    [
        ("10 000 000", "10 000 000 € (dix millions d’euros)"),
        ("100 000", "100 000 € (cent mille euros)"),
        ("1,2 M€", "1 200 000 € (un million deux cent mille euros)"),
        ("1.250", "1 250 € (mille deux cent cinquante euros)"),
    ],
)
def test_une_estimation_qui_surprend_se_relit_avant_d_etre_gardee(
    equipe: Client, projet: Projet, montant: str, relu: str
) -> None:
    champs = {"au": "2023-10-01", "investissement": montant, "emplois_potentiels": "12"}
    lue = equipe.post(adresse(projet, "estimer/"), champs)
    assert lignes_relues(lue) == {
        "Investissement": relu,
        "Estimation précédente": "1 000 000 €",
        "Créations potentielles d’emplois": "12",
    }
    assert projet.estimations.count() == 1
    assert equipe.post(adresse(projet, "estimer/"), champs_caches(lue)).status_code == 302
    assert projet.estimations.count() == 2


def test_postgres_garde_les_estimations_telles_quelles(projet: Projet) -> None:
    with pytest.raises(Error, match="permission denied for table"), transaction.atomic():
        Estimation.objects.update(investissement=1)
    with pytest.raises(Error, match="permission denied for table"), transaction.atomic():
        Estimation.objects.all().delete()
