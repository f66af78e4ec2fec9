"""Admissible when all its conditions are met; inadmissible once a valideur who did not instruct has signed."""

from dataclasses import replace

import pytest

from candidatures.cahier import MODELE
from candidatures.dossier.etats import EtatCandidature, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.conditions.regles import (
    A_SIGNER,
    A_UN_AUTRE,
    AUCUNE,
    PLUS_PROPOSEE,
    TOUTES,
    UN_VALIDEUR,
    toutes_remplies,
)
from candidatures.instruction.correction import actions as corrections
from candidatures.instruction.recevabilite import actions
from candidatures.instruction.recevabilite.actions import EXAMEN_CHANGE, MOT_MANQUANT, REFUS, REMPLACEE
from candidatures.instruction.suivi.models import Suivi
from candidatures.instruction.suivi.requetes import ecarts, vagues_mal_comptees
from candidatures.labellisation import actions as labellisation
from candidatures.models import Candidature, ExamenDeRecevabilite, PropositionDIrrecevabilite, Recevabilite
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.corrections import outils as c
from tests.candidatures.instruction.instruction import (
    demander_avis,
    instruire,
    proposer_irrecevabilite,
    une_non_remplie,
    une_vague_close,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None)[1][0]


@pytest.fixture
def agent() -> Utilisateur:
    return f.un_agent(Role.INSTRUCTEUR)


@pytest.fixture
def valideur() -> Utilisateur:
    return f.un_agent(Role.VALIDEUR)


def signer(proposee, valideur, qualite="Directrice"):
    return actions.signer_irrecevabilite(
        candidature=proposee.candidature,
        lue=proposee.pk,
        qualite=qualite,
        valideur=valideur,
        maintenant=horloge_base(),
    )


def renvoyer(proposee, valideur, mot="La pièce est jointe, page 3."):
    return actions.renvoyer_irrecevabilite(
        candidature=proposee.candidature, lue=proposee.pk, mot=mot, valideur=valideur, maintenant=horloge_base()
    )


def garder(dossier, auteur, constats, revision=0):
    return actions.garder(
        candidature=dossier,
        constats=constats,
        motif="",
        revision=revision,
        auteur=auteur,
        maintenant=horloge_base(),
    )


def test_un_dossier_est_recevable_quand_toutes_ses_conditions_sont_remplies(dossier, agent):
    acte = {"candidature": dossier, "auteur": agent, "maintenant": horloge_base()}
    toutes = toutes_remplies(dossier.cahier.cahier.recevabilite)
    sauf_une = {cle: dit for cle, dit in toutes.items() if cle != "choc"}
    for constats in ({}, sauf_une, {**toutes, "choc": {"constat": "a_preciser", "mot": ""}}):
        with pytest.raises(RegleEnfreinte, match=TOUTES):
            actions.declarer_recevable(**acte, constats=constats)
    constat = actions.declarer_recevable(**acte, constats=toutes)
    assert (constat.recevable, constat.constats, constat.irrecevabilite) == (True, toutes, None)
    assert dossier.etat == EtatCandidature.EN_INSTRUCTION


def test_une_irrecevabilite_dit_quelle_condition_manque_et_pourquoi(dossier, agent):
    acte = {"candidature": dossier, "auteur": agent, "maintenant": horloge_base(), "motif": ""}
    toutes = toutes_remplies(dossier.cahier.cahier.recevabilite)
    with pytest.raises(RegleEnfreinte, match=AUCUNE):
        actions.proposer_irrecevabilite(**acte, constats=toutes)
    with pytest.raises(RegleEnfreinte, match=MOT_MANQUANT):
        actions.proposer_irrecevabilite(**acte, constats=une_non_remplie(dossier, "  "))
    proposee = actions.proposer_irrecevabilite(
        **acte | {"motif": "Un autre dossier est possible."}, constats=une_non_remplie(dossier)
    )
    phrase = dossier.cahier.cahier.recevabilite[0].libelle
    assert proposee.motif == (
        f"Condition non remplie\u00a0: {phrase} Rien ne le montre.\nUn autre dossier est possible."
    )


