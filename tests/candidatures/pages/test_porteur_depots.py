"""Depositing, the receipt, and what the page of a file says of where it stands."""

from datetime import timedelta
from uuid import uuid4

import pytest

from candidatures.depot.actions.accuses import fabriquer_accuse
from candidatures.depot.etats import LectureDuDepot
from candidatures.dossier.actions import redaction
from candidatures.dossier.etats import EtatCandidature, Qualite, SensDecision
from candidatures.labellisation import actions as labellisation
from candidatures.models import Candidature, Depot, Vague
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import constater_recevabilite, instruire, une_vague_close
from tests.candidatures.pages.pages import client_de, en_retard, nouveau, page, texte
from tests.outils.roles import administrer, sans_declencheurs

pytestmark = pytest.mark.django_db


def un_dossier_irrecevable() -> tuple[Candidature, Utilisateur]:
    """Decided, not yet announced; with who will announce it."""
    vague, (candidature,) = une_vague_close(None)
    constater_recevabilite(
        candidature=candidature,
        recevable=False,
        motif="Hors du champ de l’appel.",
        auteur=f.un_agent(Role.INSTRUCTEUR),
        maintenant=horloge_base(),
    )
    valideur = f.un_agent(Role.VALIDEUR)
    labellisation.labelliser(vague=vague, decisions={}, valideur=valideur, maintenant=horloge_base())
    return candidature, valideur


def annoncer(candidature: Candidature, valideur: Utilisateur, embargo: timedelta) -> None:
    vague = Vague.objects.get(pk=candidature.vague_id)
    maintenant = horloge_base()
    labellisation.annoncer(vague=vague, valideur=valideur, publique_a=maintenant + embargo, maintenant=maintenant)


@pytest.fixture
def candidature():
    return f.une_candidature()


@pytest.fixture
def porteur(candidature):
    return client_de(f.porteur_de(candidature))


class TestDepot:
    def deposer(self, client, candidature, cle=None):
        return client.post(page("deposer", candidature.pk), {"cle": cle or uuid4()})

    def test_le_depot_mene_a_son_accuse(self, candidature, porteur):
        formulaire = porteur.get(page("deposer", candidature.pk)).context["formulaire"]
        reponse = self.deposer(porteur, candidature, formulaire["cle"].value())
        depot = Depot.objects.get()
        assert reponse.url == page("depot", candidature.pk, 1)
        recu = texte(porteur.get(reponse.url))
        for attendu in (
            depot.numero,
            instant_fr(depot.recu_le, secondes=True),
            depot.empreinte,
            depot.pieces.get().document.sha256,
            "Votre dossier est déposé",
            "en cours de préparation",
            "tribunal administratif",
        ):
            assert attendu in recu

    def test_la_meme_demande_envoyee_deux_fois_donne_la_meme_page(self, candidature, porteur):
        cle = uuid4()
        assert self.deposer(porteur, candidature, cle).url == self.deposer(porteur, candidature, cle).url
        assert Depot.objects.count() == 1

    def test_une_seconde_trop_tard_les_deux_instants_sont_dits_et_le_brouillon_reste(self, candidature, porteur):
        en_retard(candidature)
        reponse = self.deposer(porteur, candidature)
        assert reponse.status_code == 409
        assert instant_fr(candidature.vague.cloture, secondes=True) in texte(reponse)
        assert instant_fr(reponse.context["recu_le"], secondes=True) in texte(reponse)
        assert not Depot.objects.exists()
        candidature.refresh_from_db()
        assert (candidature.etat, candidature.contenu) == (EtatCandidature.BROUILLON, f.un_contenu())

    @pytest.mark.parametrize("qualite", [Qualite.CO_PORTEUR, Qualite.LECTEUR])
    def test_seul_le_porteur_depose(self, candidature, qualite):
        autre = nouveau(candidature, qualite)
        assert "Déposer le dossier</button>" not in texte(autre.get(page("deposer", candidature.pk)))
        reponse = self.deposer(autre, candidature)
        assert reponse.status_code == 409
        assert "Seul le responsable du dossier" in texte(reponse)
        assert "Déposer le dossier</button>" not in texte(reponse)
        assert not Depot.objects.exists()

    def test_un_dossier_incomplet_dit_ce_qui_manque_et_y_mene(self):
        candidature = f.une_candidature(complete=False)
        client = client_de(f.porteur_de(candidature))
        reponse = self.deposer(client, candidature)
        assert reponse.status_code == 409
        assert f"{page('section', candidature.pk, 'choc')}#id_filieres_groupe" in texte(reponse)
        assert f"{page('pieces', candidature.pk)}#piece-deliberation" in texte(reponse)
        assert not Depot.objects.exists()

    @pytest.mark.parametrize("donnees", [{}, {"cle": "x"}, {"cle": "x", "lecture": "y", "relue": "z"}])
    def test_une_demande_venue_d_une_vieille_page_depose_une_fois_et_le_dit(self, candidature, porteur, donnees):
        """It says neither which request it is nor what was read; it came in time all the same."""
        premiere, seconde = (porteur.post(page("deposer", candidature.pk), donnees) for _ in range(2))
        assert premiere.url == seconde.url == page("depot", candidature.pk, 1)
        assert Depot.objects.get().lecture == LectureDuDepot.NON_DITE
        assert "La demande ne disait pas quelle version avait été relue" in texte(porteur.get(premiere.url))

    def test_l_accuse_en_pdf_arrive_quand_il_est_fait(self, candidature, porteur):
        depot = f.un_depot(candidature)
        assert porteur.get(page("accuse", candidature.pk, 1)).status_code == 404
        accuse = fabriquer_accuse(depot_id=depot.pk)
        assert "en cours de préparation" not in texte(porteur.get(page("depot", candidature.pk, 1)))
        reponse = porteur.get(page("accuse", candidature.pk, 1))
        assert b"".join(reponse.streaming_content).startswith(b"%PDF-")
        assert accuse.nom in reponse["Content-Disposition"]

    def test_l_ancien_depot_dit_qu_il_est_remplace(self, candidature, porteur):
        f.un_depot(candidature)
        f.reecrire(candidature)
        f.un_depot(candidature)
        assert "Dépôt remplacé" in texte(porteur.get(page("depot", candidature.pk, 1)))
        assert "Votre dossier est déposé" in texte(porteur.get(page("depot", candidature.pk, 2)))


