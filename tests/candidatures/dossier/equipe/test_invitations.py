"""Who may join a file: invited, invited again, accepting."""

from datetime import timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client

from candidatures.depot.actions import retrait
from candidatures.dossier.actions import equipe, invitations
from candidatures.dossier.etats import Qualite
from candidatures.dossier.requetes import invitation_de
from candidatures.models import Invitation, Participation
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.texte.typographie import instant_fr
from tests import fabriques as f
from tests.candidatures.dossier.equipe.outils import accepter, dernier_acte, inviter, jeton_de, participer
from tests.candidatures.pages.pages import UNE_SECONDE, client_de, page, texte

pytestmark = pytest.mark.django_db


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
        assert "Vous serez lecteur\u00a0: vous pouvez lire le dossier" in courrier.texte
        assert dernier_acte(candidature) == (
            "inviter",
            str(porteur),
            {"email": "invite@example.fr", "qualite": "lecteur"},
        )

    @pytest.mark.parametrize("qualite", [Qualite.CO_PORTEUR, Qualite.LECTEUR])
    def test_seul_le_porteur_invite(self, candidature, qualite):
        autre = participer(candidature, qualite).utilisateur
        with pytest.raises(RegleEnfreinte, match="Seul le responsable du dossier"):
            inviter(candidature, auteur=autre)

    def test_personne_n_est_invite_comme_porteur(self, candidature):
        with pytest.raises(RegleEnfreinte, match="n’a qu’un responsable"):
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
            with pytest.raises(RegleEnfreinte, match="Seul le responsable du dossier"):
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
        assert "Une personne de plus participe au dossier, comme coresponsable." in courrier.texte
        assert "l’adresse invite@example.fr, et le nom qu’elle a donné est «\u00a0Inès Vité\u00a0»." in courrier.texte

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


class TestDecliner:
    @pytest.mark.parametrize("avec_compte", [False, True])
    def test_la_page_de_la_lettre_decline_avec_ou_sans_compte_et_qui_invite_le_sait_seul(
        self, candidature, avec_compte
    ):
        coporteur = participer(candidature).utilisateur
        invitation = inviter(candidature)
        client = client_de(f.un_utilisateur("invite@example.fr")) if avec_compte else Client()
        adresse = page("invitation", jeton_de(invitation))
        assert "Décliner l’invitation</button>" in texte(client.get(adresse))
        reponse = client.post(adresse, {"decliner": "1"}, follow=True)
        assert "Cette invitation est déclinée, et la personne qui l’a faite en est prévenue." in texte(reponse)
        assert "Décliner l’invitation</button>" not in texte(reponse)
        invitation.refresh_from_db()
        assert (invitation.declinee, invitation.acceptee_le, invitation.revoquee_le is None) == (True, None, False)
        (lettre,) = Courrier.objects.exclude(cle__startswith="invitation-")
        assert lettre.destinataire == f.porteur_de(candidature).email
        assert "invitée à l’adresse invite@example.fr ne souhaite pas participer au dossier." in lettre.texte
        for lecteur in (f.porteur_de(candidature), coporteur):
            lue = texte(client_de(lecteur).get(page("equipe", candidature.pk)))
            assert "Invitations en attente" not in lue
            assert "éclin" not in lue
        # Nothing says whether there is an account.
        assert dernier_acte(candidature)[0] == "decliner_invitation"

    def test_de_l_accueil_aussi_et_l_adresse_peut_etre_invitee_de_nouveau(self, candidature):
        invitation, invite = inviter(candidature), f.un_utilisateur("invite@example.fr")
        client = client_de(invite)
        reponse = client.post(page("invitation_recue", invitation.pk), {"decliner": "1"}, follow=True)
        assert "Vous avez décliné l’invitation" in texte(reponse)
        encore = {"decliner": "1"} | f.d_une_autre_page()
        assert client.post(page("invitation_recue", invitation.pk), encore).status_code == 404
        assert inviter(candidature).pk != invitation.pk

    def test_ce_qui_n_attend_plus_de_reponse_ne_se_decline_pas(self, candidature):
        invitation, invite = inviter(candidature), f.un_utilisateur("invite@example.fr")
        decliner = partial(invitations.decliner_invitation, jeton=jeton_de(invitation), utilisateur=None)
        with pytest.raises(RegleEnfreinte, match="a expiré le"):
            decliner(maintenant=invitation.expire_le)
        decliner(maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte, match="est déclinée"):
            decliner(maintenant=horloge_base())
        with pytest.raises(RegleEnfreinte, match="est déclinée"):
            accepter(invitation, invite)
        with pytest.raises(RegleEnfreinte, match="a décliné cette invitation"):
            invitations.revoquer_invitation(
                invitation=invitation, auteur=invitation.faite_par, maintenant=horloge_base()
            )
        with pytest.raises(IntegrityError) as refus, transaction.atomic():
            Invitation.objects.filter(pk=invitation.pk).update(revoquee_le=None)
        assert nom_contrainte(refus.value) == "invitation_declinee_est_close"
