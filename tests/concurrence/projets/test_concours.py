"""Grants from one envelope at the same instant, each on its own connection."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import Sum

from projets.enveloppe import actions as enveloppes
from projets.enveloppe.actions import accorder
from projets.models import Concours, Enveloppe, Projet
from projets.portefeuille.etats import EtatProjet
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre
from tests.projets import conduite

pytestmark = pytest.mark.django_db(transaction=True)
# Grants asked for together; the envelope holds six of them.
ENSEMBLE = 10
PLACES = 6
MONTANT = 100_000

Octroi = Callable[[Projet], Concours]


@pytest.fixture
def enveloppe() -> Enveloppe:
    return conduite.une_enveloppe(montant=PLACES * MONTANT)


@pytest.fixture
def gestionnaire() -> Utilisateur:
    return conduite.un_gestionnaire()


@pytest.fixture
def par_l_action(enveloppe: Enveloppe, gestionnaire: Utilisateur) -> Octroi:
    return lambda projet: accorder(
        enveloppe=enveloppe,
        projet=projet,
        montant=MONTANT,
        accorde_le=conduite.ACCORD,
        acteur=gestionnaire,
        maintenant=horloge_base(),
    )


@pytest.fixture
def par_la_table(enveloppe: Enveloppe, gestionnaire: Utilisateur) -> Octroi:
    """Straight into the table, without the action's own lock: nothing but the trigger stands in the way."""
    return lambda projet: Concours.objects.create(
        enveloppe=enveloppe, projet=projet, montant=MONTANT, accorde_le=conduite.ACCORD, accorde_par=gestionnaire
    )


def ensemble(octroi: Octroi, projets: list[Projet]) -> list[Concours | Exception]:
    """Every grant from its own thread and connection, all let go at once; what each gave or raised."""
    depart = threading.Barrier(len(projets), timeout=DELAI)

    def essayer(projet: Projet) -> Concours | Exception:
        depart.wait()
        try:
            return octroi(projet)
        except (RegleEnfreinte, IntegrityError) as refus:
            return refus
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(projets)) as fils:
        return list(fils.map(essayer, projets, timeout=DELAI))


def accorde(enveloppe: Enveloppe) -> int:
    return enveloppe.concours.aggregate(total=Sum("montant"))["total"] or 0


def test_dix_concours_accordes_ensemble_ne_depassent_pas_l_enveloppe(
    enveloppe: Enveloppe, par_l_action: Octroi
) -> None:
    resultats = ensemble(par_l_action, [conduite.un_projet(enveloppe) for _ in range(ENSEMBLE)])

    refus = [str(resultat) for resultat in resultats if isinstance(resultat, RegleEnfreinte)]
    assert refus == ["Il reste 0\N{NO-BREAK SPACE}€ dans l’enveloppe\u00a0: cette aide la dépasserait."] * 4
    assert accorde(enveloppe) == enveloppe.montant
    assert enveloppe.projets.filter(etat=EtatProjet.ACCORDE).count() == PLACES


def test_dix_insertions_directes_ne_depassent_pas_l_enveloppe(enveloppe: Enveloppe, par_la_table: Octroi) -> None:
    resultats = ensemble(par_la_table, [conduite.un_projet(enveloppe) for _ in range(ENSEMBLE)])

    refus = [nom_contrainte(resultat) for resultat in resultats if isinstance(resultat, IntegrityError)]
    assert refus == ["concours_dans_l_enveloppe"] * 4
    assert accorde(enveloppe) == enveloppe.montant


@pytest.mark.parametrize("maniere", ["par_l_action", "par_la_table"])
def test_le_second_attend_le_premier_et_compte_ce_qu_il_a_pris(
    enveloppe: Enveloppe, maniere: str, request: pytest.FixtureRequest
) -> None:
    """The first grant is not committed yet when the second is asked for: the second waits instead of not seeing it."""
    octroi: Octroi = request.getfixturevalue(maniere)
    premier, second = conduite.un_projet(enveloppe), conduite.un_projet(enveloppe)
    Enveloppe.objects.filter(pk=enveloppe.pk).update(montant=MONTANT)
    with ThreadPoolExecutor(max_workers=1) as fils:
        with transaction.atomic():
            octroi(premier)
            attente = fils.submit(ensemble, octroi, [second])
            attendre(attend_un_verrou)
            assert not attente.done()
        [resultat] = attente.result(DELAI)

    assert isinstance(resultat, RegleEnfreinte | IntegrityError)
    assert [concours.projet_id for concours in enveloppe.concours.all()] == [premier.pk]


def test_le_meme_projet_demande_deux_fois_a_la_fois_n_a_qu_un_concours(
    enveloppe: Enveloppe, par_l_action: Octroi
) -> None:
    projet = conduite.un_projet(enveloppe)
    resultats = ensemble(par_l_action, [projet, projet])

    assert sorted(type(resultat).__name__ for resultat in resultats) == ["Concours", "RegleEnfreinte"]
    assert accorde(enveloppe) == MONTANT


def test_une_somme_qui_se_libere_s_accorde_une_fois_liberee(
    enveloppe: Enveloppe, par_l_action: Octroi, par_la_table: Octroi
) -> None:
    """While the abandonment is not committed, the table alone still counts the aid, and the action waits to know."""
    Enveloppe.objects.filter(pk=enveloppe.pk).update(montant=MONTANT)
    premier, second, troisieme = (conduite.un_projet(enveloppe) for _ in range(3))
    par_l_action(premier)
    equipier = conduite.un_equipier(enveloppe.mission)
    with ThreadPoolExecutor(max_workers=1) as fils:
        with transaction.atomic():
            enveloppes.abandonner(
                projet=premier,
                abandonne_le=conduite.ACCORD,
                motif="Autre site retenu",
                acteur=equipier,
                maintenant=horloge_base(),
            )
            [refus] = fils.submit(ensemble, par_la_table, [troisieme]).result(DELAI)
            attente = fils.submit(ensemble, par_l_action, [second])
            attendre(attend_un_verrou)
        [concours] = attente.result(DELAI)

    assert isinstance(refus, IntegrityError)
    assert nom_contrainte(refus) == "concours_dans_l_enveloppe"
    assert list(Concours.objects.en_vigueur()) == [concours]


def test_l_enveloppe_ne_baisse_pas_pendant_qu_on_accorde(enveloppe: Enveloppe, par_la_table: Octroi) -> None:
    projet = conduite.un_projet(enveloppe)

    def baisser(_projet: Projet) -> Concours | None:
        Enveloppe.objects.filter(pk=enveloppe.pk).update(montant=MONTANT - 1)
        return None

    with ThreadPoolExecutor(max_workers=1) as fils:
        with transaction.atomic():
            par_la_table(projet)
            attente = fils.submit(ensemble, baisser, [projet])  # type: ignore[arg-type]
            attendre(attend_un_verrou)
        [resultat] = attente.result(DELAI)

    assert isinstance(resultat, IntegrityError)
    assert nom_contrainte(resultat) == "enveloppe_couvre_les_concours"
