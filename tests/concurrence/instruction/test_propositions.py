"""Two agents propose on one file, or take it, at the same instant, each on a connection of their own."""

import pytest
from django.db import transaction

from candidatures.dossier.etats import SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.actions import PropositionRevisee
from candidatures.instruction.affectation import actions as affectations
from candidatures.models import Affectation, Candidature, DeclarationInteret, Proposition
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import EtatHabilitation, Role
from territoires.models import Habilitation
from tests import fabriques as f
from tests.candidatures.instruction.instruction import constater_recevabilite, une_vague_close
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


def proposer(dossier, auteur, motif, revision):
    return instruction.proposer(
        candidature=dossier,
        sens=SensDecision.LABELLISER,
        motif=motif,
        auteur=auteur,
        maintenant=horloge_base(),
        revision=revision,
    )


@pytest.mark.parametrize("lue", [0, 1])
def test_de_deux_propositions_au_meme_instant_la_seconde_lit_la_premiere(ailleurs, lue):
    """The first one to be made (`lue` 0), then the first one to be revised: none is replaced unread."""
    _, (dossier,) = une_vague_close(None)
    premier, second = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
    constater_recevabilite(candidature=dossier, recevable=True, motif="", auteur=premier, maintenant=horloge_base())
    if lue:
        proposer(dossier, premier, "Celle que les deux ont lue.", 0)
    with transaction.atomic():
        Candidature.objects.select_for_update().get(pk=dossier.pk)
        autre = ailleurs(proposer, dossier=dossier, auteur=second, motif="La seconde.", revision=lue)
        attendre(attend_un_verrou)
        proposer(dossier, premier, "La première.", lue)
    with pytest.raises(PropositionRevisee) as conflit:
        autre.result(DELAI)
    assert (conflit.value.actuelle.auteur, conflit.value.actuelle.motif) == (premier, "La première.")
    gardee = Proposition.objects.get()
    assert (gardee.auteur, gardee.motif, gardee.revision) == (premier, "La première.", lue + 1)


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None)[1][0]


def prendre(dossier, acteur):
    affectations.prendre(candidature=dossier, acteur=acteur, maintenant=horloge_base())


def en_cours() -> list[int]:
    return list(Affectation.objects.en_cours().values_list("instructeur", flat=True))


def test_de_deux_qui_prennent_au_meme_instant_un_seul_suit_le_dossier(ailleurs, dossier):
    premier, second = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
    with transaction.atomic():
        prendre(dossier, premier)
        autre = ailleurs(prendre, dossier=dossier, acteur=second)
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match="suit déjà ce dossier"):
        autre.result(DELAI)
    assert en_cours() == [premier.pk]


def test_un_conflit_declare_pendant_qu_on_le_prend_rend_le_dossier(ailleurs, dossier):
    """Past the acts, to the rows: whoever writes last is waited for."""
    agent = f.un_agent(Role.INSTRUCTEUR)

    def declarer():
        DeclarationInteret.objects.create(candidature=dossier, utilisateur=agent, motif="Parent.")

    with transaction.atomic():
        Affectation.objects.create(candidature=dossier, instructeur=agent, par=agent, faite_le=horloge_base())
        autre = ailleurs(declarer)
        attendre(attend_un_verrou)
    autre.result(DELAI)
    assert (en_cours(), Affectation.objects.get().fin) == ([], "conflit")


def test_un_dossier_pris_pendant_que_le_conflit_se_declare_est_refuse(ailleurs, dossier):
    agent = f.un_agent(Role.INSTRUCTEUR)
    with transaction.atomic():
        instruction.declarer_interet(
            candidature=dossier, utilisateur=agent, motif="Parent.", maintenant=horloge_base()
        )
        autre = ailleurs(prendre, dossier=dossier, acteur=agent)
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte):
        autre.result(DELAI)
    assert not Affectation.objects.exists()


def test_un_role_retire_pendant_qu_on_prend_rend_le_dossier(ailleurs, dossier):
    agent = f.un_agent(Role.INSTRUCTEUR)

    def retirer():
        role = Habilitation.objects.get(utilisateur=agent)
        role.etat, role.finie_le = EtatHabilitation.RETIREE, horloge_base()
        role.save(update_fields=["etat", "finie_le"])

    with transaction.atomic():
        prendre(dossier, agent)
        autre = ailleurs(retirer)
        attendre(attend_un_verrou)
    autre.result(DELAI)
    assert (en_cours(), Affectation.objects.get().fin) == ([], "role")