def test_jusqu_a_la_signature_le_dossier_reste_en_instruction_et_rien_d_autre_ne_s_y_fait(dossier, agent):
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent)
    dossier.refresh_from_db()
    assert dossier.etat == EtatCandidature.EN_INSTRUCTION
    assert Suivi.objects.values_list("etape", "recevable").get() == ("signature", None)
    with pytest.raises(RegleEnfreinte, match="Une irrecevabilité est proposée"):
        actions.declarer_recevable(candidature=dossier, auteur=agent, maintenant=horloge_base())
    with pytest.raises(RegleEnfreinte, match="Une irrecevabilité est proposée"):
        proposer_irrecevabilite(candidature=dossier, auteur=agent)
    with pytest.raises(RegleEnfreinte, match="Une irrecevabilité est proposée"):
        garder(dossier, agent, {})
    with pytest.raises(RegleEnfreinte, match=A_SIGNER):
        c.demander(dossier, agent)
    assert PropositionDIrrecevabilite.objects.get() == proposee


def test_un_valideur_signe_et_ce_qu_il_est_ce_jour_la_reste(dossier, agent, valideur):
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent)
    with pytest.raises(RegleEnfreinte, match=REFUS["irrecevabilite_signataire_dit"]):
        signer(proposee, valideur, qualite=" ")
    constat = signer(proposee, valideur)
    dossier.refresh_from_db()
    assert dossier.etat == EtatCandidature.IRRECEVABLE
    assert (constat.recevable, constat.motif, constat.auteur) == (False, proposee.motif, agent)
    assert (constat.constats, constat.irrecevabilite) == (proposee.constats, proposee)
    signature = constat.irrecevabilite.signature
    valideur.nom = "Un autre nom"
    valideur.save()
    assert PropositionDIrrecevabilite.objects.get().signature == signature != ""
    actes = (
        EntreeJournal.objects.filter(objet_id=str(dossier.pk)).order_by("pk").values_list("acte", "acteur_id_copie")
    )
    assert list(actes)[-2:] == [("proposer_irrecevabilite", agent.pk), ("signer_irrecevabilite", valideur.pk)]
    assert (ecarts(), vagues_mal_comptees()) == ([], [])
    with pytest.raises(RegleEnfreinte, match=PLUS_PROPOSEE):
        signer(proposee, valideur)


def test_renvoyee_avec_un_mot_l_agent_la_reprend_ou_il_l_avait_laissee(dossier, agent, valideur):
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent)
    with pytest.raises(RegleEnfreinte, match=REFUS["irrecevabilite_renvoyee_dite"]):
        renvoyer(proposee, valideur, mot=" ")
    renvoyer(proposee, valideur)
    assert Suivi.objects.get().etape == "recevabilite"
    # A letter would be counted where others read letters.
    assert not Courrier.objects.filter(cle__contains="irrecevabilite").exists()
    with pytest.raises(RegleEnfreinte, match=PLUS_PROPOSEE):
        signer(proposee, valideur)
    # Proposed again, the valideur who read the first one does not sign the second unread.
    seconde = proposer_irrecevabilite(candidature=dossier, auteur=agent, motif="Autrement.")
    with pytest.raises(RegleEnfreinte, match=REMPLACEE):
        signer(proposee, valideur)
    signer(seconde, valideur)
    assert PropositionDIrrecevabilite.objects.values_list("issue", flat=True)[:2][0] == "renvoyee"
    actions_faites = EntreeJournal.objects.filter(acte="renvoyer_irrecevabilite", acteur_id_copie=valideur.pk)
    assert actions_faites.count() == 1


