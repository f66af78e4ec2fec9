"""What may be done on a file under instruction: every state, against a list written apart from the code."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.instruction import regles
from candidatures.instruction.correction import regles as de_correction
from candidatures.instruction.echanges import regles as d_echanges

E = EtatCandidature
QUALITES = (*Qualite, None)
ECHEANCE = datetime(2023, 9, 1, 10, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def permis(empechement) -> set[EtatCandidature]:
    return {etat for etat in E if empechement(etat) is None}


def test_on_instruit_un_dossier_en_instruction_ou_deja_propose() -> None:
    assert permis(regles.empechement_d_instruire) == {E.EN_INSTRUCTION, E.INSTRUITE}
    assert regles.empechement_d_instruire(E.LAUREATE) == regles.PLUS_EN_INSTRUCTION
    assert "Une correction est attendue" in (regles.empechement_d_instruire(E.CORRECTION_DEMANDEE) or "")


def test_un_avis_se_donne_meme_pendant_une_correction() -> None:
    attendus = {E.EN_INSTRUCTION, E.CORRECTION_DEMANDEE, E.INSTRUITE}
    assert permis(regles.empechement_de_consulter) == attendus


def test_la_recevabilite_se_constate_une_fois_et_avant_toute_proposition() -> None:
    assert permis(regles.empechement_de_constater) == {E.EN_INSTRUCTION}
    assert regles.empechement_de_constater(E.INSTRUITE) == regles.PLUS_EN_INSTRUCTION
    attendue = regles.empechement_d_instruire(E.CORRECTION_DEMANDEE)
    assert regles.empechement_de_constater(E.CORRECTION_DEMANDEE) == attendue
    assert regles.empechement_de_constater(E.EN_INSTRUCTION, constat="Constatée hier.") == "Constatée hier."


def test_une_proposition_suit_un_constat_de_recevabilite() -> None:
    assert permis(lambda etat: regles.empechement_de_proposer(etat, recevable=True)) == {
        E.EN_INSTRUCTION,
        E.INSTRUITE,
    }
    assert permis(lambda etat: regles.empechement_de_proposer(etat, recevable=False)) == set()
    assert regles.empechement_de_proposer(E.EN_INSTRUCTION, recevable=False) == regles.SANS_RECEVABILITE
    assert {etat for etat in E if regles.deja_propose(etat)} == {E.INSTRUITE}


def test_une_correction_se_demande_sur_un_dossier_en_instruction() -> None:
    assert permis(de_correction.empechement_de_demander) == {E.EN_INSTRUCTION}


@pytest.mark.parametrize(("instant", "a_temps"), [(ECHEANCE - INSTANT, True), (ECHEANCE, False)])
def test_une_correction_s_ecrit_a_plusieurs_et_se_rend_par_le_porteur_avant_l_echeance(
    instant: datetime, a_temps: bool
) -> None:
    tous = list(product(E, QUALITES))
    ecrivent = {c for c in tous if de_correction.empechement_de_corriger(c[0], ECHEANCE, instant, c[1]) is None}
    rendent = {c for c in tous if de_correction.empechement_de_rendre(c[0], ECHEANCE, instant, c[1]) is None}
    porteurs = {(E.CORRECTION_DEMANDEE, qualite) for qualite in (Qualite.PORTEUR, Qualite.CO_PORTEUR)}
    assert ecrivent == (porteurs if a_temps else set())
    assert rendent == ({(E.CORRECTION_DEMANDEE, Qualite.PORTEUR)} if a_temps else set())


def test_on_s_ecrit_des_que_le_dossier_est_instruit_et_pour_toujours() -> None:
    instruits = {*E} - {E.BROUILLON, E.DEPOSEE, E.RETIREE}
    assert {etat for etat in E if d_echanges.peut_echanger(etat)} == instruits
    ecrivent = {
        (etat, qualite, du_service)
        for etat, qualite, du_service in product(E, QUALITES, (True, False))
        if d_echanges.empechement_d_ecrire_un_message(etat, qualite, du_service=du_service) is None
    }
    assert ecrivent == {(etat, qualite, True) for etat in instruits for qualite in QUALITES} | {
        (etat, qualite, False) for etat in instruits for qualite in (Qualite.PORTEUR, Qualite.CO_PORTEUR)
    }
