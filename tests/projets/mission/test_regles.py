"""What is allowed in a mission, step by step, against a list written apart from the code."""

from datetime import date, timedelta
from itertools import pairwise

from projets.mission import regles
from projets.mission.etats import EtatMission

E = EtatMission


def test_une_mission_avance_d_etape_en_etape_jusqu_a_sa_cloture() -> None:
    assert [regles.etape_suivante(etat) for etat in E] == [*(apres for _, apres in pairwise(E)), None]


def test_l_equipe_prend_en_charge_puis_avance_et_ne_change_rien_d_une_mission_close() -> None:
    assert {etat for etat in E if regles.peut_prendre_en_charge(etat)} == {E.A_LANCER}
    assert {etat for etat in E if regles.peut_avancer(etat)} == {*E} - {E.A_LANCER, E.CLOSE}
    assert {etat for etat in E if regles.mission_ouverte(etat)} == {*E} - {E.A_LANCER, E.CLOSE}


def test_les_jours_d_une_mission_sont_ceux_de_l_appel() -> None:
    assert (date(2020, 1, 1), date(2060, 12, 31)) == (regles.PREMIER_JOUR, regles.DERNIER_JOUR)
    assert timedelta(days=366) == regles.A_L_AVANCE


def test_une_entreprise_sans_projet_s_annule_une_fois() -> None:
    assert regles.empechement_d_annuler_un_industriel(annule=False, projets=0) is None
    assert regles.empechement_d_annuler_un_industriel(annule=True, projets=0) == "Cette entreprise est déjà annulée."
    refus = regles.empechement_d_annuler_un_industriel(annule=False, projets=1)
    assert refus == "Cette entreprise porte 1\u00a0projet\u00a0: annulez-les d’abord, ou corrigez l’entreprise."
