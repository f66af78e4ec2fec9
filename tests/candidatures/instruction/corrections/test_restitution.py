"""A correction is given back: until when, by whom, and what it changes."""

from datetime import timedelta

import pytest

from candidatures.depot.regles import DERNIERE_MINUTE
from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.instruction.correction import actions
from candidatures.models import DemandeDeCorrection, Participation
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import EcheanceDepassee, RegleEnfreinte
from tests import fabriques as f
from tests.candidatures.instruction.corrections.outils import (
    QUESTION,
    UNE_MICROSECONDE,
    corriger,
    demander,
    etat,
    rendre,
)
from tests.candidatures.pages.pages import client_de, page, texte

pytestmark = pytest.mark.django_db


class TestRendre:
    def test_une_microseconde_avant_l_echeance_elle_est_rendue(self, demande, dossier):
        corriger(demande)
        rendue = rendre(demande, recu_le=demande.echeance - UNE_MICROSECONDE)
        assert (rendue.rendue_par, rendue.rendue_le) == (f.porteur_de(dossier), demande.echeance - UNE_MICROSECONDE)
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION
        assert Courrier.objects.filter(cle__startswith=f"correction-rendue-{demande.pk}-").count() == 1

    def test_a_l_echeance_il_est_trop_tard_et_les_deux_instants_sont_dits(self, demande, dossier):
        corriger(demande)
        with pytest.raises(EcheanceDepassee) as refus:
            rendre(demande, recu_le=demande.echeance)
        assert (refus.value.recu_le, refus.value.echeance) == (demande.echeance, demande.echeance)
        with pytest.raises(EcheanceDepassee):
            corriger(demande, maintenant=demande.echeance, revision=1)
        assert etat(dossier) == EtatCandidature.CORRECTION_DEMANDEE

    def test_il_faut_avoir_corrige_quelque_chose(self, demande):
        with pytest.raises(RegleEnfreinte, match="Rien n’a encore été corrigé"):
            rendre(demande)
        corriger(demande, projets=f.un_contenu()["projets"]["projets"])
        with pytest.raises(RegleEnfreinte, match="Rien n’a encore été corrigé"):
            rendre(demande)

    def test_seul_le_porteur_la_rend_et_une_fois(self, demande, dossier):
        corriger(demande)
        collegue = f.un_utilisateur()
        Participation.objects.create(candidature=dossier, utilisateur=collegue, qualite=Qualite.CO_PORTEUR)
        with pytest.raises(RegleEnfreinte):
            rendre(demande, auteur=collegue)
        rendre(demande)
        with pytest.raises(RegleEnfreinte, match="n’est plus attendue"):
            rendre(demande)

    def test_ce_qui_reste_sans_reponse_est_dit_avant_puis_au_service(self, dossier, instructeur):
        demande = demander(dossier, instructeur, questions=[QUESTION, "projets.nombre_projets"])
        corriger(demande)
        with pytest.raises(RegleEnfreinte) as refus:
            rendre(demande, sans_le_reste=False)
        restes = ["Nombre de projets connus", dossier.cahier.cahier.piece("lettre").libelle]
        assert refus.value.message == (
            "2\u00a0demandes restent sans réponse\u00a0: "
            + ", ".join(f"«\u00a0{reste}\u00a0»" for reste in restes)
            + ". "
            "Corrigez, ou confirmez que vous rendez la correction sans y répondre."
        )
        assert etat(dossier) == EtatCandidature.CORRECTION_DEMANDEE
        rendre(demande, sans_le_reste=True)
        (lettre,) = Courrier.objects.filter(cle__startswith=f"correction-rendue-{demande.pk}-")
        assert all(reste in lettre.texte for reste in restes)

    def test_dans_la_derniere_minute_personne_n_a_rien_a_confirmer(self, demande, dossier):
        corriger(demande)
        avant = demande.echeance - DERNIERE_MINUTE
        with pytest.raises(RegleEnfreinte, match="reste sans réponse"):
            rendre(demande, recu_le=avant - UNE_MICROSECONDE, sans_le_reste=False)
        rendre(demande, recu_le=avant, sans_le_reste=False)
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION

    def test_ce_qu_une_collegue_a_ecrit_depuis_la_relecture_se_relit_d_abord(self, demande, dossier):
        collegue = f.un_utilisateur(prenom="Dominique", nom="Collègue")
        Participation.objects.create(candidature=dossier, utilisateur=collegue, qualite=Qualite.CO_PORTEUR)
        corriger(demande)
        porteur = client_de(f.porteur_de(dossier))
        lue = porteur.get(page("correction", dossier.pk)).context["restitution"]["lue"].value()
        corriger(demande, auteur=collegue, revision=1, projets="Deux fonderies.")
        refus = porteur.post(page("rendre_correction", dossier.pk), {"lue": lue})
        assert (refus.status_code, etat(dossier)) == (409, EtatCandidature.CORRECTION_DEMANDEE)
        assert "La correction a changé depuis que vous l’avez relue par Dominique Collègue, le" in texte(refus)
        relue = porteur.get(page("correction", dossier.pk)).context["restitution"]["lue"].value()
        assert (
            porteur.post(page("rendre_correction", dossier.pk), {"lue": relue, "sans_le_reste": "on"}).status_code
            == 302
        )

    def test_dans_la_derniere_minute_elle_est_rendue_comme_elle_est(self, demande, dossier):
        corriger(demande)
        bientot = demande.echeance - timedelta(seconds=59)
        auteur = f.porteur_de(dossier)
        rendue = actions.rendre_correction(demande=demande, auteur=auteur, recu_le=bientot, lue="autre")
        assert rendue.rendue_le == bientot

    def test_une_demande_qui_a_attendu_jusqu_a_la_derniere_minute_n_est_pas_renvoyee_a_une_relecture(
        self, demande, dossier
    ):
        """A busy portal answers late: what counts is how long is left to whoever reads the refusal."""
        corriger(demande)
        recu_le = demande.echeance - 2 * DERNIERE_MINUTE
        auteur, attente = f.porteur_de(dossier), {"lue": "autre", "maintenant": recu_le + DERNIERE_MINUTE}
        rendue = actions.rendre_correction(demande=demande, auteur=auteur, recu_le=recu_le, **attente)
        assert (etat(dossier), rendue.rendue_le) == (EtatCandidature.EN_INSTRUCTION, recu_le)

    def test_la_base_garde_ce_qui_est_rendu(self, demande):
        corriger(demande)
        rendre(demande)
        for geste in (
            lambda: DemandeDeCorrection.objects.update(reponses={}),
            lambda: DemandeDeCorrection.objects.all().delete(),
        ):
            with (
                pytest.raises(Exception, match=r"Cannot update|permission denied"),
                f.dans_un_point_de_reprise(),
            ):
                geste()

    def test_la_base_refuse_une_correction_rendue_en_retard(self, demande):
        with pytest.raises(Exception, match="correction_rendue_a_temps"), f.dans_un_point_de_reprise():
            DemandeDeCorrection.objects.update(rendue_le=demande.echeance, rendue_par=demande.auteur)
