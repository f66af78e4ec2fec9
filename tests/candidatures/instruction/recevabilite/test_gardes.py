"""What Postgres holds of the admissibility of a file, whatever the application would do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction.conditions.regles import (
    A_SIGNER,
    empechement_de_recevoir,
    empechement_de_rejeter,
    lire,
    toutes_remplies,
)
from candidatures.instruction.correction.regles import empechement_de_demander
from candidatures.models import Candidature, ExamenDeRecevabilite, PropositionDIrrecevabilite, Recevabilite
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import (
    constater_recevabilite,
    proposer_irrecevabilite,
    une_non_remplie,
    une_vague_close,
)
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None)[1][0]


@pytest.fixture
def agent() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


def constat(dossier: Candidature, auteur: Utilisateur, **champs: Any) -> Recevabilite:
    return Recevabilite(candidature=dossier, auteur=auteur, constatee_le=horloge_base(), **champs)


def proposition(dossier: Candidature, auteur: Utilisateur, **champs: Any) -> PropositionDIrrecevabilite:
    donnees = {"constats": une_non_remplie(dossier), "motif": "x", "proposee_le": horloge_base(), **champs}
    return PropositionDIrrecevabilite(candidature=dossier, auteur=auteur, **donnees)


def close(**champs: Any) -> dict[str, Any]:
    signee = {"issue": "signee", "signataire": "C. D.", "qualite": "Directrice", "service": "DGE"}
    return {**signee, "close_le": horloge_base(), **champs}


def changer(proposee: PropositionDIrrecevabilite, **champs: Any) -> Any:
    return lambda: PropositionDIrrecevabilite.objects.filter(pk=proposee.pk).update(**champs)


@pytest.mark.jumeau("postgres:recevable_par_ses_conditions")
def test_un_dossier_n_est_recevable_que_si_toutes_ses_conditions_sont_remplies(dossier, agent):
    conditions = dossier.cahier.cahier.recevabilite
    toutes = toutes_remplies(conditions)
    vus = []
    for constats in (
        toutes,
        {},
        {**toutes, "choc": {"constat": "a_preciser", "mot": ""}},
        {**toutes, "choc": {"constat": "non_remplie", "mot": "x"}},
        {cle: dit for cle, dit in toutes.items() if cle != "choc"},
    ):
        regle = empechement_de_recevoir(lire(conditions, constats))
        attendu = "recevable_par_ses_conditions" if regle else None
        assert refus(constat(dossier, agent, recevable=True, constats=constats).save) == attendu
        vus.append(regle is None)
    assert vus == [True, False, False, False, False]


@pytest.mark.jumeau("postgres:irrecevabilite_par_une_condition")
def test_une_irrecevabilite_a_au_moins_une_condition_non_remplie(dossier, agent):
    conditions = dossier.cahier.cahier.recevabilite
    toutes = toutes_remplies(conditions)
    vus = []
    for constats in (
        une_non_remplie(dossier),
        toutes,
        {},
        {**toutes, "choc": {"constat": "a_preciser", "mot": "x"}},
        {"inconnue": {"constat": "non_remplie", "mot": "x"}},
    ):
        regle = empechement_de_rejeter(lire(conditions, constats))
        attendu = "irrecevabilite_par_une_condition" if regle else None
        assert refus(proposition(dossier, agent, constats=constats).save) == attendu
        vus.append(regle is None)
    assert vus == [True, False, False, False, False]
    # A word says why.
    sans_mot = proposition(dossier, agent, constats=une_non_remplie(dossier, " "))
    assert refus(sans_mot.save) == "irrecevabilite_par_une_condition"


@pytest.mark.jumeau("postgres:irrecevabilite_a_signer")
def test_tant_qu_elle_attend_le_dossier_ne_change_ni_d_etat_ni_de_constat(dossier, agent):
    def corriger() -> None:
        Candidature.objects.filter(pk=dossier.pk).update(etat=EtatCandidature.CORRECTION_DEMANDEE)

    assert (refus(corriger), empechement_de_demander(dossier.etat, irrecevabilite=False)) == (None, None)
    proposer_irrecevabilite(candidature=dossier, auteur=agent)
    assert refus(corriger) == "irrecevabilite_a_signer"
    assert empechement_de_demander(dossier.etat, irrecevabilite=True) == A_SIGNER
    toutes = toutes_remplies(dossier.cahier.cahier.recevabilite)
    assert refus(constat(dossier, agent, recevable=True, constats=toutes).save) == "irrecevabilite_a_signer"
    assert refus(proposition(dossier, agent).save) == "irrecevabilite_une_a_signer"
    examen = ExamenDeRecevabilite(candidature=dossier, ecrit_par=agent, ecrit_le=horloge_base())
    assert refus(examen.save) == "examen_en_cours"


def test_un_dossier_n_est_irrecevable_que_par_une_signature(dossier, agent):
    def rejeter() -> None:
        Candidature.objects.filter(pk=dossier.pk).update(etat=EtatCandidature.IRRECEVABLE)

    assert refus(rejeter) == "irrecevabilite_signee"
    assert refus(constat(dossier, agent, recevable=False, motif="x").save) == "irrecevabilite_signee"
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent)
    pas_encore = constat(dossier, agent, recevable=False, motif="x", irrecevabilite=proposee)
    assert refus(pas_encore.save) == "irrecevabilite_signee"


def test_celle_d_un_autre_dossier_ne_sert_pas(agent):
    _, (un, autre) = une_vague_close(None, None)
    ici = proposer_irrecevabilite(candidature=un, auteur=agent)
    changer(ici, **close(close_par=f.un_agent(Role.VALIDEUR)))()
    la_bas = constat(autre, agent, recevable=False, motif="x", irrecevabilite=ici)
    assert refus(la_bas.save) == "irrecevabilite_signee"


def test_recevable_il_ne_porte_aucune_irrecevabilite(dossier, agent):
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent)
    renvoi = {"issue": "renvoyee", "close_le": horloge_base(), "mot": "Relisez."}
    changer(proposee, close_par=f.un_agent(Role.VALIDEUR), **renvoi)()
    dit = {"recevable": True, "constats": toutes_remplies(dossier.cahier.cahier.recevabilite)}
    assert refus(constat(dossier, agent, irrecevabilite=proposee, **dit).save) == "recevable_sans_irrecevabilite"
    assert refus(constat(dossier, agent, **dit).save) is None


def test_qui_signe_est_un_valideur_qui_n_a_rien_fait_du_dossier(dossier, agent):
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent)
    valideur = f.un_agent(Role.VALIDEUR)
    f.un_role(agent, Role.VALIDEUR)
    assert refus(changer(proposee, **close(close_par=valideur))) is None
    assert refus(changer(proposee, **close(close_par=agent))) == "irrecevabilite_close_par_un_autre"
    comite = f.un_agent(Role.COMITE)
    assert refus(changer(proposee, **close(close_par=comite))) == "irrecevabilite_close_par_un_valideur"
    dossier.participations.create(utilisateur=valideur, qualite="lecteur")
    assert refus(changer(proposee, **close(close_par=valideur))) == "auteur_etranger_au_dossier"


def test_signee_elle_dit_qui_et_renvoyee_elle_dit_pourquoi(dossier, agent):
    proposee, valideur = proposer_irrecevabilite(candidature=dossier, auteur=agent), f.un_agent(Role.VALIDEUR)
    signature = close(close_par=valideur)
    for manque in ("signataire", "qualite", "service"):
        assert refus(changer(proposee, **signature | {manque: ""})) == "irrecevabilite_signataire_dit"
    renvoi = {"issue": "renvoyee", "close_le": horloge_base(), "close_par": valideur}
    assert refus(changer(proposee, **renvoi)) == "irrecevabilite_renvoyee_dite"
    assert refus(changer(proposee, **renvoi, mot="Relisez.")) is None
    assert refus(changer(proposee, **signature | {"close_le": None})) == "irrecevabilite_close_dite"


def refuse(ecrire: Callable[[], object]) -> bool:
    """By a right that the portal does not have, or a trigger without a name."""
    try:
        with transaction.atomic():
            ecrire()
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return False


def test_rien_de_ce_qui_est_propose_ne_change_ni_rien_une_fois_signe(dossier, agent):
    proposee, valideur = proposer_irrecevabilite(candidature=dossier, auteur=agent), f.un_agent(Role.VALIDEUR)
    lignes = PropositionDIrrecevabilite.objects.filter(pk=proposee.pk)
    autres = {"constats": {}, "motif": "Autre.", "auteur": valideur, "proposee_le": horloge_base()}
    assert [nom for nom, valeur in autres.items() if not refuse(changer(proposee, **{nom: valeur}))] == []
    assert refuse(lignes.delete)
    changer(proposee, **close(close_par=valideur))()
    assert refuse(changer(proposee, qualite="Autre."))
    renvoi = {"issue": "renvoyee", "mot": "Non.", "signataire": "", "qualite": "", "service": ""}
    assert refuse(changer(proposee, **renvoi))
    assert lignes.get().qualite == "Directrice"


def test_elle_se_propose_sur_un_dossier_en_instruction_dont_rien_n_est_constate(dossier, agent):
    constater_recevabilite(candidature=dossier, auteur=agent)
    assert refus(proposition(dossier, agent).save) == "irrecevabilite_en_instruction"


def test_le_brouillon_se_revise_un_a_un_et_finit_avec_le_constat(dossier, agent):
    examen = ExamenDeRecevabilite.objects.create(candidature=dossier, ecrit_par=agent, ecrit_le=horloge_base())
    lignes = ExamenDeRecevabilite.objects.filter(pk=examen.pk)
    assert refus(lambda: lignes.update(revision=3)) == "examen_revise_un_a_un"
    assert refus(lambda: lignes.update(revision=2)) is None
    constater_recevabilite(candidature=dossier, auteur=agent)
    autre = ExamenDeRecevabilite(candidature=dossier, ecrit_par=agent, ecrit_le=horloge_base())
    assert refus(autre.save) == "examen_en_cours"
