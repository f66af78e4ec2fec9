"""What those who instruct a file may do on it, in which state; the correction; the thread of messages."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from candidatures.dossier.etats import EtatCandidature as E
from candidatures.dossier.etats import Qualite
from candidatures.instruction import regles
from candidatures.instruction.conditions.regles import A_SIGNER
from candidatures.instruction.correction import regles as correction
from candidatures.instruction.echanges import regles as echanges
from candidatures.instruction.saisine.etats import FinDeSaisine
from candidatures.instruction.saisine.regles import empechement_d_y_repondre

QUALITES = (*Qualite, None)
PLUS = "Ce dossier n’est plus en instruction."
ATTENDUE = (
    "Une correction est attendue du territoire sur ce dossier\u00a0: il reviendra en instruction quand elle sera "
    "rendue, ou dès que vous ne l’attendrez plus."
)
ECHEANCE = datetime(2023, 10, 1, 10, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize("etat", E)
def test_on_instruit_avant_la_decision_et_sans_correction_attendue(etat):
    attendu = {E.EN_INSTRUCTION: None, E.INSTRUITE: None, E.CORRECTION_DEMANDEE: ATTENDUE}.get(etat, PLUS)
    assert regles.empechement_d_instruire(etat) == attendu


@pytest.mark.parametrize("etat", E)
def test_un_avis_se_demande_meme_pendant_une_correction(etat):
    permis = etat in {E.EN_INSTRUCTION, E.CORRECTION_DEMANDEE}
    assert regles.empechement_de_consulter(etat) == (None if permis else regles.PLUS_D_AVIS)


def test_un_avis_se_rend_une_fois_et_pas_une_fois_revoque():
    rendu = "Votre avis sur ce dossier est déjà rendu\u00a0: il ne change plus."
    fins = {fin: empechement_d_y_repondre(rendu=False, fin=fin) for fin in FinDeSaisine}
    assert [empechement_d_y_repondre(rendu=r, fin="") for r in (False, True)] == [None, rendu]
    assert fins == {
        FinDeSaisine.REVOQUEE: "La demande de cet avis est annulée\u00a0: il ne peut plus être rendu.",
        FinDeSaisine.CONFLIT: "La demande de cet avis est annulée, à cause d’un conflit d’intérêts\u00a0: il ne peut "
        "plus être rendu.",
        FinDeSaisine.HORS_COMPETENCE: "Cette demande d’avis a été déclinée\u00a0: il ne peut plus être rendu.",
        FinDeSaisine.AILLEURS: "Cette demande d’avis a été déclinée\u00a0: il ne peut plus être rendu.",
    }


@pytest.mark.parametrize("etat", E)
def test_la_recevabilite_se_constate_une_fois_sur_un_dossier_en_instruction(etat):
    attendu = {
        E.EN_INSTRUCTION: None,
        E.INSTRUITE: "La recevabilité ne se constate que sur un dossier en instruction.",
        E.CORRECTION_DEMANDEE: ATTENDUE,
    }.get(etat, PLUS)
    assert regles.empechement_de_constater(etat) == attendu
    assert regles.empechement_de_constater(etat, constat="Déjà constatée.") == "Déjà constatée."


@pytest.mark.parametrize("etat", E)
def test_on_propose_apres_la_recevabilite(etat):
    instruire = {E.EN_INSTRUCTION: None, E.INSTRUITE: None, E.CORRECTION_DEMANDEE: ATTENDUE}.get(etat, PLUS)
    assert regles.empechement_de_proposer(etat, recevable=True) == instruire
    sans = "Constatez d’abord la recevabilité de ce dossier."
    assert regles.empechement_de_proposer(etat, recevable=False) == (instruire or sans)
    assert regles.deja_propose(etat) is (etat == E.INSTRUITE)


@pytest.mark.parametrize("etat", E)
def test_une_correction_se_demande_sur_un_dossier_en_instruction(etat):
    refus = "Une correction ne se demande que sur un dossier en instruction."
    demander = correction.empechement_de_demander
    assert demander(etat, irrecevabilite=False) == (None if etat == E.EN_INSTRUCTION else refus)
    assert demander(etat, irrecevabilite=True) == A_SIGNER


def test_une_correction_demande_quelque_chose():
    rien = "Choisissez au moins une réponse ou une pièce à corriger."
    cas = [((), ()), (("a.b",), ()), ((), ("devis",)), (("a.b",), ("devis",))]
    assert [correction.empechement_de_ne_rien_demander(*c) for c in cas] == [rien, None, None, None]


@pytest.mark.parametrize(
    ("etat", "instant", "qualite"), list(product(E, (ECHEANCE - INSTANT, ECHEANCE, ECHEANCE + INSTANT), QUALITES))
)
def test_une_correction_s_ecrit_a_deux_et_se_rend_par_le_porteur_avant_l_echeance(etat, instant, qualite):
    pas = "Vous ne pouvez pas faire cela sur cette correction."
    attendue = etat == E.CORRECTION_DEMANDEE and instant < ECHEANCE
    ecrit = attendue and qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR}
    rend = attendue and qualite == Qualite.PORTEUR
    assert correction.empechement_de_corriger(etat, ECHEANCE, instant, qualite) == (None if ecrit else pas)
    assert correction.empechement_de_rendre(etat, ECHEANCE, instant, qualite) == (None if rend else pas)


@pytest.mark.parametrize(("etat", "qualite", "du_service"), list(product(E, QUALITES, (True, False))))
def test_on_s_ecrit_des_que_le_dossier_est_en_instruction_et_toujours(etat, qualite, du_service):
    echange = etat not in {E.BROUILLON, E.DEPOSEE, E.RETIREE}
    permis = echange and (du_service or qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR})
    refus = "Vous ne pouvez pas écrire de message sur ce dossier en ce moment."
    assert echanges.peut_echanger(etat) is echange
    dit = echanges.empechement_d_ecrire_un_message(etat, qualite, du_service=du_service)
    assert dit == (None if permis else refus)


def test_un_message_porte_cinq_fichiers_au_plus():
    trop = "Un message porte au plus 5 fichiers."
    assert [echanges.empechement_d_y_joindre(n) for n in (0, 5, 6)] == [None, None, trop]
