"""What the closing records, once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from candidatures.cloture.actions import cloture
from candidatures.dossier.etats import EtatCandidature
from candidatures.models import ProcesVerbal, Vague
from candidatures.vagues.etats import EtatVague
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f
from tests.candidatures.cloture.proces_verbaux import lignes, numeros

pytestmark = pytest.mark.django_db


@pytest.fixture
def vague():
    """Past its deadline and its grace."""
    return f.une_vague(cloture=horloge_base() - timedelta(minutes=2))


def clore(vague):
    return cloture.clore(vague_id=vague.pk, maintenant=horloge_base())


def test_le_proces_verbal_liste_les_depots_qui_comptent_et_les_brouillons(vague):
    remplace = f.une_candidature(vague=vague)
    f.un_depot(remplace)
    dernier = f.un_depot(remplace)
    brouillon = f.une_candidature(vague=vague, complete=False)

    proces_verbal = clore(vague)

    assert numeros(proces_verbal) == [dernier.numero]
    assert [ligne["reference"] for ligne in lignes(proces_verbal, "brouillon")] == [brouillon.reference]


def test_les_dossiers_deposes_passent_en_instruction_et_les_brouillons_restent(vague):
    depose = f.un_depot(f.une_candidature(vague=vague)).candidature
    brouillon = f.une_candidature(vague=vague, complete=False)

    clore(vague)

    vague.refresh_from_db()
    depose.refresh_from_db()
    brouillon.refresh_from_db()
    assert (vague.etat, depose.etat, brouillon.etat) == (
        EtatVague.EN_INSTRUCTION,
        EtatCandidature.EN_INSTRUCTION,
        EtatCandidature.BROUILLON,
    )
    assert EntreeJournal.objects.filter(acte="ouvrir_instruction").count() == 1
    assert EntreeJournal.objects.filter(acte="clore", objet_id=str(vague.pk)).count() == 1


def test_chaque_participant_recoit_une_lettre_qui_dit_ou_en_est_son_dossier(vague):
    depose = f.un_depot(f.une_candidature(vague=vague)).candidature
    brouillon = f.une_candidature(vague=vague, complete=False)
    f.une_vague(ouverture=vague.cloture, cloture=vague.cloture + timedelta(days=120))

    clore(vague)

    lettres = {lettre.destinataire: lettre for lettre in Courrier.objects.filter(cle__startswith="cloture-")}
    assert set(lettres) == {f.porteur_de(depose).email, f.porteur_de(brouillon).email}
    assert "passe en instruction" in lettres[f.porteur_de(depose).email].objet
    assert "n’a pas été déposé" in lettres[f.porteur_de(brouillon).email].objet
    assert "La période de dépôt suivante" in lettres[f.porteur_de(brouillon).email].texte


def test_clore_deux_fois_ne_fait_rien_de_plus(vague):
    f.un_depot(f.une_candidature(vague=vague))
    assert clore(vague) is not None
    lettres = Courrier.objects.count()

    assert clore(vague) is None
    assert (ProcesVerbal.objects.count(), Courrier.objects.count()) == (1, lettres)


def test_chaque_proces_verbal_s_enchaine_au_precedent(vague):
    premier = clore(f.une_vague(cloture=vague.ouverture, ouverture=vague.ouverture - timedelta(days=1)))
    assert clore(vague).contenu["precedent"] == premier.empreinte


def test_une_vague_ne_se_clot_pas_avant_une_plus_ancienne_qui_est_echue(vague):
    ancienne = f.une_vague(cloture=vague.ouverture, ouverture=vague.ouverture - timedelta(days=1))
    assert clore(vague) is None
    premier = clore(ancienne)
    assert clore(vague).contenu["precedent"] == premier.empreinte


def test_rien_ne_se_clot_tant_que_court_la_grace():
    vague = f.une_vague(cloture=horloge_base() - timedelta(seconds=1), grace=timedelta(seconds=60))

    assert clore(vague) is None
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        Vague.objects.filter(pk=vague.pk).update(etat=EtatVague.EN_INSTRUCTION)
    assert nom_contrainte(refus.value) == "vague_close_apres_la_grace"


def test_un_proces_verbal_ne_change_plus(vague):
    clore(vague)
    with pytest.raises(ProgrammingError), transaction.atomic():
        ProcesVerbal.objects.update(empreinte="0" * 64)


def test_les_dates_d_une_vague_close_ne_changent_plus(vague):
    clore(vague)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Vague.objects.filter(pk=vague.pk).update(cloture=horloge_base() + timedelta(days=1))


def test_la_cloture_coute_autant_de_requetes_pour_un_dossier_que_pour_trois():
    couts = []
    for nombre in (1, 3):
        cloture_le = horloge_base() - timedelta(days=400 * nombre)
        vague = f.une_vague(cloture=cloture_le, ouverture=cloture_le - timedelta(days=100))
        for _ in range(nombre):
            f.un_depot(f.une_candidature(vague=vague))
        maintenant = horloge_base()
        with CaptureQueriesContext(connection) as requetes:
            cloture.clore(vague_id=vague.pk, maintenant=maintenant)
        couts.append(len([r for r in requetes if "SAVEPOINT" not in r["sql"]]))
    assert couts[0] == couts[1] <= 20
