"""Two things change of one file at the same instant: its narrow row tells both."""

import pytest
from django.db import transaction

from candidatures.instruction.etats import SensAvis
from candidatures.instruction.suivi.models import BitsDeSuivis, Suivi
from candidatures.instruction.suivi.requetes import ecarts, vagues_mal_comptees
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import (
    constater_recevabilite,
    rendre_avis,
    une_saisine,
    une_vague_close,
)
from tests.candidatures.pages.instruction.outils import demander
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


def ecrire_un_avis(dossier, expert):
    """Without the lock of the file that the act takes: what Postgres holds by itself."""
    une_saisine(dossier, expert)


def test_deux_avis_au_meme_instant_sont_comptes_tous_les_deux(ailleurs):
    _, (dossier,) = une_vague_close(None)
    premier, second = f.un_agent(Role.EXPERT), f.un_agent(Role.EXPERT)
    with transaction.atomic():
        ecrire_un_avis(dossier, premier)
        autre = ailleurs(ecrire_un_avis, dossier=dossier, expert=second)
        attendre(attend_un_verrou)
    autre.result(DELAI)
    assert (Suivi.objects.get(pk=dossier.pk).avis_demandes, ecarts()) == (2, [])


def test_un_avis_rendu_pendant_que_l_etat_change(ailleurs):
    _, (dossier,) = une_vague_close(None)
    agent, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
    demander(dossier, expert, agent)
    with transaction.atomic():
        rendre_avis(
            candidature=dossier, expert=expert, sens=SensAvis.FAVORABLE, texte="Oui.", maintenant=horloge_base()
        )
        autre = ailleurs(
            constater_recevabilite,
            candidature=dossier,
            recevable=False,
            motif="Hors sujet.",
            auteur=agent,
            maintenant=horloge_base(),
        )
        attendre(attend_un_verrou)
    autre.result(DELAI)
    suivi = Suivi.objects.get(pk=dossier.pk)
    assert (suivi.etat, suivi.avis_rendus, ecarts()) == ("irrecevable", 1, [])


def attendus(vague):
    """The rows that say of which files an avis is awaited, and of how many each says that it changed."""
    lues = BitsDeSuivis.objects.filter(vague=vague, colonne="cas_avis", valeur="attendus").order_by("pk")
    return [ligne.bits.count("1") for ligne in lues]


def test_deux_dossiers_changent_au_meme_instant_sans_s_attendre_et_sont_comptes(ailleurs):
    """The counts of a wave make no queue: the second is done before the first one ends; the next one adds both up."""
    vague, (premier, second, troisieme) = une_vague_close(None, None, None)
    expert = f.un_agent(Role.EXPERT)
    with transaction.atomic():
        ecrire_un_avis(premier, expert)
        ailleurs(ecrire_un_avis, dossier=second, expert=expert).result(DELAI)
        assert vagues_mal_comptees() == []
    assert (attendus(vague), vagues_mal_comptees()) == ([1, 1], [])
    ecrire_un_avis(troisieme, expert)
    assert (attendus(vague), vagues_mal_comptees()) == ([3], [])


def test_ce_qui_est_defait_n_est_pas_compte(ailleurs):
    vague, (premier, second) = une_vague_close(None, None)
    expert = f.un_agent(Role.EXPERT)
    with transaction.atomic():
        ecrire_un_avis(premier, expert)
        ailleurs(ecrire_un_avis, dossier=second, expert=expert).result(DELAI)
        transaction.set_rollback(True)
    assert (attendus(vague), vagues_mal_comptees()) == ([1], [])
