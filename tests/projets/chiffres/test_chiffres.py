"""Figures: each one recounted from the rows in plain SQL, at its date, in a constant number of queries."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from projets import chiffres
from projets.chiffres import Chiffres, ecarts
from projets.models import Enveloppe, Industriel, Mission
from rebond.socle.horloge.temps import PARIS
from tests.fabriques import un_departement, un_territoire, un_utilisateur
from tests.projets import decor

pytestmark = pytest.mark.django_db

AU = decor.RESTITUTION
# Missions with their members and their axes, laureates, former releases, the portfolio (companies, projects, envelopes
# with their funders), next wave; then the map: laureates with pilots, programme.
REQUETES = 7

# Written apart from the code: what each figure must be, in the database's own words.
RECOMPTES = {
    "territoires_laureats": "SELECT count(*) FROM candidatures_labellisation WHERE annoncee_le < %(fin)s",
    "regions": """SELECT count(DISTINCT t.region_pilote_id) FROM candidatures_labellisation l
        JOIN territoires_territoire t ON t.id = l.territoire_id WHERE l.annoncee_le < %(fin)s""",
    "nouveaux_laureats": """SELECT count(*) FROM candidatures_labellisation WHERE annoncee_le = (
        SELECT max(annoncee_le) FROM candidatures_labellisation WHERE annoncee_le < %(fin)s)""",
    "industriels_rencontres": "SELECT count(*) FROM projets_industriel WHERE rencontre_le <= %(au)s",
    "projets_recenses": "SELECT count(*) FROM projets_projet WHERE recense_le <= %(au)s",
    "investissements": """SELECT sum(investissement) FROM (SELECT DISTINCT ON (projet_id) investissement
        FROM projets_estimation WHERE au <= %(au)s ORDER BY projet_id, au DESC, id DESC) e""",
    "creations_potentielles": """SELECT sum(emplois_potentiels) FROM (SELECT DISTINCT ON (projet_id) emplois_potentiels
        FROM projets_estimation WHERE au <= %(au)s ORDER BY projet_id, au DESC, id DESC) e""",
    "projets_orientes": """SELECT count(*) FROM projets_projet
        WHERE structurant AND voie = 'enveloppe' AND oriente_le <= %(au)s""",
    "creations_previsionnelles": """SELECT sum(emplois_previsionnels) FROM (
        SELECT DISTINCT ON (projet_id) projet_id, emplois_previsionnels FROM projets_estimation
        WHERE au <= %(au)s ORDER BY projet_id, au DESC, id DESC) e JOIN projets_projet p ON p.id = e.projet_id
        WHERE p.structurant AND p.voie = 'enveloppe' AND p.oriente_le <= %(au)s""",
    "enveloppe": "SELECT sum(montant) FROM projets_enveloppe WHERE ouverte_le <= %(au)s",
}


def recompter(cle: str, au: date) -> int:
    with connection.cursor() as curseur:
        curseur.execute(
            RECOMPTES[cle], {"au": au, "fin": datetime.combine(au, datetime.min.time(), PARIS) + timedelta(1)}
        )
        return int(curseur.fetchone()[0] or 0)


def valeurs(au: date = AU) -> dict[str, object]:
    return {cle: chiffre.valeur for cle, chiffre in chiffres.calculer(au=au).items()}


@pytest.fixture
def mission() -> Mission:
    return decor.une_annonce()


@pytest.mark.parametrize("cle", RECOMPTES)
def test_chaque_chiffre_se_recompte_en_sql(mission: Mission, cle: str) -> None:
    chiffre = chiffres.calculer(au=AU)[cle]
    assert chiffre.valeur == recompter(cle, AU)
    assert chiffre.valeur == sum(ligne.valeur for ligne in chiffre.lignes)


def test_l_annonce_entiere(mission: Mission) -> None:
    attendu = {
        "territoires_laureats": 3,
        "regions": 1,
        "nouveaux_laureats": 2,
        "industriels_rencontres": 4,
        "projets_recenses": 6,
        "investissements": 10_840_000,
        "creations_potentielles": 64,
        "projets_orientes": 2,
        "creations_previsionnelles": 304,
        "enveloppe": 5_000_000,
        "concours_accordes": 0,
        "prochaine_releve": date(2023, 10, 1),
    }
    calcules = valeurs()
    assert {cle: calcules[cle] for cle in attendu} == attendu


def test_le_jour_est_compte_en_entier_a_paris_et_le_lendemain_non(mission: Mission) -> None:
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    # 23:59:59 in Paris is still the 28th, 21:59:59 UTC; one second later is the 29th.
    decor.un_laureat(vague, datetime(2023, 8, 28, 23, 59, 59, tzinfo=PARIS))
    decor.un_laureat(vague, datetime(2023, 8, 29, 0, 0, 0, tzinfo=PARIS))
    assert valeurs()["territoires_laureats"] == 4
    assert valeurs(AU + timedelta(days=1))["territoires_laureats"] == 5


def test_un_projet_recense_le_lendemain_ne_compte_pas(mission: Mission) -> None:
    avant = valeurs()
    decor.un_projet(Industriel.objects.first(), un_utilisateur(), recense_le=AU + timedelta(days=1))  # type: ignore[arg-type]
    assert valeurs() == avant
    assert valeurs(AU + timedelta(days=1))["projets_recenses"] == 7


def test_un_projet_oriente_qui_n_est_pas_structurant_ne_compte_pas_parmi_les_projets_orientes(
    mission: Mission,
) -> None:
    avant = valeurs()
    orientes = mission.projets.filter(enveloppe__isnull=False).order_by("pk")
    restant = orientes[1]
    orientes.filter(pk=orientes[0].pk).update(structurant=False)
    apres = valeurs()
    changes = {cle: (avant[cle], apres[cle]) for cle in avant if avant[cle] != apres[cle]}
    assert changes == {
        "projets_orientes": (2, 1),
        "ensemble_projets_orientes": (2, 1),
        "creations_previsionnelles": (304, 104),
        "ensemble_creations_previsionnelles": (304, 104),
    }
    assert [ligne.pk for ligne in chiffres.calculer(au=AU)["projets_orientes"].lignes] == [restant.pk]


def test_une_estimation_ulterieure_ne_change_pas_le_passe(mission: Mission) -> None:
    avant = valeurs()
    projet = mission.projets.earliest("pk")
    decor.estimer(projet, un_utilisateur(), AU + timedelta(days=3), 9_000_000, 99, None)
    assert valeurs() == avant
    apres = valeurs(AU + timedelta(days=3))
    assert (apres["investissements"], apres["creations_potentielles"]) == (10_840_000 + 7_790_000, 64 + 88)


def test_une_rencontre_sans_date_ne_compte_pas(mission: Mission) -> None:
    decor.un_industriel(mission, 90, rencontre_le=None)
    assert valeurs()["industriels_rencontres"] == 4


def test_les_aides_comptent_a_partir_du_jour_de_leur_accord(mission: Mission) -> None:
    assert valeurs(date(2023, 9, 26))["concours_accordes"] == 0
    assert valeurs(date(2023, 9, 27))["concours_accordes"] == 250_000


def test_une_mission_en_cours_ne_compte_nulle_part(mission: Mission) -> None:
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    autre = decor.une_mission(decor.un_laureat(vague, datetime(2023, 8, 28, 12, tzinfo=PARIS)), restituee_le=None)
    decor.un_projet(decor.un_industriel(autre, 91), un_utilisateur(), investissement=7)
    calcules = valeurs()
    assert (calcules["projets_recenses"], calcules["ensemble_projets_recenses"]) == (6, 6)
    assert (calcules["investissements"], calcules["ensemble_investissements"]) == (10_840_000, 10_840_000)


def test_seule_la_derniere_restitution_fait_l_annonce(mission: Mission) -> None:
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    autre = decor.une_mission(
        decor.un_laureat(vague, datetime(2023, 12, 18, 10, tzinfo=PARIS)), restituee_le=date(2024, 1, 15)
    )
    decor.un_industriel(autre, 92)
    assert valeurs(date(2024, 1, 14))["industriels_rencontres"] == 4
    assert valeurs(date(2024, 1, 15))["industriels_rencontres"] == 1
    assert valeurs(date(2024, 1, 15))["ensemble_industriels_rencontres"] == 5


def test_d_une_restitution_a_l_autre_l_ensemble_s_ajoute(mission: Mission) -> None:
    """286, then 186, then 145 M€ must not read as a fall: the whole is 286, 472, 617."""
    auteur = un_utilisateur()
    lus = []
    for rang, montant in enumerate((186, 145), start=1):
        lus.append(valeurs(date(2023, 8 + rang, 27) if rang == 1 else date(2024, 1, 14)))
        vague = decor.une_releve(3 + rang, date(2024 + rang, 2, 1), ouverture=date(2023 + rang, 10, 1))
        laureat = decor.un_laureat(vague, datetime(2023, 9, 1 + rang, 10, tzinfo=PARIS))
        restituee_le = date(2023, 10, 1) if rang == 1 else date(2024, 1, 15)
        autre = decor.une_mission(laureat, restituee_le=restituee_le)
        decor.un_projet(decor.un_industriel(autre, 80 + rang), auteur, investissement=montant * 1_000_000)
    lus.append(valeurs(date(2024, 1, 15)))
    derniers = [lu["investissements"] for lu in lus]
    ensemble = [lu["ensemble_investissements"] for lu in lus]
    assert derniers == [10_840_000, 186_000_000, 145_000_000]
    assert ensemble == [10_840_000, 196_840_000, 341_840_000]


def test_une_entreprise_rencontree_par_deux_missions_compte_une_fois(mission: Mission) -> None:
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    autre = decor.une_mission(decor.un_laureat(vague, datetime(2023, 8, 28, 12, tzinfo=PARIS)))
    decor.un_industriel(autre, 1)
    decor.un_industriel(autre, 93)
    assert valeurs()["industriels_rencontres"] == 5
    assert chiffres.de_la_mission(autre, au=AU)["industriels_rencontres"].valeur == 2


def test_la_derniere_restitution_et_l_ensemble_sont_deux_chiffres_nommes(mission: Mission) -> None:
    calcules = chiffres.calculer(au=AU)
    assert calcules["investissements"].libelle == "Investissements des projets recensés (dernière restitution)"
    assert calcules["ensemble_investissements"].libelle == (
        "Investissements des projets recensés (toutes missions restituées)"
    )
    libelles = [chiffre.libelle for chiffre in calcules.values()]
    assert len(set(libelles)) == len(libelles)


def test_un_projet_sans_estimation_n_apporte_pas_zero(mission: Mission) -> None:
    """One project out of three says how many jobs: 304 is not the total of the three."""
    enveloppe = mission.enveloppes.get()
    decor.un_projet(decor.un_industriel(mission, 60), un_utilisateur(), enveloppe=enveloppe)
    nul = decor.un_projet(decor.un_industriel(mission, 61), un_utilisateur(), enveloppe=enveloppe, previsionnels=0)
    chiffre = chiffres.calculer(au=AU)["creations_previsionnelles"]
    assert (chiffre.valeur, chiffre.couverture, chiffre.partiel) == (304, (3, 4), True)
    assert str(chiffre) == "304\u00a0emplois (renseigné pour 3\u00a0projets sur 4)"
    assert {ligne.valeur for ligne in chiffre.lignes} == {200, 104, 0, None}
    assert chiffre.part({nul.pk}).valeur == 0
    donnees = chiffre.en_json()
    assert (donnees["couverture"], donnees["partiel"]) == ({"renseignees": 3, "lignes": 4}, True)
    # A whole figure has no reserve.
    assert chiffres.calculer(au=AU)["investissements"].reserve == ""


def test_un_total_dont_on_ne_sait_rien_n_est_pas_zero(mission: Mission) -> None:
    autre = decor.un_projet(decor.un_industriel(mission, 60), un_utilisateur())
    chiffre = chiffres.calculer(au=AU)["investissements"].part({autre.pk})
    inconnu = replace(chiffre, lignes=tuple(replace(ligne, valeur=None) for ligne in chiffre.lignes)).part({autre.pk})
    assert (inconnu.valeur, str(inconnu), inconnu.reserve) == (
        None,
        "non renseigné",
        "renseigné pour 0\u00a0projet sur 1",
    )
    with pytest.raises(TypeError):
        _ = inconnu.quantite


def test_un_chiffre_dit_quelles_lignes_sont_inventees(mission: Mission) -> None:
    assert not chiffres.calculer(au=AU).demonstration
    territoire = un_territoire(departement=un_departement("03", "84"))
    territoire.demonstration = True
    territoire.save()
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    decor.un_laureat(vague, datetime(2023, 8, 28, 12, tzinfo=PARIS), territoire=territoire)
    inventes = {cle for cle, chiffre in chiffres.calculer(au=AU).items() if chiffre.demonstration}
    assert inventes == {"territoires_laureats", "regions", "nouveaux_laureats"}


def test_sans_rien_tout_vaut_zero() -> None:
    calcules = valeurs()
    assert calcules.pop("prochaine_releve") is None
    assert set(calcules.values()) == {0}


@pytest.mark.parametrize("projets", [1, 3])
def test_le_nombre_de_requetes_ne_depend_pas_des_lignes(
    mission: Mission, projets: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rang in range(projets):
        decor.un_projet(decor.un_industriel(mission, 40 + rang), un_utilisateur())
    with django_assert_num_queries(REQUETES):
        chiffres.calculer(au=AU)
    with django_assert_num_queries(1):
        chiffres.de_la_mission(mission, au=AU)


def test_la_mission_seule_donne_les_memes_chiffres(mission: Mission) -> None:
    nationaux = chiffres.calculer(au=AU)
    seuls = chiffres.de_la_mission(mission, au=AU)
    assert {cle: c.valeur for cle, c in seuls.items()} == {cle: nationaux[cle].valeur for cle in seuls}


def test_les_chiffres_publics_attendent_la_fin_de_l_embargo(mission: Mission) -> None:
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    levee = datetime(2023, 9, 1, 18, tzinfo=PARIS)
    decor.un_laureat(vague, datetime(2023, 8, 30, 9, tzinfo=PARIS), publique_a=levee)
    assert chiffres.calculer(au=date(2023, 8, 30)).sous_embargo(levee - timedelta(seconds=1))
    assert not chiffres.calculer(au=date(2023, 8, 30)).sous_embargo(levee)
    assert chiffres.publics(maintenant=levee - timedelta(seconds=1))["territoires_laureats"].valeur == 3
    assert chiffres.publics(maintenant=levee)["territoires_laureats"].valeur == 4


def test_ce_qui_est_fige_se_relit_a_l_identique(mission: Mission) -> None:
    calcules = chiffres.calculer(au=AU)
    assert Chiffres.depuis_json(calcules.en_json(detail=True)) == calcules


def test_un_ecart_nomme_le_chiffre_et_les_lignes(mission: Mission) -> None:
    avant = chiffres.calculer(au=AU).lus()
    assert ecarts(avant, avant) == []
    projet = decor.un_projet(Industriel.objects.earliest("pk"), un_utilisateur(), investissement=0, potentiels=0)
    ecart, *autres = ecarts(avant, chiffres.calculer(au=AU))
    # A project of 0 € is one more row of the sums too; « toutes missions » says the same thing, and is left out.
    assert [autre.libelle for autre in autres] == [
        "Investissements des projets recensés (dernière restitution)",
        "Créations potentielles d’emplois (dernière restitution)",
    ]
    assert ecart.libelle == "Projets recensés (dernière restitution)"
    assert (ecart.publie, ecart.recompte) == ("6\u00a0projets", "7\u00a0projets")
    assert len(ecart.ajoutees) == 1
    assert f"n° {projet.pk} " in ecart.ajoutees[0]


def test_une_enveloppe_ouverte_plus_tard_ne_compte_pas(mission: Mission) -> None:
    Enveloppe.objects.create(mission=mission, nom="Seconde", montant=1, ouverte_le=AU + timedelta(days=1))
    assert valeurs()["enveloppe"] == 5_000_000


def test_la_commande_refuse_une_date_qui_n_existe_pas() -> None:
    with pytest.raises(CommandError, match="Cette date n’existe pas"):
        call_command("chiffres", "--au", "2023-02-30")
