"""To which projects an aid goes, and how much of it."""

from itertools import product

import pytest

from projets.enveloppe import regles
from projets.portefeuille.etats import EtatProjet, Voie

SANS = "Ce projet n’attend plus d’aide de cette enveloppe."


@pytest.mark.parametrize(("etat", "voie"), list(product(EtatProjet, (*Voie, ""))))
def test_une_aide_va_a_un_projet_oriente_vers_l_enveloppe_et_sans_reponse(etat, voie):
    attend = etat in {EtatProjet.ORIENTE, EtatProjet.DEPOSE} and voie == Voie.ENVELOPPE
    assert regles.empechement_d_accorder(etat, voie, annule=False, ici=True) == (None if attend else SANS)


def test_ni_a_un_projet_annule_ni_a_celui_d_une_autre_enveloppe():
    cas = [(True, True), (False, False), (True, False)]
    refus = [
        regles.empechement_d_accorder(EtatProjet.ORIENTE, Voie.ENVELOPPE, annule=annule, ici=ici)
        for annule, ici in cas
    ]
    assert refus == [SANS, SANS, SANS]


def test_une_aide_tient_dans_ce_qui_reste():
    depasse = "Il reste 1\u202f000\u00a0€ dans l’enveloppe\u00a0: cette aide la dépasserait."
    assert [regles.aide_au_dela_du_reste(m, 1000) for m in (999, 1000, 1001)] == [None, None, depasse]


def test_une_aide_tient_dans_l_investissement_s_il_est_estime():
    depasse = "Le projet prévoit 1\u202f000\u00a0€ d’investissement\u00a0: l’aide ne peut pas le dépasser."
    cas = [(1000, 1000), (1001, 1000), (1001, None)]
    assert [regles.aide_excessive(montant, estime) for montant, estime in cas] == [None, depasse, None]
