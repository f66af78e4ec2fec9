"""More time is proposed with a reason and takes two signatures."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from candidatures.cloture.actions import prolongations
from candidatures.models import Candidature, Prolongation, Vague
from candidatures.vagues.etats import EtatProlongation
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.cloture.prolongations.outils import HEURE, MOTIF, deposer

pytestmark = pytest.mark.django_db


class TestLaProposition:
    def test_elle_ne_change_rien_tant_que_personne_d_autre_ne_l_a_signee(self, proposer, passee):
        candidature = f.une_candidature(vague=passee)
        proposer(passee, candidature)
        with pytest.raises(EcheanceDepassee):
            deposer(candidature)
        assert not Courrier.objects.filter(cle__startswith="prolongation-").exists()

    def test_qui_la_propose_ne_la_signe_pas(self, proposer, administrateur):
        prolongation = proposer(f.une_vague(), jusqu_au=horloge_base() + timedelta(days=300))
        with pytest.raises(RegleEnfreinte, match="autre personne"):
            prolongations.signer(prolongation=prolongation, acteur=administrateur, maintenant=horloge_base())
        prolongation.refresh_from_db()
        assert prolongation.etat == EtatProlongation.PROPOSEE

    def test_elle_se_motive(self, proposer, passee):
        with pytest.raises(RegleEnfreinte, match="motive"):
            proposer(passee, motif="  ")

    @pytest.mark.parametrize("jusqu_au", [-HEURE, timedelta(0)])
    def test_elle_va_au_dela_de_l_echeance_en_vigueur(self, proposer, jusqu_au):
        vague = f.une_vague()
        with pytest.raises(RegleEnfreinte, match="postérieure"):
            proposer(vague, jusqu_au=vague.cloture + jusqu_au)

    def test_elle_va_dans_l_avenir(self, proposer, passee):
        with pytest.raises(RegleEnfreinte, match="à venir"):
            proposer(passee, jusqu_au=horloge_base() - timedelta(minutes=1))

    @pytest.mark.parametrize("role", [Role.INSTRUCTEUR, Role.VALIDEUR])
    def test_seul_un_administrateur_la_propose(self, passee, role):
        with pytest.raises(RegleEnfreinte, match="administrateur"):
            prolongations.proposer(
                vague=passee,
                candidature=None,
                jusqu_au=horloge_base() + HEURE,
                motif=MOTIF,
                acteur=f.un_agent(role),
                maintenant=horloge_base(),
            )

    def test_un_valideur_la_signe_un_instructeur_non(self, proposer, passee):
        prolongation = proposer(passee)
        with pytest.raises(RegleEnfreinte, match="valideur"):
            prolongations.signer(
                prolongation=prolongation, acteur=f.un_agent(Role.INSTRUCTEUR), maintenant=horloge_base()
            )
        signee = prolongations.signer(
            prolongation=prolongation, acteur=f.un_agent(Role.VALIDEUR), maintenant=horloge_base()
        )
        assert signee.etat == EtatProlongation.ACCORDEE

    def test_ecartee_elle_ne_se_signe_plus(self, proposer, passee, signataire):
        prolongation = proposer(passee)
        prolongations.ecarter(prolongation=prolongation, acteur=signataire, maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte, match="n’attend plus"):
            prolongations.signer(prolongation=prolongation, acteur=signataire, maintenant=horloge_base())

    def test_un_dossier_d_une_autre_vague_est_refuse(self, proposer, passee):
        with pytest.raises(RegleEnfreinte, match="ne se dépose plus"):
            proposer(passee, f.une_candidature(vague=f.une_vague(ouverture=passee.cloture)))


class TestCeQueLaBaseRefuse:
    def test_une_echeance_que_personne_n_a_signee(self, passee):
        candidature = f.une_candidature(vague=passee)
        for lignes in (Vague.objects.filter(pk=passee.pk), Candidature.objects.filter(pk=candidature.pk)):
            with pytest.raises(IntegrityError) as refus, transaction.atomic():
                lignes.update(prolongee_au=horloge_base() + HEURE)
            assert nom_contrainte(refus.value) == "prolonge_par_deux_signatures"

    def test_une_signature_par_la_meme_personne(self, proposer, passee, administrateur):
        prolongation = proposer(passee)
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            Prolongation.objects.filter(pk=prolongation.pk).update(
                etat=EtatProlongation.ACCORDEE, signee_par=administrateur, signee_le=horloge_base()
            )
        assert nom_contrainte(refus.value) == "prolongation_signee_par_une_autre_personne"

    def test_un_changement_ou_un_effacement(self, accorder, passee):
        prolongation = accorder(passee)
        lignes = Prolongation.objects.filter(pk=prolongation.pk)
        for changement in ({"motif": "Autre"}, {"jusqu_au": horloge_base() + 3 * HEURE}):
            with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
                lignes.update(**changement)
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            lignes.update(signee_par=f.un_agent(Role.VALIDEUR))
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            lignes.delete()
