"""What Python and Postgres both say of a mission, its companies, its projects and their aid."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.db.models import Model

from projets.enveloppe.regles import aide_excessive
from projets.mission.regles import empechement_d_annuler_un_industriel
from projets.models import Concours, Enveloppe, Industriel, Liberation, Projet
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.horloge.temps import horloge_base
from tests.fabriques import dans_un_point_de_reprise, un_utilisateur
from tests.outils.refus import refus
from tests.projets import conduite, decor

pytestmark = pytest.mark.django_db
UN_JOUR = timedelta(days=1)


@pytest.fixture
def enveloppe() -> Enveloppe:
    return conduite.une_enveloppe()


def un_concours(enveloppe: Enveloppe, *, montant: int = 1_000, projet: Projet | None = None) -> Concours:
    return Concours.objects.create(
        enveloppe=enveloppe,
        projet=projet or conduite.un_projet(enveloppe),
        montant=montant,
        accorde_le=conduite.ACCORD,
        accorde_par=un_utilisateur(),
    )


def annuler(ligne: Model) -> str | None:
    """The rule by which Postgres refuses to cancel this row; None when it does it."""
    try:
        with dans_un_point_de_reprise():
            type(ligne)._default_manager.filter(pk=ligne.pk).update(
                annule_le=horloge_base(), annule_par=un_utilisateur(), annulation="Saisi deux fois"
            )
    except IntegrityError as erreur:
        return nom_contrainte(erreur)
    return None


@pytest.mark.jumeau(
    "projets.enveloppe.models.ConcoursQuerySet.accordes", "projets.enveloppe.models.ConcoursQuerySet.en_vigueur"
)
def test_un_concours_est_accorde_jusqu_a_sa_liberation(enveloppe: Enveloppe) -> None:
    liberes = (None, conduite.ACCORD, conduite.ACCORD + UN_JOUR, conduite.ACCORD + 3 * UN_JOUR)
    for libere_le in liberes:
        concours = un_concours(enveloppe)
        if libere_le:
            Liberation.objects.create(concours=concours, libere_le=libere_le, libere_par=un_utilisateur())
    lus = Concours.objects.select_related("liberation")
    tenus = []
    for rang in range(-1, 5):
        au = conduite.ACCORD + rang * UN_JOUR
        accordes = {concours for concours in lus if concours.accorde_au(au)}
        assert set(Concours.objects.accordes(au)) == accordes
        tenus.append(len(accordes))
    assert tenus == [0, 3, 2, 2, 1, 1]
    assert set(Concours.objects.en_vigueur()) == {concours for concours in lus if not concours.est_libere}
    assert Concours.objects.en_vigueur().count() == 1


@pytest.mark.jumeau("postgres:concours_dans_l_enveloppe", "postgres:enveloppe_couvre_les_concours")
def test_ce_qui_reste_d_une_enveloppe(enveloppe: Enveloppe) -> None:
    for montant in (1_000, 20_000, 300_000):
        libere = un_concours(enveloppe, montant=montant)
    Liberation.objects.create(concours=libere, libere_le=conduite.ACCORD, libere_par=un_utilisateur())
    lue = Enveloppe.objects.avec_totaux().get()
    assert lue.accorde == 21_000
    projet, reste = conduite.un_projet(enveloppe), lue.montant - lue.accorde
    decor.estimer(projet, un_utilisateur(), conduite.ACCORD, 2 * lue.montant, 1, None)
    assert refus(lambda: un_concours(enveloppe, montant=reste, projet=projet)) is None
    assert refus(lambda: un_concours(enveloppe, montant=reste + 1, projet=projet)) == "concours_dans_l_enveloppe"
    seules = Enveloppe.objects.filter(pk=enveloppe.pk)
    assert refus(lambda: seules.update(montant=lue.accorde)) is None
    assert refus(lambda: seules.update(montant=lue.accorde - 1)) == "enveloppe_couvre_les_concours"


@pytest.mark.jumeau("postgres:concours_dans_l_investissement")
@pytest.mark.parametrize(
    ("investissement", "montant", "attendu"),
    [
        (None, 1_000, None),
        (1, 1, None),
        (1, 2, "concours_dans_l_investissement"),
        (1_000, 999, None),
        (1_000, 1_000, None),
        (1_000, 1_001, "concours_dans_l_investissement"),
    ],
)
def test_une_aide_ne_depasse_pas_l_investissement(
    enveloppe: Enveloppe, investissement: int | None, montant: int, attendu: str | None
) -> None:
    projet = decor.un_projet_sans_estimation(decor.un_industriel(enveloppe.mission, 800))
    if investissement:
        decor.estimer(projet, un_utilisateur(), conduite.ACCORD, investissement, 1, None)
    lu = Projet.objects.avec_estimation(conduite.ACCORD).get()
    assert (aide_excessive(montant, lu.investissement) is not None) is (attendu is not None)
    assert refus(lambda: un_concours(enveloppe, montant=montant, projet=projet)) == attendu


@pytest.mark.jumeau("postgres:industriel_annule_sans_projet", "projets.mission.models.IndustrielQuerySet.retenus")
@pytest.mark.parametrize("annules", [(), (True,), (False,), (True, False)])
def test_une_entreprise_s_annule(enveloppe: Enveloppe, annules: tuple[bool, ...]) -> None:
    industriel = decor.un_industriel(enveloppe.mission, 800)
    for annule in annules:
        projet = decor.un_projet(industriel, un_utilisateur())
        assert not annule or annuler(projet) is None
    portes = industriel.projets.retenus().count()
    regle = empechement_d_annuler_un_industriel(annule=industriel.est_annule, projets=portes)
    assert annuler(industriel) == ("industriel_annule_sans_projet" if regle else None)
    assert bool(regle) is (False in annules)
    industriel.refresh_from_db()
    assert Industriel.objects.retenus().exists() is not industriel.est_annule


@pytest.mark.jumeau("postgres:projet_annule_sans_aide", "projets.portefeuille.models.ProjetQuerySet.retenus")
@pytest.mark.parametrize("aide", ["aucune", "tenue", "libérée"])
def test_un_projet_s_annule(enveloppe: Enveloppe, aide: str) -> None:
    projet = conduite.un_projet(enveloppe)
    if aide != "aucune":
        concours = un_concours(enveloppe, projet=projet)
    if aide == "libérée":
        Liberation.objects.create(concours=concours, libere_le=date(2023, 11, 15), libere_par=un_utilisateur())
    lu = Projet.objects.pour_liste().get()
    regle = lu.empechement_d_annuler
    assert annuler(projet) == ("projet_annule_sans_aide" if regle else None)
    assert bool(regle) is (aide != "aucune")
    projet.refresh_from_db()
    assert Projet.objects.retenus().exists() is not projet.est_annule
