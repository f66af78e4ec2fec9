"""What more time changes, and who is told."""

import pytest

from candidatures.dossier.actions import dossiers, redaction
from candidatures.dossier.etats import EtatCandidature
from candidatures.models import Candidature, Vague
from candidatures.vagues.etats import EtatProlongation, Phase
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from tests import fabriques as f
from tests.candidatures.cloture.prolongations.outils import MOTIF, clore, deposer, finir

pytestmark = pytest.mark.django_db


class TestSonEffet:
    def test_un_dossier_prolonge_se_modifie_et_se_depose_apres_la_cloture_les_autres_non(self, accorder, passee):
        prolonge, autre = f.une_candidature(vague=passee), f.une_candidature(vague=passee)
        accorder(passee, prolonge)

        redaction.enregistrer_section(
            candidature=Candidature.objects.get(pk=prolonge.pk),
            section="projets",
            reponses={"projets": "Écrit pendant la prolongation."},
            auteur=f.porteur_de(prolonge),
            maintenant=horloge_base(),
        )
        depot = deposer(prolonge)

        assert depot.recu_le > passee.cloture
        assert depot.contenu["sections"]["projets"] == {"projets": "Écrit pendant la prolongation."}
        with pytest.raises(EcheanceDepassee):
            deposer(autre)

    def test_une_vague_prolongee_vaut_pour_tous_ses_dossiers_commences_et_pour_eux_seuls(self, accorder, passee):
        candidature = f.une_candidature(vague=passee)
        accorder(passee)
        passee.refresh_from_db()

        assert passee.phase(horloge_base()) is Phase.PROLONGEE
        assert deposer(candidature).recu_le > passee.cloture
        with pytest.raises(RegleEnfreinte, match="n’est pas ouverte"):
            dossiers.ouvrir_candidature(
                vague=passee, territoire=f.un_territoire(), auteur=f.un_utilisateur(), maintenant=horloge_base()
            )

    def test_la_cloture_attend_la_fin_de_la_prolongation_de_la_vague(self, accorder, passee):
        f.une_candidature(vague=passee)
        prolongation = accorder(passee)
        assert clore(passee) is None
        assert not Vague.objects.a_clore(horloge_base()).exists()

        finir(prolongation)
        assert list(Vague.objects.a_clore(horloge_base())) == [passee]
        assert clore(passee) is not None
        prolongation.refresh_from_db()
        assert prolongation.etat == EtatProlongation.CLOSE

    def test_les_personnes_concernees_en_sont_prevenues_une_fois_et_elles_seules(
        self, accorder, passee, administrateur, signataire
    ):
        prolonge, autre = f.une_candidature(vague=passee), f.une_candidature(vague=passee)
        accorder(passee, prolonge)
        lettres = Courrier.objects.filter(cle__startswith="prolongation-")
        assert sorted(lettres.values_list("destinataire", flat=True)) == sorted(
            [f.porteur_de(prolonge).email, administrateur.email, signataire.email]
        )
        assert MOTIF in lettres.get(destinataire=f.porteur_de(prolonge).email).texte
        assert f.porteur_de(autre).email not in lettres.values_list("destinataire", flat=True)

    def test_le_journal_garde_le_motif_et_les_deux_signatures(self, accorder, passee, administrateur, signataire):
        prolongation = accorder(passee)
        actes = EntreeJournal.objects.filter(objet_type="candidatures.prolongation", objet_id=prolongation.pk)
        assert [(acte.acte, acte.acteur_id_copie, acte.details["motif"]) for acte in actes.order_by("pk")] == [
            ("proposer_prolongation", administrateur.pk, MOTIF),
            ("accorder", signataire.pk, MOTIF),
        ]

    def test_un_dossier_deposable_reste_en_cours_quand_la_vague_se_clot(self, accorder, passee):
        prolonge, autre = f.une_candidature(vague=passee), f.un_depot(f.une_candidature(vague=passee)).candidature
        accorder(passee, prolonge)
        clore(passee)

        autre.refresh_from_db()
        prolonge = Candidature.objects.select_related("vague").get(pk=prolonge.pk)
        assert (autre.etat, prolonge.etat) == (EtatCandidature.EN_INSTRUCTION, EtatCandidature.BROUILLON)
        assert prolonge.phase(horloge_base()) is Phase.OUVERTE
        assert not Courrier.objects.filter(
            cle__startswith="cloture-", destinataire=f.porteur_de(prolonge).email
        ).exists()
        assert deposer(prolonge).recu_le > passee.cloture
