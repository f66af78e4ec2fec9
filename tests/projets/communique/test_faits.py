"""What a release says beside its figures: the period of the meetings, the funders, the axes with their territories."""

from datetime import date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from projets.chiffres import calculer
from projets.communique.faits import AxeAnnonce, Faits, lire
from projets.models import Axe, Cofinancement, Enveloppe, FeuilleDeRoute, Industriel, Mission
from rebond.socle.horloge.temps import PARIS
from territoires.actions import territoire_pour
from territoires.etats import Nature
from territoires.models import Epci, MillesimeDEpci
from territoires.regles import appellation
from tests.fabriques import un_epci
from tests.projets import decor

pytestmark = pytest.mark.django_db

AU = decor.RESTITUTION


def faits() -> Faits:
    return lire(calculer(au=AU))


def une_communaute(nom: str, nature: Nature = Nature.CA) -> Epci:
    epci = un_epci(nom)
    Epci.objects.filter(pk=epci.pk).update(nature=nature)
    epci.refresh_from_db()
    return epci


def une_mission_de(*epcis: Epci, restituee_le: date | None = AU) -> Mission:
    territoire = territoire_pour(epcis=list(epcis), chef_de_file=epcis[0], nom="Cambrésis")
    vague = decor.une_releve(5, date(2022, 9, 1), ouverture=date(2022, 6, 1))
    labellisation = decor.un_laureat(vague, datetime(2023, 3, 27, 10, tzinfo=PARIS), territoire=territoire)
    return decor.une_mission(labellisation, restituee_le=restituee_le)


def un_axe(mission: Mission, rang: int, titre: str, *epcis: Epci) -> None:
    feuille, _ = FeuilleDeRoute.objects.get_or_create(mission=mission)
    Axe.objects.create(feuille=feuille, rang=rang, titre=titre).epcis.set(epcis)


def test_les_axes_disent_les_territoires_qu_ils_concernent() -> None:
    cambrai, catesis = une_communaute("CA de Cambrai"), une_communaute("CA du Caudrésis et du Catésis")
    mission = une_mission_de(cambrai, catesis)
    un_axe(mission, 1, "Compétences", cambrai, catesis)
    un_axe(mission, 2, "Filière", cambrai)
    un_axe(mission, 3, "Numérique")
    assert faits().axes == (
        AxeAnnonce("Compétences", "pour les deux communautés d’agglomération"),
        AxeAnnonce("Filière", "pour la communauté d’agglomération de Cambrai"),
        AxeAnnonce("Numérique", "pour les deux communautés d’agglomération"),
    )


def test_des_natures_diverses_sont_des_intercommunalites() -> None:
    mission = une_mission_de(une_communaute("CA A"), une_communaute("CC B", Nature.CC))
    un_axe(mission, 1, "Compétences")
    assert faits().axes == (AxeAnnonce("Compétences", "pour les deux intercommunalités"),)


def test_un_territoire_seul_va_sans_dire_mais_pas_quand_deux_missions_se_restituent() -> None:
    mission = une_mission_de(une_communaute("CA de Cambrai"))
    un_axe(mission, 1, "Compétences")
    assert faits().axes == (AxeAnnonce("Compétences", ""),)
    decor.une_annonce()
    assert faits().axes[0] == AxeAnnonce("Compétences", "pour la communauté d’agglomération de Cambrai")


@pytest.mark.parametrize(
    ("nom", "nature", "attendu"),
    [
        ("CA de Cambrai", Nature.CA, "la communauté d’agglomération de Cambrai"),
        ("CC du Pays de Mormal", Nature.CC, "la communauté de communes du Pays de Mormal"),
        ("CU Caen la Mer", Nature.CU, "la communauté urbaine Caen la Mer"),
        ("Métropole Rouen Normandie", Nature.METROPOLE, "la Métropole Rouen Normandie"),
        ("Bordeaux Métropole", Nature.METROPOLE, "Bordeaux Métropole"),
        ("Plaine Commune", Nature.EPT, "l’établissement public territorial Plaine Commune"),
        ("Une intercommunalité inventée", Nature.CC, "Une intercommunalité inventée"),
    ],
)
def test_une_intercommunalite_se_nomme_en_toutes_lettres(nom: str, nature: Nature, attendu: str) -> None:
    assert appellation(nom, nature) == attendu


def test_les_financeurs_sont_ceux_des_enveloppes_comptees() -> None:
    mission = decor.une_annonce()
    enveloppe = Enveloppe.objects.get()
    plus_tard = Enveloppe.objects.create(mission=mission, nom="Plus tard", montant=1, ouverte_le=date(2024, 1, 1))
    for ou, nom, montant in (
        (enveloppe, "CA de Cambrai", 500_000),
        (enveloppe, "État", 4_500_000),
        (plus_tard, "Région", 1),
    ):
        Cofinancement.objects.create(enveloppe=ou, financeur=nom, montant=montant)
    assert faits().financeurs == ("État", "CA de Cambrai")


def test_la_periode_est_celle_des_rencontres_comptees() -> None:
    decor.une_annonce()
    premier, deuxieme, *_ = Industriel.objects.order_by("pk")
    Industriel.objects.filter(pk=premier.pk).update(rencontre_le=date(2022, 12, 5))
    Industriel.objects.filter(pk=deuxieme.pk).update(rencontre_le=date(2023, 11, 5))
    assert faits().rencontres == "de décembre\u00a02022 à mai\u00a02023"


def test_une_mission_restituee_sans_axe_est_nommee() -> None:
    mission = decor.une_annonce()
    assert faits().sans_feuille == ()
    Axe.objects.all().delete()
    assert faits().sans_feuille == (mission.titre,)
    FeuilleDeRoute.objects.all().delete()
    assert faits().sans_feuille == (mission.titre,)


@pytest.mark.parametrize("missions", [1, 3])
def test_les_faits_se_lisent_en_un_nombre_constant_de_requetes(
    missions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    decor.une_annonce()
    vague = decor.une_releve(6, date(2024, 2, 1), ouverture=date(2023, 11, 1))
    for _ in range(missions - 1):
        autre = decor.une_mission(decor.un_laureat(vague, datetime(2023, 3, 27, 10, tzinfo=PARIS)))
        un_axe(autre, 1, "Compétences")
    chiffres = calculer(au=AU)
    with django_assert_num_queries(0):
        lire(chiffres)


def test_une_fusion_ou_un_nouveau_nom_ne_change_pas_ce_que_dit_un_jour_passe() -> None:
    cambrai, catesis = une_communaute("CA de Cambrai"), une_communaute("CA du Caudrésis et du Catésis")
    mission = une_mission_de(cambrai, catesis)
    un_axe(mission, 1, "Filière", cambrai)
    fin = date(AU.year + 1, 1, 1)
    for epci in (cambrai, catesis):
        MillesimeDEpci.objects.create(
            epci=epci, millesime=2022, nom=epci.nom, nature=epci.nature, population=1, du=date(2022, 1, 1), au=fin
        )
    avant = calculer(au=AU)
    Epci.objects.filter(pk=cambrai.pk).update(nom="CA renommée", au=fin, devenir="devenue CA du Grand Cambrésis")
    apres = calculer(au=AU)
    assert (apres.temoins, apres.releve) == (avant.temoins, avant.releve)
    assert lire(apres).axes == (AxeAnnonce("Filière", "pour la communauté d’agglomération de Cambrai"),)
