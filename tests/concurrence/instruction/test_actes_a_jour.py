"""Two agents act on one file at the same instant, each on a connection of their own: the second reads the first."""

import pytest
from django.db import transaction

from candidatures.instruction.revision.actions import DossierChange, agir_a_jour
from candidatures.models import Candidature, Saisine
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import demander_avis, une_vague_close
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


def demander(dossier, expert, auteur):
    demander_avis(candidature=dossier, expert=expert, question="", auteur=auteur, maintenant=horloge_base())


def demander_a_jour(dossier, expert, auteur):
    agir_a_jour(
        candidature=dossier, personne=auteur, vu=0, entier=True, acte=lambda: demander(dossier, expert, auteur)
    )


def test_de_deux_actes_au_meme_instant_le_second_lit_le_premier(ailleurs):
    _, (dossier,) = une_vague_close(None)
    premier, second = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
    un, autre = f.un_agent(Role.EXPERT), f.un_agent(Role.EXPERT)
    with transaction.atomic():
        Candidature.objects.select_for_update().get(pk=dossier.pk)
        suite = ailleurs(demander_a_jour, dossier=dossier, expert=autre, auteur=second)
        attendre(attend_un_verrou)
        demander(dossier, un, premier)
    with pytest.raises(DossierChange) as conflit:
        suite.result(DELAI)
    assert [(fait.titre, fait.texte) for fait in conflit.value.faits] == [("Avis demandé", f"Par {premier}")]
    assert [avis.expert for avis in Saisine.objects.all()] == [un]
