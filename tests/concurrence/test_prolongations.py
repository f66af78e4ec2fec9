"""An extension signed at the very instant of the closing, each on its own connection."""

from datetime import timedelta

import pytest
from django.db import transaction

from candidatures.cloture.actions import cloture, prolongations
from candidatures.dossier.etats import EtatCandidature
from candidatures.models import ProcesVerbal
from candidatures.vagues.etats import EtatProlongation, EtatVague, Phase
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre
from tests.concurrence.test_depot_et_cloture import deposer

pytestmark = pytest.mark.django_db(transaction=True)
HEURE = timedelta(hours=1)


@pytest.fixture
def dossier(transactional_db):
    """A draft of a wave that is due."""
    return f.une_candidature(vague=f.une_vague(cloture=horloge_base() - timedelta(minutes=2)))


@pytest.fixture
def proposee(dossier):
    return prolongations.proposer(
        vague=dossier.vague,
        candidature=None,
        jusqu_au=horloge_base() + HEURE,
        motif="Panne du réseau.",
        acteur=f.un_agent(Role.ADMINISTRATEUR),
        maintenant=horloge_base(),
    )


def signer(proposee):
    return prolongations.signer(prolongation=proposee, acteur=f.un_agent(Role.VALIDEUR), maintenant=horloge_base())


def clore(vague):
    return cloture.clore(vague_id=vague.pk, maintenant=horloge_base())


def test_la_cloture_attend_la_signature_en_cours_et_ne_clot_plus_rien(ailleurs, dossier, proposee):
    vague = dossier.vague
    with transaction.atomic():
        signer(proposee)
        fermeture = ailleurs(clore, vague=vague)
        attendre(attend_un_verrou)
        assert not fermeture.done()
    assert fermeture.result(DELAI) is None

    vague.refresh_from_db()
    assert (vague.etat, vague.phase(horloge_base())) == (EtatVague.PREVUE, Phase.PROLONGEE)
    assert not ProcesVerbal.objects.exists()
    deposer(dossier)


def test_la_signature_attend_la_cloture_en_cours_et_rouvre_ensuite_les_brouillons(ailleurs, dossier, proposee):
    vague = dossier.vague
    with transaction.atomic():
        proces_verbal = clore(vague)
        signature = ailleurs(signer, proposee=proposee)
        attendre(attend_un_verrou)
        assert not signature.done()
    assert signature.result(DELAI).etat == EtatProlongation.ACCORDEE

    assert list(ProcesVerbal.objects.all()) == [proces_verbal]
    depot = deposer(dossier)
    dossier.refresh_from_db()
    assert (dossier.etat, depot.rang) == (EtatCandidature.DEPOSEE, 1)
    # The rest is closed by a procès-verbal of its own, once the extension is over.
    assert clore(vague) is None


def test_deux_signatures_au_meme_instant_n_en_font_qu_une(ailleurs, dossier, proposee):
    with transaction.atomic():
        signer(proposee)
        seconde = ailleurs(signer, proposee=proposee)
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte):
        seconde.result(DELAI)
    proposee.refresh_from_db()
    assert proposee.etat == EtatProlongation.ACCORDEE
