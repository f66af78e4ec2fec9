"""Whoever took part in a file and left it does not judge it either."""

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from candidatures.dossier.actions.equipe import retirer_participant
from candidatures.dossier.etats import SensDecision
from candidatures.instruction.acces import a_instruire_par, etat_connu_de, pour_agents
from candidatures.instruction.conditions.regles import toutes_remplies
from candidatures.instruction.etats import SensAvis
from candidatures.labellisation import actions as labellisation
from candidatures.models import AncienneParticipation, Candidature, Participation, Proposition, Recevabilite
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import (
    constater_recevabilite,
    demander_avis,
    instruire,
    rendre_avis,
    une_saisine,
    une_vague_close,
)
from tests.outils.refus import refus

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None)[1][0]


def un_ancien(dossier: Candidature, role: Role) -> Utilisateur:
    """Wrote the file with its territory, then left it by themself, while it is instructed."""
    personne = f.un_agent(role)
    participation = Participation.objects.create(candidature=dossier, utilisateur=personne, qualite="co_porteur")
    retirer_participant(participation=participation, auteur=personne, maintenant=horloge_base())
    return personne


@pytest.mark.parametrize("role", [Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR])
def test_qui_a_quitte_le_dossier_n_en_lit_pas_l_instruction(dossier: Candidature, role: Role) -> None:
    ancien = un_ancien(dossier, role)
    client = Client()
    client.force_login(ancien)
    assert client.get(f"/instruction/dossiers/{dossier.pk}/").status_code == 404
    assert dossier.reference not in client.get(f"/instruction/vagues/{dossier.vague.numero}/").content.decode()
    assert not pour_agents(ancien).exists()
    assert not a_instruire_par(ancien).exists()
    assert etat_connu_de(ancien, dossier, horloge_base()) is None


def test_qui_a_quitte_le_dossier_ne_fait_rien_de_son_instruction(dossier: Candidature) -> None:
    instruit = {"candidature": dossier, "maintenant": horloge_base()}
    ancien, expert = un_ancien(dossier, Role.INSTRUCTEUR), un_ancien(dossier, Role.EXPERT)
    with pytest.raises(RegleEnfreinte, match="ou y avez participé"):
        constater_recevabilite(recevable=True, motif="", auteur=ancien, **instruit)
    with pytest.raises(RegleEnfreinte, match="ou y avez participé"):
        rendre_avis(expert=ancien, sens=SensAvis.FAVORABLE, texte="Bien.", **instruit)
    with pytest.raises(RegleEnfreinte, match="ou y a participé"):
        demander_avis(expert=expert, question="", auteur=f.un_agent(Role.INSTRUCTEUR), **instruit)


def test_qui_a_quitte_un_dossier_ne_decide_pas_de_sa_vague(dossier: Candidature) -> None:
    valideur = un_ancien(dossier, Role.VALIDEUR)
    instruire(dossier)
    with pytest.raises(RegleEnfreinte, match="ou y avez participé"):
        labellisation.labelliser(
            vague=dossier.vague,
            decisions={dossier.pk: SensDecision.LABELLISER},
            valideur=valideur,
            maintenant=horloge_base(),
        )


def test_la_base_refuse_ce_qui_passe_a_cote(dossier: Candidature) -> None:
    ancien = un_ancien(dossier, Role.INSTRUCTEUR)
    le, toutes = horloge_base(), toutes_remplies(dossier.cahier.cahier.recevabilite)
    for acte in (
        Recevabilite(candidature=dossier, recevable=True, constats=toutes, auteur=ancien, constatee_le=le),
        une_saisine(dossier, ancien, enregistrer=False),
        Proposition(candidature=dossier, sens="labelliser", motif="Prêt.", auteur=ancien, faite_le=le),
    ):
        assert refus(acte.save) == "auteur_etranger_au_dossier"


def test_la_base_garde_la_trace_de_chaque_depart(dossier: Candidature) -> None:
    """By whatever way the row goes, and once for someone who comes back and leaves again."""
    ancien = un_ancien(dossier, Role.COMITE)
    Participation.objects.create(candidature=dossier, utilisateur=ancien, qualite="lecteur")
    Participation.objects.filter(candidature=dossier, utilisateur=ancien).delete()
    assert AncienneParticipation.objects.get(candidature=dossier).utilisateur == ancien
    trace = AncienneParticipation.objects.get()
    for effacer in (trace.delete, lambda: AncienneParticipation.objects.update(quittee_le=horloge_base())):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            effacer()
    part = f.porteur_de(dossier).participations.get()
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Participation.objects.filter(pk=part.pk).update(utilisateur=ancien)