def test_qui_a_instruit_le_dossier_ne_signe_ni_ne_renvoie(dossier, agent):
    """Whatever they did there: proposed, asked for an avis, found something else before."""
    demandeur, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    for qui in (agent, demandeur, expert):
        f.un_role(qui, Role.VALIDEUR)
    demander_avis(candidature=dossier, expert=expert, question="", auteur=demandeur, maintenant=horloge_base())
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent)
    for qui in (agent, demandeur, expert):
        for acte in (signer, renvoyer):
            with pytest.raises(RegleEnfreinte, match=A_UN_AUTRE):
                acte(proposee, qui)


def test_qui_n_est_pas_valideur_ou_a_un_interet_ne_signe_pas_et_un_autre_le_peut(dossier, agent, valideur):
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=agent)
    with pytest.raises(RegleEnfreinte, match=UN_VALIDEUR):
        signer(proposee, f.un_agent(Role.COMITE))
    en_conflit = f.un_agent(Role.VALIDEUR)
    instruction.declarer_interet(
        candidature=dossier, utilisateur=en_conflit, motif="Mandat.", maintenant=horloge_base()
    )
    with pytest.raises(RegleEnfreinte, match="conflit d’intérêts"):
        signer(proposee, en_conflit)
    signer(proposee, valideur)


def test_qui_signe_une_irrecevabilite_peut_prendre_les_decisions_de_la_vague(agent, valideur):
    vague, (un, autre) = une_vague_close(None, None)
    signer(proposer_irrecevabilite(candidature=un, auteur=agent), valideur)
    instruire(autre, instructeur=agent)
    labellisation.labelliser(
        vague=vague, decisions={autre.pk: SensDecision.LABELLISER}, valideur=valideur, maintenant=horloge_base()
    )


def test_le_brouillon_passe_d_un_collegue_a_l_autre_sans_que_rien_ne_se_perde(dossier, agent):
    collegue = f.un_agent(Role.INSTRUCTEUR)
    constats = une_non_remplie(dossier)
    assert garder(dossier, agent, constats).revision == 1
    with pytest.raises(RegleEnfreinte, match=EXAMEN_CHANGE):
        garder(dossier, collegue, {}, revision=0)
    assert garder(dossier, collegue, constats, revision=0).revision == 1
    assert garder(dossier, collegue, {}, revision=1).revision == 2
    # Concluded by whoever has not read what the other one kept: stopped too.
    with pytest.raises(RegleEnfreinte, match=EXAMEN_CHANGE):
        actions.declarer_recevable(candidature=dossier, auteur=agent, maintenant=horloge_base(), revision=1)
    actions.declarer_recevable(candidature=dossier, auteur=agent, maintenant=horloge_base(), revision=2)
    assert not ExamenDeRecevabilite.objects.exists()


def test_un_cahier_sans_conditions_laisse_dire_recevable_ou_non_avec_un_motif(agent, valideur, monkeypatch):
    monkeypatch.setattr("candidatures.cahier.requetes.MODELE", replace(MODELE, recevabilite=()))
    _, (un, autre) = une_vague_close(None, None)
    assert un.cahier.cahier.recevabilite == ()
    constat = actions.declarer_recevable(candidature=un, auteur=agent, maintenant=horloge_base())
    assert (constat.recevable, constat.constats) == (True, {})
    with pytest.raises(RegleEnfreinte, match="se motive"):
        proposer_irrecevabilite(candidature=autre, auteur=agent, motif=" ")
    signer(proposer_irrecevabilite(candidature=autre, auteur=agent, motif="Hors sujet."), valideur)
    assert Recevabilite.objects.get(candidature=autre).motif == "Hors sujet."


def test_une_correction_demandee_laisse_reprendre_la_verification_ensuite(dossier, agent):
    demande = c.demander(dossier, agent)
    with pytest.raises(RegleEnfreinte, match="Une correction est attendue"):
        proposer_irrecevabilite(candidature=dossier, auteur=agent)
    corrections.fermer_correction(demande=demande, auteur=agent, maintenant=horloge_base())
    proposer_irrecevabilite(candidature=dossier, auteur=agent)
