"""With which role one takes part in a file, who leaves it, and who carries it on."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from candidatures.dossier.actions import equipe
from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.dossier.regles import empechement_de_changer_l_equipe, empechement_de_gerer_l_equipe
from candidatures.instruction.acces import visibles_par
from candidatures.models import Candidature, Participation, Presence
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.dossier.equipe.outils import accepter, dernier_acte, inviter, participer, qualites
from tests.candidatures.instruction.instruction import constater_recevabilite, instruire, une_saisine, une_vague_close
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db


class TestRoles:
    def test_le_porteur_change_un_role_et_la_personne_le_sait(self, candidature):
        participation, porteur = participer(candidature), f.porteur_de(candidature)
        for _ in range(2):
            equipe.changer_qualite(
                participation=participation, qualite=Qualite.LECTEUR, auteur=porteur, maintenant=horloge_base()
            )
        personne = participation.utilisateur
        assert qualites(candidature)[personne.email] == Qualite.LECTEUR
        assert dernier_acte(candidature) == (
            "changer_qualite",
            str(porteur),
            {"personne": str(personne), "qualite": "lecteur"},
        )
        assert Courrier.objects.get().objet == f"Vous êtes maintenant lecteur du dossier {candidature.reference}"

    def test_le_porteur_ne_se_fait_ni_ne_se_defait_ainsi(self, candidature):
        porteur = f.porteur_de(candidature)
        sienne = candidature.participations.get(utilisateur=porteur)
        for participation, qualite in ((sienne, Qualite.LECTEUR), (participer(candidature), Qualite.PORTEUR)):
            with pytest.raises(RegleEnfreinte, match="passez la main"):
                equipe.changer_qualite(
                    participation=participation, qualite=qualite, auteur=porteur, maintenant=horloge_base()
                )
        with pytest.raises(RegleEnfreinte, match="sans avoir passé la main"):
            equipe.retirer_participant(participation=sienne, auteur=porteur, maintenant=horloge_base())

    def test_les_autres_ne_changent_ni_ne_retirent_personne(self, candidature):
        participation, autre = participer(candidature, Qualite.LECTEUR), participer(candidature).utilisateur
        with pytest.raises(RegleEnfreinte, match="Seul le responsable du dossier"):
            equipe.changer_qualite(
                participation=participation, qualite=Qualite.CO_PORTEUR, auteur=autre, maintenant=horloge_base()
            )
        with pytest.raises(RegleEnfreinte, match="Seul le responsable du dossier"):
            equipe.retirer_participant(participation=participation, auteur=autre, maintenant=horloge_base())

    def test_qui_est_retire_n_a_plus_acces_et_le_sait(self, candidature):
        participation, porteur = participer(candidature), f.porteur_de(candidature)
        personne = participation.utilisateur
        Presence.objects.create(candidature=candidature, section="choc", utilisateur=personne, vue_le=horloge_base())
        equipe.retirer_participant(participation=participation, auteur=porteur, maintenant=horloge_base())
        assert not visibles_par(personne).exists()
        assert not Presence.objects.exists()
        assert dernier_acte(candidature) == ("retirer_participant", str(porteur), {"personne": str(personne)})
        assert Courrier.objects.get().destinataire == personne.email
        with pytest.raises(RegleEnfreinte, match="ne participe déjà plus"):
            equipe.retirer_participant(participation=participation, auteur=porteur, maintenant=horloge_base())

    def test_on_quitte_un_dossier_soi_meme_et_le_porteur_le_sait(self, candidature):
        participation = participer(candidature, Qualite.LECTEUR)
        personne = participation.utilisateur
        equipe.retirer_participant(participation=participation, auteur=personne, maintenant=horloge_base())
        assert personne.email not in qualites(candidature)
        assert dernier_acte(candidature) == ("quitter_dossier", str(personne), {"personne": str(personne)})
        assert Courrier.objects.get().destinataire == f.porteur_de(candidature).email


class TestPasserLaMain:
    def passer(self, candidature, a, auteur=None, motif="") -> Participation:
        return equipe.passer_la_main(
            candidature=candidature,
            a=a,
            auteur=auteur or f.porteur_de(candidature),
            maintenant=horloge_base(),
            motif=motif,
        )

    def test_le_porteur_et_le_participant_echangent_leurs_places(self, candidature):
        ancien, nouveau = f.porteur_de(candidature), participer(candidature, Qualite.LECTEUR).utilisateur
        Candidature.objects.update(depot_a_l_echeance_le=horloge_base(), depot_a_l_echeance_par=ancien)
        self.passer(candidature, nouveau)
        assert qualites(candidature) == {ancien.email: Qualite.CO_PORTEUR, nouveau.email: Qualite.PORTEUR}
        assert dernier_acte(candidature) == (
            "passer_la_main",
            str(ancien),
            {"personne": str(nouveau), "ancien": str(ancien), "motif": ""},
        )
        textes = dict(Courrier.objects.values_list("destinataire", "texte"))
        assert set(textes) == {ancien.email, nouveau.email}
        assert "il a été demandé au portail de déposer la dernière version complète" in textes[nouveau.email]
        assert f"La demande vient de «\u00a0{ancien}\u00a0»" in textes[nouveau.email]
        candidature.refresh_from_db()
        assert candidature.depot_a_l_echeance_par == ancien

    def test_la_base_refuse_deux_porteurs(self, candidature):
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            participer(candidature, Qualite.PORTEUR)
        assert nom_contrainte(refus.value) == "participation_un_seul_porteur"

    def test_ni_a_soi_ni_a_qui_ne_participe_pas_ni_a_un_compte_ferme(self, candidature):
        with pytest.raises(RegleEnfreinte, match="est déjà le responsable de ce dossier"):
            self.passer(candidature, f.porteur_de(candidature))
        with pytest.raises(RegleEnfreinte, match="invitez d’abord"):
            self.passer(candidature, f.un_utilisateur())
        with pytest.raises(RegleEnfreinte, match="est fermé"):
            self.passer(candidature, participer(candidature, is_active=False).utilisateur)

    def test_un_co_porteur_ne_prend_pas_la_main(self, candidature):
        autre = participer(candidature).utilisateur
        with pytest.raises(RegleEnfreinte, match="Seul le responsable du dossier"):
            self.passer(candidature, autre, auteur=autre, motif="Je la prends")

    def test_un_administrateur_confie_le_dossier_avec_un_motif(self, candidature):
        administrateur, ancien = f.un_agent(Role.ADMINISTRATEUR), f.porteur_de(candidature)
        nouveau = participer(candidature).utilisateur
        with pytest.raises(RegleEnfreinte, match="écrivez pourquoi"):
            self.passer(candidature, nouveau, auteur=administrateur, motif=" ")
        self.passer(candidature, nouveau, auteur=administrateur, motif="Départ de la collectivité")
        assert qualites(candidature) == {ancien.email: Qualite.CO_PORTEUR, nouveau.email: Qualite.PORTEUR}
        assert dernier_acte(candidature)[2]["motif"] == "Départ de la collectivité"
        for courrier in Courrier.objects.all():
            assert "Le motif donné est «\u00a0Départ de la collectivité\u00a0»." in courrier.texte

    def test_un_administrateur_peut_choisir_quelqu_un_qui_ne_participait_pas_mais_pas_lui(self, candidature):
        administrateur, nouveau = f.un_agent(Role.ADMINISTRATEUR), f.un_utilisateur()
        ancien = f.porteur_de(candidature)
        with pytest.raises(RegleEnfreinte, match="à vous-même"):
            self.passer(candidature, administrateur, auteur=administrateur, motif="Départ")
        self.passer(candidature, nouveau, auteur=administrateur, motif="Départ")
        assert qualites(candidature) == {ancien.email: Qualite.CO_PORTEUR, nouveau.email: Qualite.PORTEUR}

    @pytest.mark.parametrize("parti", [False, True])
    def test_un_administrateur_ne_confie_pas_un_dossier_auquel_il_participe_ou_a_participe(self, candidature, parti):
        administrateur, nouveau = f.un_agent(Role.ADMINISTRATEUR), f.un_utilisateur()
        Participation.objects.create(candidature=candidature, utilisateur=administrateur, qualite=Qualite.LECTEUR)
        if parti:
            Participation.objects.filter(candidature=candidature, utilisateur=administrateur).delete()
        with pytest.raises(RegleEnfreinte, match="ou y avez participé"):
            self.passer(candidature, nouveau, auteur=administrateur, motif="Départ")


def test_ce_que_le_territoire_sait_decide_et_non_une_decision_tenue_secrete():
    _, (candidature,) = une_vague_close(None)
    constater_recevabilite(
        candidature=candidature,
        recevable=False,
        motif="Hors périmètre.",
        auteur=f.un_agent(Role.INSTRUCTEUR),
        maintenant=horloge_base(),
    )
    candidature.refresh_from_db()
    assert candidature.etat == EtatCandidature.IRRECEVABLE
    assert inviter(candidature).pk


def test_qui_instruit_un_dossier_n_y_participe_pas():
    _, (candidature,) = une_vague_close(None)
    instructeur = instruire(candidature)
    expert = f.un_agent(Role.EXPERT)
    with ignorer():
        une_saisine(candidature, expert, demande_par=instructeur)
    for agent in (instructeur, expert):
        with pytest.raises(RegleEnfreinte, match="instruction de ce dossier"):
            accepter(inviter(candidature, agent.email), agent)
        with pytest.raises(RegleEnfreinte, match="instruction de ce dossier"):
            equipe.passer_la_main(
                candidature=candidature,
                a=agent,
                auteur=f.un_agent(Role.ADMINISTRATEUR),
                maintenant=horloge_base(),
                motif="Départ",
            )


def test_les_etats_dans_lesquels_l_equipe_change():
    assert {etat for etat in EtatCandidature if empechement_de_changer_l_equipe(etat)} == {
        EtatCandidature.RETIREE,
        EtatCandidature.IRRECEVABLE,
        EtatCandidature.NON_RETENUE,
        EtatCandidature.AJOURNEE,
    }
    assert [q for q in Qualite if not empechement_de_gerer_l_equipe(EtatCandidature.BROUILLON, q)] == [Qualite.PORTEUR]
    assert empechement_de_gerer_l_equipe(EtatCandidature.RETIREE, Qualite.PORTEUR)


@pytest.mark.concurrence
@pytest.mark.django_db(transaction=True)
def test_de_deux_passations_simultanees_une_seule_a_lieu():
    candidature = f.une_candidature(complete=False)
    porteur = f.porteur_de(candidature)
    choisis = [participer(candidature).utilisateur, participer(candidature).utilisateur]
    depart, refus = Barrier(2, timeout=30), []

    def passer(a):
        try:
            depart.wait()
            equipe.passer_la_main(candidature=candidature, a=a, auteur=porteur, maintenant=horloge_base())
        except RegleEnfreinte as erreur:
            refus.append(erreur.message)
        finally:
            connection.close()

    fils = [Thread(target=passer, args=[choisi]) for choisi in choisis]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=60)
    assert refus == [equipe.SEUL_LE_PORTEUR]
    assert sorted(qualites(candidature).values()) == ["co_porteur", "co_porteur", "porteur"]
    assert f.porteur_de(candidature) in choisis
