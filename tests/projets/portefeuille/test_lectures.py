"""Who reads the portfolio, how it is searched, and what comes out as a file."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from projets.chiffres import de_la_mission
from projets.models import Mission, Projet
from projets.portefeuille.etats import EtatProjet, NatureProjet
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.texte.typographie import euros
from territoires.etats import Role
from territoires.regles import siren_fictif
from tests.fabriques import un_agent, un_utilisateur
from tests.projets import decor
from tests.projets.portefeuille.outils import adresse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.GESTIONNAIRE, Role.INSTRUCTEUR, Role.VALIDEUR])
def test_les_agents_lisent_un_projet_et_n_y_touchent_pas(client: Client, projet: Projet, role: Role) -> None:
    client.force_login(un_agent(role))
    html = client.get(adresse(projet)).content.decode()
    assert "Qualifier le projet" not in html
    for suite in ("modifier/", "estimer/", "orienter/", "actes/qualifier/"):
        assert client.post(adresse(projet, suite)).status_code == 404
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.DETECTE


@pytest.mark.parametrize("role", [None, Role.PRESSE, Role.EXPERT, Role.COMITE, Role.AUDITEUR, Role.CHARGE_MISSION])
def test_pour_les_autres_le_projet_n_existe_pas(client: Client, projet: Projet, role: Role | None) -> None:
    client.force_login(un_agent(role) if role else un_utilisateur())
    for suite in ("", "modifier/", "estimer/", "orienter/", "abandonner/", "annuler/"):
        assert client.get(adresse(projet, suite)).status_code == 404


def test_un_projet_ne_se_lit_que_dans_sa_mission(equipe: Client, mission: Mission) -> None:
    autre = Mission.objects.create(titre="Autre mission")
    epci = mission.labellisations.get().territoire.chef_de_file
    industriel = autre.industriels.create(siren=siren_fictif(82_000), nom="Ailleurs", epci=epci)
    ailleurs = decor.un_projet(industriel, un_utilisateur())
    assert equipe.get(f"/missions/{mission.pk}/projets/{ailleurs.pk}/").status_code == 404


def test_le_portefeuille_se_cherche_se_filtre_se_trie_et_s_additionne(
    equipe: Client, mission: Mission, projet: Projet
) -> None:
    grand = decor.un_projet(
        decor.un_industriel(mission, 2),
        un_utilisateur(),
        investissement=3_000_000,
        potentiels=30,
        nature=NatureProjet.NUMERIQUE,
    )
    Projet.objects.filter(pk=grand.pk).update(structurant=True)

    def page(requete: str) -> dict[str, Any]:
        contexte = equipe.get(f"/missions/{mission.pk}/projets/?{requete}").context
        return {"projets": [lu.pk for lu in contexte["page"]], **contexte["totaux"]}

    les_deux = page("")
    chiffres = de_la_mission(mission, au=jour_de_paris(horloge_base()))
    assert les_deux == {
        "projets": [projet.pk, grand.pk],
        "nombre": chiffres["projets_recenses"].valeur,
        "investissements": str(chiffres["investissements"]),
        "potentiels": str(chiffres["creations_potentielles"]),
    }
    assert page("tri=-investissement")["projets"] == [grand.pk, projet.pk]
    un_seul = page("structurant=oui")
    assert un_seul == {
        "projets": [grand.pk],
        "nombre": 1,
        "investissements": euros(3_000_000),
        "potentiels": "30\u00a0emplois",
    }
    assert page("nature=numerique")["projets"] == [grand.pk]
    assert page("etat=detecte&structurant=non")["projets"] == [projet.pk]
    assert page(f"epci={projet.epci.pk}")["nombre"] == 2
    assert page(f"q={projet.industriel.siren}")["projets"] == [projet.pk]
    assert page("q=usine+2")["projets"] == [grand.pk]
    assert page("q=rien")["nombre"] == 0
    decor.un_projet_sans_estimation(grand.industriel)
    assert page("")["potentiels"] == "40\u00a0emplois (renseigné pour 2\u00a0projets sur 3)"


def test_le_portefeuille_coute_autant_pour_un_projet_que_pour_trois(
    equipe: Client, mission: Mission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for attendus in (1, 3):
        while mission.projets.count() < attendus:
            decor.un_projet(decor.un_industriel(mission, mission.projets.count() + 1), un_utilisateur())
        with django_assert_num_queries(10):
            assert len(equipe.get(f"/missions/{mission.pk}/projets/").context["page"]) == attendus


def test_l_export_se_relit_dit_ce_qui_est_invente_et_n_execute_rien(
    equipe: Client, mission: Mission, projet: Projet
) -> None:
    Mission.objects.filter(pk=mission.pk).update(demonstration=True)
    Projet.objects.filter(pk=projet.pk).update(intitule='=HYPERLINK("https://exemple.fr")')

    contenu = equipe.get(f"/missions/{mission.pk}/projets.csv").getvalue().decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(contenu), delimiter=";"))
    assert [ligne["Projet"] for ligne in lignes] == ['\'=HYPERLINK("https://exemple.fr")']
    assert lignes[0]["Investissement (€)"] == "1000000"
    assert lignes[0]["Source"].startswith(f"Données de démonstration – {mission.titre}")

    classeur = CalamineWorkbook.from_filelike(
        io.BytesIO(equipe.get(f"/missions/{mission.pk}/projets.xlsx?structurant=non").getvalue())
    )
    cellules = classeur.get_sheet_by_index(0).to_python()
    assert (cellules[0][0], cellules[0][-1]) == ("Projet", "Source")
    assert cellules[1][0] == '=HYPERLINK("https://exemple.fr")'
    assert cellules[1][7] == date(2023, 5, 2)
    assert cellules[1][10] == 1_000_000
    assert cellules[1][-1].startswith("Données de démonstration")
    filtre = equipe.get(f"/missions/{mission.pk}/projets.csv?structurant=oui").getvalue().decode("utf-8-sig")
    assert "HYPERLINK" not in filtre
