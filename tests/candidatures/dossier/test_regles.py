"""Who may do what in a file, and when: every state, phase and quality, against a list written apart from the code."""

from itertools import product

from candidatures.dossier import regles
from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.vagues.etats import Phase

E = EtatCandidature
QUALITES = (*Qualite, None)
TOUS = list(product(E, Phase, QUALITES))
SANS_SUITE = {E.RETIREE, E.IRRECEVABLE, E.NON_RETENUE, E.AJOURNEE}


def test_le_porteur_et_les_co_porteurs_ecrivent_tant_que_la_vague_est_ouverte() -> None:
    assert {cas for cas in TOUS if regles.empechement_d_ecrire(*cas) is None} == {
        (etat, Phase.OUVERTE, qualite)
        for etat in (E.BROUILLON, E.DEPOSEE)
        for qualite in (Qualite.PORTEUR, Qualite.CO_PORTEUR)
    }


def test_l_equipe_change_tant_que_le_dossier_a_une_suite_et_par_son_porteur() -> None:
    assert {etat for etat in E if regles.empechement_de_changer_l_equipe(etat) is None} == {*E} - SANS_SUITE
    gerent = {cas for cas in product(E, QUALITES) if regles.empechement_de_gerer_l_equipe(*cas) is None}
    assert gerent == {(etat, Qualite.PORTEUR) for etat in {*E} - SANS_SUITE}
    assert regles.empechement_de_gerer_l_equipe(E.RETIREE, Qualite.LECTEUR) == (
        "L’équipe de ce dossier ne change plus (état\u00a0: retirée)."
    )
    assert regles.empechement_de_gerer_l_equipe(E.BROUILLON, Qualite.CO_PORTEUR) == regles.SEUL_LE_PORTEUR


def test_chacun_sauf_le_porteur_quitte_le_dossier_et_le_porteur_en_ecarte_les_autres() -> None:
    possibles = {
        (qualite, de_soi, par)
        for qualite, de_soi, par in product(Qualite, (True, False), QUALITES)
        if regles.empechement_d_ecarter(qualite, de_soi=de_soi, par=par) is None
    }
    autres = (Qualite.CO_PORTEUR, Qualite.LECTEUR)
    assert possibles == {(qualite, True, par) for qualite in autres for par in QUALITES} | {
        (qualite, False, Qualite.PORTEUR) for qualite in autres
    }
    assert regles.empechement_d_ecarter(Qualite.PORTEUR, de_soi=False, par=Qualite.LECTEUR) == regles.SEUL_LE_PORTEUR


def test_le_role_du_porteur_ne_se_change_pas() -> None:
    changent = {qualite for qualite in Qualite if regles.empechement_de_changer_de_role(qualite) is None}
    assert changent == {Qualite.CO_PORTEUR, Qualite.LECTEUR}


def test_un_dossier_sans_suite_se_copie_et_un_brouillon_une_fois_la_cloture_enregistree() -> None:
    copiables = {(etat, phase) for etat, phase in product(E, Phase) if regles.est_copiable(etat, phase)}
    assert copiables == {(etat, phase) for etat in SANS_SUITE for phase in Phase} | {(E.BROUILLON, Phase.CLOSE)}
    copient = {cas for cas in TOUS if regles.empechement_de_copier(*cas) is None}
    assert copient == {(etat, phase, Qualite.PORTEUR) for etat, phase in copiables}
