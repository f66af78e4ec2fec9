"""What is allowed on a project, state by state, in the words of its table."""

from itertools import product

import pytest

from projets.portefeuille import regles
from projets.portefeuille.actes import ActeDeProjet as A
from projets.portefeuille.etats import EtatProjet as P

POSSIBLES = {
    P.DETECTE: [A.QUALIFIER, A.ABANDONNER],
    P.QUALIFIE: [A.ABANDONNER],
    P.ORIENTE: [A.DEPOSER_DEMANDE, A.ENGAGER, A.ABANDONNER],
    P.DEPOSE: [A.REFUSER, A.ABANDONNER],
    P.ACCORDE: [A.ENGAGER, A.ABANDONNER],
    P.REFUSE: [A.ENGAGER, A.ABANDONNER],
    P.ENGAGE: [A.REALISER, A.ABANDONNER],
    P.REALISE: [],
    P.ABANDONNE: [],
}


@pytest.mark.parametrize("etat", P)
def test_les_actes_d_un_projet_suivent_sa_vie(etat):
    assert regles.actes_possibles(etat) == POSSIBLES[etat]


@pytest.mark.parametrize("etat", P)
def test_un_projet_s_oriente_une_fois_qualifie(etat):
    refus = "Un projet s’oriente une fois qualifié, et tant qu’aucune demande d’aide n’est déposée."
    assert regles.empechement_d_orienter(etat) == (None if etat in {P.QUALIFIE, P.ORIENTE} else refus)


@pytest.mark.parametrize("etat", P)
def test_un_projet_s_abandonne_tant_qu_il_n_est_pas_fini(etat):
    refus = "Un projet réalisé ou déjà abandonné ne s’abandonne plus."
    assert regles.empechement_d_abandonner(etat) == (refus if etat in {P.REALISE, P.ABANDONNE} else None)


def test_un_projet_annule_ne_change_plus():
    annule = "Ce projet est annulé\u00a0: il ne change plus."
    assert [regles.empechement_de_changer_un_projet(annule=a) for a in (False, True)] == [None, annule]


@pytest.mark.parametrize(("annule", "aide", "liberee"), list(product((False, True), repeat=3)))
def test_un_projet_s_annule_une_fois_et_s_il_n_a_jamais_eu_d_aide(annule, aide, liberee):
    attendu = None
    if aide:
        attendu = "Une aide a été accordée à ce projet\u00a0: il a existé."
        attendu += "" if liberee else " Notez plutôt son abandon, qui la libère."
    if annule:
        attendu = "Ce projet est déjà annulé."
    assert regles.empechement_d_annuler_un_projet(annule=annule, aide=aide, liberee=liberee) == attendu
