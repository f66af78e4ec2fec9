"""The pages of a file's people, as a browser asks for them: who opens which, and what they say."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidatures.depot.actions import retrait
from candidatures.dossier.actions import equipe, invitations, redaction
from candidatures.dossier.etats import Qualite
from candidatures.models import Candidature, Invitation, Participation
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.dossier.equipe.outils import inviter, jeton_de, participer, qualites
from tests.candidatures.instruction.instruction import demander_avis, instruire, une_vague_close
from tests.candidatures.pages.pages import client_de, nouveau, page, sans_jeton, texte

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidature():
    return f.une_candidature(complete=False)


@pytest.fixture
def porteur(candidature):
    return client_de(f.porteur_de(candidature))


def invite() -> Utilisateur:
    return f.un_utilisateur("invite@example.fr")


def page_invitation(invitation: Invitation) -> str:
    return page("invitation", jeton_de(invitation))


class TestAcces:
    def test_un_tiers_recoit_partout_le_meme_404_que_pour_un_dossier_qui_n_existe_pas(self, candidature):
        invitation, participation = inviter(candidature), participer(candidature)
        pk, tiers = candidature.pk, client_de(f.un_utilisateur())
        absent = tiers.get(page("equipe", 999_999))
        for adresse in (
            page("equipe", pk),
            page("passer_la_main", pk),
            page("participant", pk, participation.pk),
            page("participant_retirer", pk, participation.pk),
        ):
            for reponse in (tiers.get(adresse), tiers.post(adresse)):
                assert reponse.status_code == 404, adresse
                assert sans_jeton(reponse) == sans_jeton(absent)
            assert Client().get(adresse).url.startswith(reverse("account_login"))
        for nom in ("renvoyer_invitation", "revoquer_invitation"):
            assert tiers.post(page(nom, pk, invitation.pk)).status_code == 404

    def test_une_invitation_ou_une_participation_d_un_autre_dossier_n_existe_pas(self, candidature, porteur):
        autre = f.une_candidature(vague=candidature.vague, complete=False)
        invitation, participation = inviter(autre), participer(autre)
        assert porteur.get(page("participant", candidature.pk, participation.pk)).status_code == 404
        assert porteur.post(page("participant_retirer", candidature.pk, participation.pk)).status_code == 404
        assert porteur.post(page("revoquer_invitation", candidature.pk, invitation.pk)).status_code == 404

    @pytest.mark.parametrize("qualite", [Qualite.CO_PORTEUR, Qualite.LECTEUR])
    def test_les_autres_lisent_la_page_sans_pouvoir_rien_y_changer(self, candidature, qualite):
        invitation, participation = inviter(candidature), participer(candidature)
        client = nouveau(candidature, qualite)
        lue = texte(client.get(page("equipe", candidature.pk)))
        assert "invite@example.fr" in lue
        assert "Quitter ce dossier" in lue
        for absent in ("Inviter une personne", "Renvoyer", "Changer son rôle", "Passer la main"):
            assert absent not in lue
        for adresse in (page("participant", candidature.pk, participation.pk), page("passer_la_main", candidature.pk)):
            assert client.get(adresse).status_code == 409
        assert client.get(page("participant_retirer", candidature.pk, participation.pk)).status_code == 409
        assert client.post(page("revoquer_invitation", candidature.pk, invitation.pk)).status_code == 409
        refus = client.post(page("equipe", candidature.pk), {"email": "x@example.fr", "qualite": "lecteur"})
        assert (refus.status_code, Invitation.objects.count()) == (409, 1)


class TestEquipe:
    def test_le_porteur_invite_renvoie_et_annule(self, candidature, porteur):
        adresse = page("equipe", candidature.pk)
        envoi = {"email": "Invite@example.fr", "qualite": "lecteur"}
        assert "L’invitation est envoyée." in texte(porteur.post(adresse, envoi, follow=True))
        assert porteur.post(adresse, envoi | {"qualite": "co_porteur"}).status_code == 409
        invitation = Invitation.objects.get()
        Invitation.objects.update(faite_le=horloge_base() - timedelta(days=1))
        renvoyee = porteur.post(page("renvoyer_invitation", candidature.pk, invitation.pk), follow=True)
        assert "L’ancien ne fonctionne plus." in texte(renvoyee)
        annulee = porteur.post(page("revoquer_invitation", candidature.pk, invitation.pk), follow=True)
        assert "Invitations en attente" not in texte(annulee)
        assert Courrier.objects.filter(destinataire="invite@example.fr").count() == 2

    def test_un_formulaire_incomplet_dit_ce_qui_manque(self, candidature, porteur):
        reponse = porteur.post(page("equipe", candidature.pk), {"email": "pas une adresse"})
        assert reponse.status_code == 200
        assert reponse.context["formulaire"].errors["qualite"] == ["Choisissez un rôle."]
        assert not Invitation.objects.exists()

    def test_une_invitation_expiree_le_dit(self, candidature, porteur):
        inviter(candidature, maintenant=horloge_base() - timedelta(days=15))
        assert "Expirée" in texte(porteur.get(page("equipe", candidature.pk)))

    def test_le_porteur_change_un_role_puis_arrete_une_participation(self, candidature, porteur):
        participation = participer(candidature)
        adresse = page("participant", candidature.pk, participation.pk)
        assert porteur.get(adresse).status_code == 200
        assert porteur.post(adresse, {"qualite": "lecteur"}).url == page("equipe", candidature.pk)
        assert qualites(candidature)[participation.utilisateur.email] == "lecteur"
        adresse = page("participant_retirer", candidature.pk, participation.pk)
        assert "n’aura plus accès" in texte(porteur.get(adresse))
        assert porteur.post(adresse).url == page("equipe", candidature.pk)
        assert participation.utilisateur.email not in qualites(candidature)

    def test_on_quitte_un_dossier_puis_il_n_existe_plus_pour_soi(self, candidature):
        participation = participer(candidature)
        client = client_de(participation.utilisateur)
        adresse = page("participant_retirer", candidature.pk, participation.pk)
        assert "Quitter le dossier" in texte(client.get(adresse))
        assert client.post(adresse).url == page("liste")
        assert client.get(page("equipe", candidature.pk)).status_code == 404

    def test_le_porteur_passe_la_main(self, candidature, porteur):
        adresse = page("passer_la_main", candidature.pk)
        assert "invitez d’abord votre successeur" in texte(porteur.get(adresse))
        autre = participer(candidature).utilisateur
        assert porteur.post(adresse, {"a": f.porteur_de(candidature).pk}).status_code == 200
        assert porteur.post(adresse, {"a": autre.pk}).url == page("equipe", candidature.pk)
        assert qualites(candidature)[autre.email] == "porteur"
        assert porteur.get(adresse).status_code == 409

    def test_une_fois_le_dossier_retire_l_equipe_ne_change_plus(self, candidature, porteur):
        autre = participer(candidature)
        retrait.retirer(candidature=candidature, auteur=f.porteur_de(candidature), maintenant=horloge_base())
        lue = texte(porteur.get(page("equipe", candidature.pk)))
        assert "L’équipe de ce dossier ne change plus (état\u00a0: retirée)." in lue
        assert "Inviter une personne" not in lue
        assert porteur.get(page("participant_retirer", candidature.pk, autre.pk)).status_code == 409

    def test_un_lecteur_voit_ce_qui_manque_au_dossier(self, candidature):
        lue = texte(nouveau(candidature, Qualite.LECTEUR).get(page("dossier", candidature.pk)))
        assert "Il manque" in lue
        assert page("section", candidature.pk, "choc") not in lue


class TestQuiAFaitQuoi:
    def test_chaque_acte_se_lit_avec_son_auteur_et_mene_a_la_version(self, candidature, porteur):
        auteur = f.porteur_de(candidature)
        redaction.enregistrer_section(
            candidature=candidature,
            section="mission",
            reponses={"attentes": "Une feuille de route."},
            auteur=auteur,
            maintenant=horloge_base(),
        )
        participation = participer(candidature, prenom="Inès", nom="Vité")
        equipe.changer_qualite(
            participation=participation, qualite=Qualite.LECTEUR, auteur=auteur, maintenant=horloge_base()
        )
        reponse = porteur.get(page("equipe", candidature.pk))
        titre = candidature.cahier.cahier.section("mission").titre
        assert [evenement.titre for evenement in reponse.context["evenements"]] == [
            "Rôle changé dans le dossier\u00a0: Inès Vité, lecteur",
            f"Rubrique enregistrée\u00a0: «\u00a0{titre}\u00a0»",
            "Dossier ouvert",
        ]
        assert page("version", candidature.pk, "mission", 1) in texte(reponse)
        assert reponse.context["evenements"][2].texte == f"Par {auteur}"

    def test_la_derniere_action_de_chacun_saisie_automatique_comprise(self, candidature, porteur):
        autre, muet = participer(candidature), participer(candidature, Qualite.LECTEUR)
        redaction.enregistrer_section(
            candidature=candidature,
            section="mission",
            reponses={"attentes": "En cours de"},
            auteur=autre.utilisateur,
            maintenant=horloge_base(),
            automatique=True,
        )
        lignes = porteur.get(page("equipe", candidature.pk)).context["equipe"]
        titre = candidature.cahier.cahier.section("mission").titre
        assert [(ligne.participation.qualite, ligne.dernier_acte) for ligne, _ in lignes] == [
            ("porteur", "Dossier ouvert"),
            ("co_porteur", f"Saisie dans la rubrique «\u00a0{titre}\u00a0»"),
            ("lecteur", ""),
        ]
        assert lignes[2][0].participation == muet

    def test_rien_de_l_instruction_ni_des_decisions_n_y_parait(self):
        _, (candidature,) = une_vague_close(None)
        agent, expert = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.EXPERT)
        # Before the proposal: from then on no avis is asked for any more.
        demander_avis(candidature=candidature, expert=expert, question="?", auteur=agent, maintenant=horloge_base())
        instruire(candidature, instructeur=agent)
        tous = EntreeJournal.objects.filter(objet_type="candidatures.candidature", objet_id=str(candidature.pk))
        assert {"constater_recevabilite", "proposer", "demander_avis"} <= set(tous.values_list("acte", flat=True))
        lecteur = nouveau(candidature, Qualite.LECTEUR)
        reponse = lecteur.get(page("equipe", candidature.pk))
        titres = [evenement.titre for evenement in reponse.context["evenements"]]
        assert titres[0].startswith("Dossier déposé\u00a0: ")
        assert titres[-1] == "Dossier ouvert"
        for secret in (str(agent), str(expert), "recevable", "Proposition", "Avis"):
            assert secret not in texte(reponse)

    def test_l_activite_se_pagine(self, candidature, porteur):
        for rang in range(25):
            inviter(candidature, f"personne-{rang}@example.fr")
        assert len(porteur.get(page("equipe", candidature.pk)).context["evenements"]) == 20
        assert len(porteur.get(page("equipe", candidature.pk), {"page": 2}).context["evenements"]) == 6

    def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_personnes(self, candidature, porteur):
        def compter() -> int:
            with CaptureQueriesContext(connection) as requetes:
                assert porteur.get(page("equipe", candidature.pk)).status_code == 200
            return len(requetes)

        participer(candidature)
        inviter(candidature)
        # The specifications are read once in a process.
        compter()
        peu = compter()
        for rang in range(2):
            participer(candidature)
            inviter(candidature, f"autre-{rang}@example.fr")
        assert compter() == peu
        assert peu <= 12


class TestInvitation:
    def test_sans_compte_la_page_explique_et_ramene_ici(self, candidature):
        invitation = inviter(candidature)
        adresse = page_invitation(invitation)
        reponse = Client().get(adresse)
        lue = texte(reponse)
        assert f"{candidature.territoire}" in lue
        assert f'href="{reverse("account_login")}?next={adresse}"' in lue
        assert f'href="{reverse("account_signup")}?next={adresse}"' in lue
        assert "Accepter l’invitation" not in lue
        assert "no-store" in reponse["Cache-Control"]
        assert Client().post(adresse).url == f"{reverse('account_login')}?next={adresse}"
        assert not Participation.objects.filter(qualite=Qualite.CO_PORTEUR).exists()

    def test_on_cree_son_compte_puis_on_accepte(self, candidature):
        adresse, client = page_invitation(inviter(candidature)), Client()
        inscription = {"prenom": "Inès", "nom": "Vité", "email": "invite@example.fr", "next": adresse}
        client.post(reverse("account_signup"), inscription)
        code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE)
        assert code is not None, mail.outbox[-1].body
        retour = client.post(reverse("account_email_verification_sent"), {"code": code[1]})
        assert retour.url == adresse
        assert "Accepter l’invitation" in texte(client.get(adresse))
        accueil = client.post(adresse, follow=True)
        assert "Vous participez maintenant à ce dossier." in texte(accueil)
        assert qualites(candidature)["invite@example.fr"] == "co_porteur"
        assert "Vous avez accepté cette invitation" in texte(client.get(adresse))

    def test_lire_la_page_n_accepte_rien(self, candidature):
        adresse, client = page_invitation(inviter(candidature)), client_de(invite())
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        assert not [r for r in requetes if re.match("INSERT|UPDATE|DELETE", r["sql"])]
        assert client.post(adresse).url == page("dossier", candidature.pk)

    def test_chaque_refus_a_sa_phrase(self, candidature):
        invitation = inviter(candidature)
        adresse, personne = page_invitation(invitation), invite()
        autre = client_de(f.un_utilisateur())
        assert "a été envoyée à une autre" in texte(autre.get(adresse))
        refus = autre.post(adresse)
        assert (refus.status_code, "Changer de compte" in texte(refus)) == (409, True)
        invitations.revoquer_invitation(
            invitation=invitation, auteur=f.porteur_de(candidature), maintenant=horloge_base()
        )
        for client in (Client(), client_de(personne)):
            assert "a été annulée par le responsable du dossier" in texte(client.get(adresse))
            inconnu = client.get(page("invitation", "x" * 43))
            assert (inconnu.status_code, "pas valable" in texte(inconnu)) == (404, True)


class TestAdministrateur:
    @pytest.fixture
    def client(self):
        return client_de(f.un_agent(Role.ADMINISTRATEUR))

    def adresse(self, candidature: Candidature) -> str:
        return reverse("administration:passer_la_main", args=[candidature.pk])

    def test_personne_d_autre_n_ouvre_ces_pages(self, candidature, porteur):
        for adresse in (reverse("administration:retrouver_dossier"), self.adresse(candidature)):
            assert porteur.get(adresse).status_code == 404
            assert client_de(f.un_agent(Role.INSTRUCTEUR)).get(adresse).status_code == 404

    def test_le_dossier_se_trouve_par_sa_reference(self, candidature, client):
        recherche = reverse("administration:retrouver_dossier")
        for saisie in (candidature.reference, f" {candidature.reference.lower()} ", candidature.reference[1:]):
            assert client.get(recherche, {"reference": saisie}).url == self.adresse(candidature)
        ailleurs = f"R{candidature.vague.numero + 1}-{candidature.pk}"
        assert f"Aucun dossier n’a la référence {ailleurs}." in texte(client.get(recherche, {"reference": ailleurs}))
        for faux in ("42", "R99999-999999999"):
            assert client.get(recherche, {"reference": faux}).status_code == 200
        assert "Confier un dossier" in texte(client.get(recherche))

    def test_il_confie_le_dossier_a_un_participant_avec_un_motif(self, candidature, client):
        autre = participer(candidature).utilisateur
        adresse = self.adresse(candidature)
        assert f.porteur_de(candidature).email in texte(client.get(adresse))
        sans_motif = client.post(adresse, {"a": autre.pk, "motif": ""})
        assert sans_motif.context["formulaire"].errors == {"motif": ["Écrivez le motif."]}
        assert client.post(adresse, {"a": autre.pk, "motif": "Départ"}).url == adresse
        assert qualites(candidature)[autre.email] == "porteur"

    def test_ou_a_une_autre_personne_qui_a_un_compte(self, candidature, client):
        adresse, envoi = self.adresse(candidature), {"a": "autre", "motif": "Départ"}
        for email, erreur in (
            ("", "Donnez son adresse e-mail."),
            ("inconnu@example.fr", "Aucun compte n’a cette adresse. La personne doit d’abord créer le sien."),
        ):
            reponse = client.post(adresse, envoi | {"email": email})
            assert reponse.context["formulaire"].errors == {"email": [erreur]}
        nouvelle = invite()
        assert client.post(adresse, envoi | {"email": "INVITE@example.fr"}).status_code == 302
        assert f.porteur_de(candidature) == nouvelle

    def test_il_ne_voit_rien_de_ce_que_contient_le_dossier(self, client):
        candidature = f.une_candidature()
        lue = texte(client.get(self.adresse(candidature)))
        assert "Une usine ferme." not in lue
        assert client.get(page("dossier", candidature.pk)).status_code == 404
