"""Who may join a file, with which role, who leaves it, and who carries it on."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction

from candidatures.depot.actions import retrait
from candidatures.dossier.actions import equipe, invitations
from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.dossier.regles import empechement_de_changer_l_equipe, empechement_de_gerer_l_equipe
from candidatures.dossier.requetes import invitation_de
from candidatures.instruction import actions as instruction
from candidatures.instruction.acces import visibles_par
from candidatures.models import Avis, Candidature, Invitation, Participation, Presence
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close
from tests.candidatures.pages.pages import UNE_SECONDE

pytestmark = pytest.mark.django_db

JETON = re.compile(r"http://localhost:8000/candidatures/invitations/([\w-]{43})/\n")


@pytest.fixture
def candidature():
    return f.une_candidature(complete=False)


def inviter(candidature: Candidature, email: str = "invite@example.fr", **arguments) -> Invitation:
    arguments = {"qualite": Qualite.CO_PORTEUR, "auteur": f.porteur_de(candidature)} | arguments
    return invitations.inviter(candidature=candidature, email=email, **({"maintenant": horloge_base()} | arguments))


def jeton_de(invitation: Invitation) -> str:
    courrier = Courrier.objects.filter(cle__startswith=f"invitation-{invitation.pk}-").latest("pk")
    trouve = JETON.search(courrier.texte)
    assert trouve is not None
    return trouve[1]


def accepter(invitation: Invitation, utilisateur: Utilisateur, maintenant=None) -> Participation:
    return invitations.accepter_invitation(
        jeton=jeton_de(invitation), utilisateur=utilisateur, maintenant=maintenant or horloge_base()
    )


def participer(candidature: Candidature, qualite: Qualite = Qualite.CO_PORTEUR, **personne) -> Participation:
    return Participation.objects.create(
        candidature=candidature, utilisateur=f.un_utilisateur(**personne), qualite=qualite
    )


def qualites(candidature: Candidature) -> dict[str, str]:
    return dict(candidature.participations.values_list("utilisateur__email", "qualite"))


def dernier_acte(candidature: Candidature) -> tuple[str, str, dict]:
    entree = EntreeJournal.objects.filter(objet_id=str(candidature.pk)).latest("pk")
    return entree.acte, entree.acteur, entree.details


class TestInviter:
    def test_le_lien_part_par_courriel_et_le_portail_n_en_garde_que_l_empreinte(self, candidature):
        maintenant = horloge_base()
        invitation = inviter(candidature, " Invite@Example.fr ", qualite=Qualite.LECTEUR, maintenant=maintenant)
        porteur, courrier, jeton = f.porteur_de(candidature), Courrier.objects.get(), jeton_de(invitation)
        invitation.refresh_from_db()
        assert (invitation.email, invitation.qualite, invitation.faite_par, invitation.faite_le) == (
            "invite@example.fr",
            Qualite.LECTEUR,
            porteur,
            maintenant,
        )
        assert invitation.expire_le == maintenant + timedelta(days=14)
        assert jeton not in str(Invitation.objects.values().get())
        assert courrier.destinataire == "invite@example.fr"
        assert courrier.objet == f"Invitation à participer au dossier {candidature.reference}"
        assert instant_fr(invitation.expire_le) in courrier.texte
        assert "Vous y serez lecteur\u00a0: vous pouvez lire le dossier" in courrier.texte
        assert dernier_acte(candidature) == (
            "inviter",
            str(porteur),
            {"email": "invite@example.fr", "qualite": "lecteur"},
        )

    @pytest.mark.parametrize("qualite", [Qualite.CO_PORTEUR, Qualite.LECTEUR])
    def test_seul_le_porteur_invite(self, candidature, qualite):
        autre = participer(candidature, qualite).utilisateur
        with pytest.raises(RegleEnfreinte, match="Seul le porteur"):
            inviter(candidature, auteur=autre)

    def test_personne_n_est_invite_comme_porteur(self, candidature):
        with pytest.raises(RegleEnfreinte, match="n’a qu’un porteur"):
            inviter(candidature, qualite=Qualite.PORTEUR)
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            Invitation.objects.filter(pk=inviter(candidature).pk).update(qualite=Qualite.PORTEUR)
        assert nom_contrainte(refus.value) == "invitation_sans_porteur"

    def test_qui_participe_deja_n_est_pas_invite(self, candidature):
        deja = participer(candidature).utilisateur
        with pytest.raises(RegleEnfreinte, match="participe déjà au dossier"):
            inviter(candidature, deja.email.upper())

    def test_une_invitation_en_attente_se_renvoie_mais_ne_se_double_pas(self, candidature):
        inviter(candidature)
        with pytest.raises(RegleEnfreinte, match="vous pouvez lui renvoyer"):
            inviter(candidature, "INVITE@example.fr")
        assert Courrier.objects.count() == 1

    def test_une_invitation_expiree_se_refait_par_une_nouvelle(self, candidature):
        ancienne = inviter(candidature, maintenant=horloge_base() - timedelta(days=14))
        nouvelle = inviter(candidature, qualite=Qualite.LECTEUR)
        assert (nouvelle.pk, nouvelle.qualite) == (ancienne.pk, Qualite.LECTEUR)
        assert Courrier.objects.count() == 2

    def test_le_portail_n_ecrit_pas_a_tout_le_monde(self, candidature, monkeypatch):
        monkeypatch.setattr(invitations, "PERSONNES_MAX", 3)
        participer(candidature)
        inviter(candidature)
        with pytest.raises(RegleEnfreinte, match="au plus 3 personnes"):
            inviter(candidature, "quatrieme@example.fr")

    def test_apres_la_cloture_l_equipe_change_encore(self):
        candidature = f.une_candidature(vague=f.une_vague(cloture=horloge_base() - timedelta(hours=1)))
        assert inviter(candidature).pk

    def test_un_dossier_retire_n_accueille_plus_personne(self, candidature):
        invitation = inviter(candidature)
        retrait.retirer(candidature=candidature, auteur=f.porteur_de(candidature), maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte, match="ne change plus"):
            inviter(candidature, "autre@example.fr")
        with pytest.raises(RegleEnfreinte, match="personne ne peut plus le rejoindre"):
            accepter(invitation, f.un_utilisateur("invite@example.fr"))


class TestRenvoyerEtRevoquer:
    def test_renvoyer_donne_un_autre_lien_et_une_autre_date(self, candidature):
        envoyee = horloge_base() - timedelta(days=3)
        invitation = inviter(candidature, maintenant=envoyee)
        ancien, maintenant = jeton_de(invitation), horloge_base()
        renvoyee = invitations.renvoyer_invitation(
            invitation=invitation, auteur=f.porteur_de(candidature), maintenant=maintenant
        )
        assert renvoyee.expire_le == maintenant + timedelta(days=14)
        assert jeton_de(invitation) != ancien
        assert invitation_de(ancien) is None
        with pytest.raises(RegleEnfreinte, match="n’est pas valable"):
            invitations.accepter_invitation(
                jeton=ancien, utilisateur=f.un_utilisateur("invite@example.fr"), maintenant=maintenant
            )

    def test_un_second_clic_n_envoie_pas_un_second_lien(self, candidature):
        maintenant = horloge_base()
        invitation, porteur = inviter(candidature, maintenant=maintenant), f.porteur_de(candidature)
        with pytest.raises(RegleEnfreinte, match="attendez une minute"):
            invitations.renvoyer_invitation(
                invitation=invitation, auteur=porteur, maintenant=maintenant + 59 * UNE_SECONDE
            )
        invitations.renvoyer_invitation(
            invitation=invitation, auteur=porteur, maintenant=maintenant + 60 * UNE_SECONDE
        )
        assert Courrier.objects.count() == 2

    def test_une_invitation_annulee_ne_s_accepte_ni_ne_se_renvoie_et_peut_etre_refaite(self, candidature):
        invitation, porteur = inviter(candidature), f.porteur_de(candidature)
        invitations.revoquer_invitation(invitation=invitation, auteur=porteur, maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte, match="a été annulée"):
            accepter(invitation, f.un_utilisateur("invite@example.fr"))
        for acte in (invitations.renvoyer_invitation, invitations.revoquer_invitation):
            with pytest.raises(RegleEnfreinte, match="déjà été annulée"):
                acte(invitation=invitation, auteur=porteur, maintenant=horloge_base() + timedelta(hours=1))
        assert inviter(candidature).pk != invitation.pk

    def test_seul_le_porteur_renvoie_ou_annule(self, candidature):
        invitation, autre = inviter(candidature), participer(candidature).utilisateur
        for acte in (invitations.renvoyer_invitation, invitations.revoquer_invitation):
            with pytest.raises(RegleEnfreinte, match="Seul le porteur"):
                acte(invitation=invitation, auteur=autre, maintenant=horloge_base() + timedelta(hours=1))


class TestAccepter:
    def test_la_personne_participe_et_le_porteur_le_sait(self, candidature):
        invitation, invite = inviter(candidature), f.un_utilisateur("invite@example.fr", prenom="Inès", nom="Vité")
        maintenant = horloge_base()
        participation = accepter(invitation, invite, maintenant)
        invitation.refresh_from_db()
        assert (participation.qualite, participation.depuis) == (Qualite.CO_PORTEUR, maintenant)
        assert (invitation.acceptee_le, invitation.acceptee_par) == (maintenant, invite)
        assert dernier_acte(candidature) == ("accepter_invitation", "Inès Vité", {"qualite": "co_porteur"})
        courrier = Courrier.objects.get(destinataire=f.porteur_de(candidature).email)
        assert "Inès Vité (invite@example.fr) participe maintenant au dossier comme co-porteur." in courrier.texte

    def test_accepter_deux_fois_ne_change_rien(self, candidature):
        invitation, invite = inviter(candidature), f.un_utilisateur("invite@example.fr")
        premiere = accepter(invitation, invite)
        assert accepter(invitation, invite, horloge_base() + timedelta(days=30)) == premiere
        assert EntreeJournal.objects.filter(acte="accepter_invitation").count() == 1

    def test_elle_ne_sert_qu_une_fois(self, candidature):
        invitation, invite = inviter(candidature), f.un_utilisateur("invite@example.fr")
        participation = accepter(invitation, invite)
        with pytest.raises(RegleEnfreinte, match="déjà été acceptée"):
            accepter(invitation, f.un_utilisateur())
        equipe.retirer_participant(
            participation=participation, auteur=f.porteur_de(candidature), maintenant=horloge_base()
        )
        with pytest.raises(RegleEnfreinte, match="ne participez plus"):
            accepter(invitation, invite)

    def test_elle_expire_a_l_instant_dit(self, candidature):
        invitation, invite = inviter(candidature), f.un_utilisateur("invite@example.fr")
        with pytest.raises(RegleEnfreinte, match="a expiré le"):
            accepter(invitation, invite, invitation.expire_le)
        assert accepter(invitation, invite, invitation.expire_le - UNE_SECONDE)

    def test_une_autre_adresse_ou_une_adresse_non_verifiee_est_refusee(self, candidature):
        invitation = inviter(candidature)
        with pytest.raises(RegleEnfreinte, match="a été envoyée à une autre"):
            accepter(invitation, f.un_utilisateur())
        invite = f.un_utilisateur("invite@example.fr")
        EmailAddress.objects.filter(user=invite).update(verified=False)
        with pytest.raises(RegleEnfreinte):
            accepter(invitation, invite)
        EmailAddress.objects.filter(user=invite).update(verified=True, email="INVITE@Example.fr")
        assert accepter(invitation, invite)

    def test_qui_participe_deja_garde_sa_qualite(self, candidature):
        invitation, invite = inviter(candidature), f.un_utilisateur("invite@example.fr")
        Participation.objects.create(candidature=candidature, utilisateur=invite, qualite=Qualite.LECTEUR)
        assert accepter(invitation, invite).qualite == Qualite.LECTEUR


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
        with pytest.raises(RegleEnfreinte, match="Seul le porteur"):
            equipe.changer_qualite(
                participation=participation, qualite=Qualite.CO_PORTEUR, auteur=autre, maintenant=horloge_base()
            )
        with pytest.raises(RegleEnfreinte, match="Seul le porteur"):
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
        assert f"{ancien} a demandé au portail de déposer la dernière version complète" in textes[nouveau.email]
        candidature.refresh_from_db()
        assert candidature.depot_a_l_echeance_par == ancien

    def test_la_base_refuse_deux_porteurs(self, candidature):
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            participer(candidature, Qualite.PORTEUR)
        assert nom_contrainte(refus.value) == "participation_un_seul_porteur"

    def test_ni_a_soi_ni_a_qui_ne_participe_pas_ni_a_un_compte_ferme(self, candidature):
        with pytest.raises(RegleEnfreinte, match="est déjà le porteur"):
            self.passer(candidature, f.porteur_de(candidature))
        with pytest.raises(RegleEnfreinte, match="invitez d’abord"):
            self.passer(candidature, f.un_utilisateur())
        with pytest.raises(RegleEnfreinte, match="est fermé"):
            self.passer(candidature, participer(candidature, is_active=False).utilisateur)

    def test_un_co_porteur_ne_prend_pas_la_main(self, candidature):
        autre = participer(candidature).utilisateur
        with pytest.raises(RegleEnfreinte, match="Seul le porteur"):
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
            assert "Motif\u00a0: Départ de la collectivité" in courrier.texte

    def test_un_administrateur_peut_choisir_quelqu_un_qui_ne_participait_pas_mais_pas_lui(self, candidature):
        administrateur, nouveau = f.un_agent(Role.ADMINISTRATEUR), f.un_utilisateur()
        ancien = f.porteur_de(candidature)
        with pytest.raises(RegleEnfreinte, match="à vous-même"):
            self.passer(candidature, administrateur, auteur=administrateur, motif="Départ")
        self.passer(candidature, nouveau, auteur=administrateur, motif="Départ")
        assert qualites(candidature) == {ancien.email: Qualite.CO_PORTEUR, nouveau.email: Qualite.PORTEUR}


def test_ce_que_le_territoire_sait_decide_et_non_une_decision_tenue_secrete():
    _, (candidature,) = une_vague_close(None)
    instruction.constater_recevabilite(
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
    Avis.objects.create(
        candidature=candidature, expert=expert, demande_par=instructeur, demande_le=horloge_base(), question="?"
    )
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