class TestSituation:
    def titre(self, client, candidature) -> str:
        return client.get(page("dossier", candidature.pk)).context["ouvert"].situation.titre

    def test_un_brouillon_ne_peut_pas_passer_pour_depose(self, candidature, porteur):
        assert self.titre(porteur, candidature) == "Brouillon : ce dossier n’est pas déposé"

    def test_des_modifications_apres_le_depot_sont_dites(self, candidature, porteur):
        f.un_depot(candidature)
        assert self.titre(porteur, candidature) == "Dossier déposé"
        redaction.enregistrer_section(
            candidature=candidature,
            section="projets",
            reponses={"projets": "Autre."},
            auteur=f.porteur_de(candidature),
            maintenant=horloge_base(),
        )
        assert self.titre(porteur, candidature) == "Dossier déposé, mais des modifications ne le sont pas"

    def test_a_l_echeance_un_brouillon_dit_qu_il_n_a_pas_ete_depose(self, candidature, porteur):
        en_retard(candidature)
        assert self.titre(porteur, candidature) == "Ce dossier n’a pas été déposé"

    def test_l_irrecevabilite_et_son_motif_ne_se_lisent_qu_a_la_fin_de_l_embargo(self):
        candidature, valideur = un_dossier_irrecevable()
        client = client_de(f.porteur_de(candidature))
        for embargo in (None, timedelta(hours=1)):
            if embargo:
                annoncer(candidature, valideur, embargo)
            lues = [texte(client.get(page(nom, candidature.pk))) for nom in ("dossier", "lire", "pieces", "deposer")]
            lues += [texte(client.get(page("liste"))), texte(client.get(page("depot", candidature.pk, 1)))]
            assert not any("rrecevable" in lue or "Hors du champ" in lue for lue in lues)
            assert self.titre(client, candidature) == "Dossier en instruction"

    def test_l_irrecevabilite_annoncee_donne_son_motif(self):
        candidature, valideur = un_dossier_irrecevable()
        annoncer(candidature, valideur, timedelta(0))
        client = client_de(f.porteur_de(candidature))
        assert self.titre(client, candidature) == "Dossier irrecevable"
        assert "Hors du champ de l’appel." in texte(client.get(page("dossier", candidature.pk)))

    @pytest.mark.parametrize("embargo", [timedelta(hours=1), timedelta(0)])
    def test_les_raisons_d_un_refus_se_lisent_avec_les_recours_une_fois_annoncees(self, embargo, settings):
        vague, (candidature,) = une_vague_close(None)
        instruire(candidature, sens=SensDecision.NE_PAS_RETENIR)
        valideur = f.un_agent(Role.VALIDEUR)
        decisions = {candidature.pk: SensDecision.NE_PAS_RETENIR}
        labellisation.labelliser(vague=vague, decisions=decisions, valideur=valideur, maintenant=horloge_base())
        # What a decision may hold, and no act writes yet.
        with sans_declencheurs():
            administrer("UPDATE candidatures_decision SET motif = 'Peu d’emplois.'")
        annoncer(candidature, valideur, embargo)
        lue = texte(client_de(f.porteur_de(candidature)).get(page("dossier", candidature.pk)))
        dites = ("Peu d’emplois.", "Pour une question sur ces raisons, écrivez à", settings.ACCUSE_RECOURS)
        assert [dite in lue for dite in dites] == [not embargo] * 3

    def test_retirer_demande_une_confirmation(self, candidature, porteur):
        adresse = page("retirer", candidature.pk)
        assert "Cochez cette case" in texte(porteur.post(adresse, {}))
        assert porteur.post(adresse, {"confirmation": "on"}).status_code == 302
        assert self.titre(porteur, candidature) == "Dossier retiré"


def test_le_courriel_de_l_accuse_part_une_fois_a_chaque_participant(candidature):
    nouveau(candidature, Qualite.LECTEUR)
    depot = f.un_depot(candidature)
    assert fabriquer_accuse(depot_id=depot.pk) == fabriquer_accuse(depot_id=depot.pk)
    courriers = list(Courrier.objects.order_by("pk"))
    assert len(courriers) == 2
    assert all(courrier.pieces.get() == depot.accuse.document for courrier in courriers)
