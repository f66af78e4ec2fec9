"""What contradicts a frozen release is heard, whatever it is, and told to the press office once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from projets.chiffres import Chiffres, calculer, ecarts
from projets.communique.veille import veiller_sur
from projets.models import Axe, Cofinancement, Communique, EcartConstate, Enveloppe, Estimation, Mission, Projet
from projets.tasks import veiller_sur_les_communiques
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import PARIS
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import NatureMembre, Programme, Role
from territoires.importation import LigneTI
from territoires.industrie import importer
from territoires.models import Epci, Region, Territoire
from tests.fabriques import un_agent, un_utilisateur
from tests.projets import decor

pytestmark = pytest.mark.django_db

AU = decor.RESTITUTION
MAINTENANT = datetime(2023, 8, 29, 9, tzinfo=PARIS)
PERIMETRE = LigneTI("ti-1", "Un territoire", NatureMembre.EPCI, "CA de Cambrai", siren="200068500")
AUTRE_PERIMETRE = LigneTI("ti-1", "Un territoire", NatureMembre.EPCI, "CA de Morlaix", siren="242900835")


@pytest.fixture
def communique() -> Communique:
    decor.une_annonce()
    Cofinancement.objects.create(enveloppe=Enveloppe.objects.get(), financeur="État", montant=5_000_000)
    importer([PERIMETRE], programme=Programme.PREMIER)
    return decor.un_communique(maintenant=MAINTENANT)


def trouves(communique: Communique) -> list[str]:
    publies = Chiffres.depuis_json(communique.chiffres)
    return [ecart.libelle for ecart in ecarts(publies, calculer(au=communique.au))]


def des_montants_qui_se_compensent() -> None:
    un, autre = Projet.objects.order_by("pk")[:2]
    for projet, investissement in ((un, 1_000_000), (autre, 1_420_000)):
        decor.estimer(projet, un_utilisateur(), AU, investissement, 11, None)


def un_projet_pour_un_autre() -> None:
    efface = Projet.objects.earliest("pk")
    Projet.objects.filter(pk=efface.pk).update(recense_le=AU + timedelta(days=1))
    decor.un_projet(efface.industriel, un_utilisateur(), investissement=1_210_000, potentiels=11)


def un_territoire_renomme() -> None:
    Territoire.objects.filter(pk=Territoire.objects.earliest("pk").pk).update(nom="Un autre nom")


def un_axe_reecrit() -> None:
    Axe.objects.update(titre="Le numérique")


def un_axe_pour_un_autre_territoire() -> None:
    Axe.objects.get().epcis.add(Epci.objects.order_by("pk").first())


def un_autre_perimetre() -> None:
    importer([AUTRE_PERIMETRE], programme=Programme.PREMIER, confirmer=True)


def un_territoire_d_une_autre_region() -> None:
    territoire = Territoire.objects.earliest("pk")
    region = Region.objects.create(code="X1", nom="Ailleurs")
    Territoire.objects.filter(pk=territoire.pk).update(region_pilote=region)


def un_financeur_renomme() -> None:
    Cofinancement.objects.update(financeur="La Région")


def une_mission_renommee() -> None:
    Mission.objects.update(titre="Une autre mission")


DERNIERE = "(dernière restitution)"
CHANGEMENTS: dict[Callable[[], None], list[str]] = {
    des_montants_qui_se_compensent: [f"Investissements des projets recensés {DERNIERE}"],
    un_projet_pour_un_autre: [
        f"Projets recensés {DERNIERE}",
        f"Investissements des projets recensés {DERNIERE}",
        f"Créations potentielles d’emplois {DERNIERE}",
    ],
    un_territoire_renomme: ["Territoires lauréats", "Carte : Territoires lauréats de l’AMI Rebond industriel"],
    un_axe_reecrit: ["Axe 1 de la feuille de route"],
    un_axe_pour_un_autre_territoire: ["Axe 1 de la feuille de route"],
    un_autre_perimetre: ["Carte : Périmètre d’un territoire d’industrie"],
    un_territoire_d_une_autre_region: [
        "Régions concernées",
        "Carte : Territoires lauréats de l’AMI Rebond industriel",
    ],
    un_financeur_renomme: ["Financeur de l’enveloppe"],
    une_mission_renommee: ["Mission restituée"],
}


@pytest.mark.parametrize("changement", CHANGEMENTS, ids=lambda changement: changement.__name__)
def test_ce_qui_ne_change_aucun_total_s_entend_aussi(communique: Communique, changement: Callable[[], None]) -> None:
    assert trouves(communique) == []
    changement()
    assert trouves(communique) == CHANGEMENTS[changement]


def test_ce_qui_compte_a_une_autre_date_ne_contredit_rien(communique: Communique) -> None:
    """Another programme in force later, a laureate, an estimate: the release « au 28 août » still says the truth."""
    importer([AUTRE_PERIMETRE], programme=Programme.SECOND)
    vague = decor.une_releve(4, date(2024, 2, 1), ouverture=date(2023, 10, 1))
    decor.un_laureat(vague, datetime(2023, 12, 18, 10, tzinfo=PARIS))
    decor.estimer(Projet.objects.earliest("pk"), un_utilisateur(), AU + timedelta(days=1), 9, 9, None)
    decor.un_communique(au=date(2023, 12, 20), maintenant=MAINTENANT)
    assert trouves(communique) == []


def test_un_communique_d_avant_ces_faits_n_alarme_pas_pour_eux(communique: Communique) -> None:
    anciens = {cle: valeur for cle, valeur in communique.chiffres.items() if cle != "temoins"}
    un_axe_reecrit()
    assert ecarts(Chiffres.depuis_json(anciens), calculer(au=AU)) == []


def test_le_service_de_presse_l_apprend_une_fois_par_changement(communique: Communique) -> None:
    attachee, autre = un_agent(Role.PRESSE), un_agent(Role.PRESSE)
    un_agent(Role.VALIDEUR)
    veiller_sur_les_communiques()
    assert not EcartConstate.objects.exists()
    un_axe_reecrit()
    for _ in range(2):
        veiller_sur_les_communiques()
    lettres = Courrier.objects.filter(cle__startswith="ecarts-")
    assert sorted(lettres.values_list("destinataire", flat=True)) == sorted([attachee.email, autre.email])
    lettre = lettres.get(destinataire=attachee.email)
    assert lettre.objet == "Communiqué au 28\u00a0août\u00a02023\u00a0: les données ont changé"
    assert "Publié\u00a0: L’emploi et les compétences (tout le territoire)" in lettre.texte
    assert "Aujourd’hui\u00a0: Le numérique (tout le territoire)" in lettre.texte
    assert f"/presse/communiques/{communique.pk}/" in lettre.texte
    assert EntreeJournal.objects.filter(acte="constater_ecarts").count() == 1
    un_territoire_renomme()
    veiller_sur_les_communiques()
    assert lettres.count() == 4


def test_le_retour_a_ce_qui_est_publie_se_note_sans_lettre(communique: Communique) -> None:
    un_agent(Role.PRESSE)
    un_axe_reecrit()
    veiller_sur(communique_id=communique.pk, maintenant=MAINTENANT)
    Axe.objects.update(titre="L’emploi et les compétences")
    leve = veiller_sur(communique_id=communique.pk, maintenant=MAINTENANT)
    assert leve is not None
    assert (leve.contredit, leve.ecarts) == (False, [])
    assert Courrier.objects.filter(cle__startswith="ecarts-").count() == 1
    assert list(
        EntreeJournal.objects.filter(acte__endswith="_ecarts").order_by("pk").values_list("acte", flat=True)
    ) == [
        "constater_ecarts",
        "lever_ecarts",
    ]


def test_la_page_de_presse_le_dit_jusqu_au_rectificatif(communique: Communique, client: Client) -> None:
    client.force_login(un_agent(Role.PRESSE))
    assert "disent autre chose" not in client.get("/presse/").content.decode()
    un_axe_reecrit()
    veiller_sur_les_communiques()
    assert "disent autre chose" in client.get("/presse/").content.decode()
    assert "contredisent 1\u00a0texte arrêté" in client.get("/tableau-de-bord/").content.decode()
    decor.un_communique(maintenant=MAINTENANT, motif="L’axe a été réécrit.")
    veiller_sur_les_communiques()
    assert "disent autre chose" not in client.get("/presse/").content.decode()
    assert EcartConstate.objects.count() == 1


def test_ce_qui_a_ete_constate_ne_s_efface_pas(communique: Communique) -> None:
    un_axe_reecrit()
    constat = veiller_sur(communique_id=communique.pk, maintenant=MAINTENANT)
    assert constat is not None
    with pytest.raises(ProgrammingError, match="permission denied for table"), transaction.atomic():
        constat.delete()
    with pytest.raises(ProgrammingError, match="permission denied for table"), transaction.atomic():
        EcartConstate.objects.update(contredit=False, ecarts=[])


def test_un_total_devenu_partiel_contredit_le_total(communique: Communique) -> None:
    enveloppe = Enveloppe.objects.get()
    decor.un_projet(Projet.objects.earliest("pk").industriel, un_utilisateur(), enveloppe=enveloppe)
    publies = Chiffres.depuis_json(communique.chiffres)
    recompte = {ecart.libelle: ecart.recompte for ecart in ecarts(publies, calculer(au=AU))}
    assert recompte[f"Créations prévisionnelles d’emplois {DERNIERE}"] == (
        "304\u00a0emplois (renseigné pour 2\u00a0projets sur 3)"
    )
    assert Estimation.objects.filter(emplois_previsionnels=None).exists()
