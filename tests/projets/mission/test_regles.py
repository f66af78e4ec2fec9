"""What a mission allows, step by step."""

import pytest

from projets.mission import regles
from projets.mission.etats import EtatMission as M

SUITES = {
    M.A_LANCER: M.ETAT_DES_LIEUX,
    M.ETAT_DES_LIEUX: M.RENCONTRES,
    M.RENCONTRES: M.PORTEFEUILLE,
    M.PORTEFEUILLE: M.FEUILLE_DE_ROUTE,
    M.FEUILLE_DE_ROUTE: M.RESTITUEE,
    M.RESTITUEE: M.SUIVI,
    M.SUIVI: M.CLOSE,
    M.CLOSE: None,
}


@pytest.mark.parametrize("etat", M)
def test_une_mission_avance_pas_a_pas_jusqu_a_sa_fin(etat):
    assert regles.etape_suivante(etat) == SUITES[etat]
    assert regles.empechement_d_avancer(etat) == ("Cette mission est close." if etat == M.CLOSE else None)


@pytest.mark.parametrize("etat", M)
def test_une_mission_se_prend_en_charge_tant_qu_elle_attend(etat):
    attendu = None if etat == M.A_LANCER else "Cette mission est déjà lancée."
    assert regles.empechement_de_prendre_en_charge(etat) == attendu


@pytest.mark.parametrize("etat", M)
def test_une_mission_change_de_son_lancement_a_sa_fin(etat):
    actes = (regles.empechement_de_modifier, regles.empechement_de_composer, regles.empechement_de_financer)
    refus = [
        f"Cette mission n’est pas en cours\u00a0: {suite}."
        for suite in ("son contenu ne change pas", "son équipe ne change pas", "rien ne s’y accorde")
    ]
    hors_cours = etat in {M.A_LANCER, M.CLOSE}
    assert [acte(etat) for acte in actes] == (refus if hors_cours else [None, None, None])


def test_une_entreprise_annulee_ne_change_plus():
    annulee = "Cette entreprise est annulée\u00a0: elle ne change plus."
    assert [regles.empechement_de_modifier_un_industriel(annule=a) for a in (False, True)] == [None, annulee]


def test_une_entreprise_s_annule_une_fois_et_sans_projet():
    deja = "Cette entreprise est déjà annulée."
    un = "Cette entreprise porte 1\u00a0projet\u00a0: annulez-les d’abord, ou corrigez l’entreprise."
    cas = [(False, 0), (False, 1), (True, 0), (True, 1)]
    refus = [regles.empechement_d_annuler_un_industriel(annule=a, projets=p) for a, p in cas]
    assert refus == [None, un, deja, deja]
