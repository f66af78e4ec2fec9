"""A correction is asked for, written, closed; the base keeps what was given back."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from candidatures.dossier.etats import EtatCandidature, Qualite, SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.correction import actions
from candidatures.models import Depot, Participation, PieceDeCorrection
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.corrections.outils import UNE_MICROSECONDE, corriger, demander, etat, rendre
from tests.candidatures.pages.pages import client_de

pytestmark = pytest.mark.django_db


class TestDemander:
    def test_le_dossier_attend_et_chacun_est_prevenu(self, demande, dossier):
        assert etat(dossier) == EtatCandidature.CORRECTION_DEMANDEE
        (lettre,) = Courrier.objects.filter(cle__startswith=f"correction-demandee-{demande.pk}-")
        assert lettre.destinataire == f.porteur_de(dossier).email
        assert "Précisez les projets." in lettre.texte

    @pytest.mark.parametrize(
        ("autres", "message"),
        [
            ({"questions": [], "natures": []}, "au moins une"),
            ({"questions": ["projets.horoscope"]}, "ne comporte pas"),
            ({"natures": ["selfie"]}, "ne comporte pas"),
            ({"echeance": horloge_base}, "vingt-quatre heures"),
        ],
    )
    def test_une_demande_vide_inconnue_ou_trop_courte_est_refusee(self, dossier, instructeur, autres, message):
        valeurs = {cle: valeur() if callable(valeur) else valeur for cle, valeur in autres.items()}
        with pytest.raises(RegleEnfreinte, match=message):
            demander(dossier, instructeur, **valeurs)
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION

    def test_vingt_quatre_heures_suffisent_et_une_microseconde_de_moins_ne_suffit_pas(self, dossier, instructeur):
        maintenant = horloge_base()
        un_jour = maintenant + timedelta(hours=24)
        with pytest.raises(RegleEnfreinte, match="vingt-quatre heures"):
            demander(dossier, instructeur, maintenant=maintenant, echeance=un_jour - UNE_MICROSECONDE)
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION
        assert demander(dossier, instructeur, maintenant=maintenant, echeance=un_jour).echeance == un_jour

    def test_une_seule_a_la_fois_et_personne_ne_propose_pendant_ce_temps(self, demande, dossier, instructeur):
        with pytest.raises(RegleEnfreinte):
            demander(dossier, instructeur)
        with pytest.raises(RegleEnfreinte, match="Une correction est attendue"):
            instruction.proposer(
                candidature=dossier,
                sens=SensDecision.LABELLISER,
                motif="Prêt.",
                auteur=instructeur,
                maintenant=horloge_base(),
            )

    @pytest.mark.parametrize("role", [Role.EXPERT, Role.COMITE, Role.VALIDEUR])
    def test_seul_un_instructeur_du_dossier_la_demande(self, dossier, role):
        agent = f.un_agent(role)
        with pytest.raises(RegleEnfreinte):
            demander(dossier, agent)
        adresse = reverse("instruction:demander_correction", args=[dossier.pk])
        assert client_de(agent).get(adresse).status_code == 404


class TestCorriger:
    def test_seul_ce_qui_est_demande_s_ouvre_et_le_depot_ne_change_pas(self, demande, dossier):
        avant = Depot.objects.get().contenu
        corriger(demande, projets="Une fonderie.", foncier="Une friche.")
        corriger(demande, section="choc", revision=1, description="Autre chose.")
        demande.refresh_from_db()
        assert demande.reponses == {"projets": {"projets": "Une fonderie."}, "choc": {}}
        assert Depot.objects.get().contenu == avant
        dossier.refresh_from_db()
        assert dossier.contenu["projets"] == f.un_contenu()["projets"]

    def test_deux_personnes_ne_s_ecrasent_pas(self, demande, dossier):
        collegue = f.un_utilisateur()
        Participation.objects.create(candidature=dossier, utilisateur=collegue, qualite=Qualite.CO_PORTEUR)
        corriger(demande, auteur=collegue)
        with pytest.raises(RegleEnfreinte, match="Rien n’a été écrasé"):
            corriger(demande, projets="La mienne.")
        demande.refresh_from_db()
        assert demande.reponses["projets"]["projets"] == "Une fonderie."

    def test_une_piece_demandee_se_joint_et_s_enleve_une_autre_non(self, demande, dossier):
        valeurs = {
            "demande": demande,
            "nom": "lettre.pdf",
            "auteur": f.porteur_de(dossier),
            "maintenant": horloge_base(),
        }
        piece = actions.joindre_a_la_correction(fichier=ContentFile(f.PDF + b"%", "a.pdf"), nature="lettre", **valeurs)
        assert piece.intitule == "Lettre de soutien"
        with pytest.raises(RegleEnfreinte, match="déjà joint"):
            actions.joindre_a_la_correction(fichier=ContentFile(f.PDF + b"%", "b.pdf"), nature="lettre", **valeurs)
        with pytest.raises(RegleEnfreinte, match="ne vous est pas demandée"):
            actions.joindre_a_la_correction(fichier=ContentFile(f.PDF, "c.pdf"), nature="autre", **valeurs)
        actions.enlever_de_la_correction(piece=piece, auteur=f.porteur_de(dossier), maintenant=horloge_base())
        assert not demande.pieces.exists()

    @pytest.mark.parametrize("qualite", [Qualite.LECTEUR, None])
    def test_qui_ne_fait_que_lire_ne_corrige_pas(self, demande, dossier, qualite):
        personne = f.un_utilisateur()
        if qualite:
            Participation.objects.create(candidature=dossier, utilisateur=personne, qualite=qualite)
        with pytest.raises(RegleEnfreinte):
            corriger(demande, auteur=personne)


class TestFermer:
    def test_l_echeance_passee_le_dossier_revient_tel_qu_il_etait(self, demande, dossier):
        fin = demande.echeance + actions.GRACE
        assert actions.fermer_corrections_echues(maintenant=fin - UNE_MICROSECONDE) == 0
        assert actions.fermer_corrections_echues(maintenant=fin) == 1
        assert actions.fermer_corrections_echues(maintenant=fin) == 0
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION
        lettres = Courrier.objects.filter(cle__startswith=f"correction-fermee-{demande.pk}-")
        assert {lettre.destinataire for lettre in lettres} == {f.porteur_de(dossier).email, demande.auteur.email}

    def test_l_instructeur_peut_y_mettre_fin(self, demande, dossier, instructeur):
        client = client_de(instructeur)
        adresse = reverse("instruction:fermer_correction", args=[dossier.pk])
        assert client.post(adresse).status_code == 302
        assert etat(dossier) == EtatCandidature.EN_INSTRUCTION
        assert client.post(adresse, f.d_une_autre_page()).status_code == 409


def test_la_base_garde_les_pieces_d_une_correction_rendue(demande, dossier):
    auteur = f.porteur_de(dossier)
    piece = actions.joindre_a_la_correction(
        demande=demande,
        fichier=ContentFile(f.PDF + b"%", "a.pdf"),
        nom="lettre.pdf",
        nature="lettre",
        auteur=auteur,
        maintenant=horloge_base(),
    )
    rendre(demande)
    for geste in (piece.delete, lambda: PieceDeCorrection.objects.update(nom="autre.pdf")):
        with pytest.raises(Exception, match="n'est plus attendue"), f.dans_un_point_de_reprise():
            geste()
