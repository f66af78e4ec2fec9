"""What somebody of a territory reads first: what they have to do, by when, and where; else what comes next."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidatures.dossier.actions.dossiers import ouvrir_candidature
from candidatures.dossier.actions.invitations import inviter, revoquer_invitation
from candidatures.dossier.etats import Qualite
from candidatures.instruction.echanges.actions import envoyer_message
from candidatures.instruction.echanges.requetes import avec_non_lus, non_lus
from candidatures.models import Candidature, Invitation, Labellisation, Participation, Vague
from candidatures.pages.territoire.accueil.espace import Espace, espace_de
from rebond.comptes.rattachements.actions import demander
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import limite_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.depot.accords.test_accords import signer, un_agent, un_dossier_complet
from tests.candidatures.instruction.corrections.outils import demander as demander_correction
from tests.candidatures.instruction.instruction import une_vague_close
from tests.candidatures.labellisation.test_lettres_de_resultat import une_vague_annoncee
from tests.candidatures.pages.pages import client_de, en_retard, page, texte
from tests.outils.roles import sans_declencheurs

pytestmark = pytest.mark.django_db


def lu(personne: Utilisateur) -> Espace:
    return espace_de(Utilisateur.objects.get(pk=personne.pk), horloge_base())


def choses(personne: Utilisateur) -> list[tuple[str, str, str]]:
    """What, where, and what the button says."""
    return [(chose.quoi, chose.lien, chose.libelle) for chose in lu(personne).a_faire]


def nom(candidature: Candidature) -> str:
    return f"{candidature.reference}, {candidature.territoire}"


def participant(candidature: Candidature, qualite: Qualite) -> Utilisateur:
    personne = f.un_utilisateur()
    Participation.objects.create(candidature=candidature, utilisateur=personne, qualite=qualite)
    return personne


class TestUnBrouillon:
    def test_il_manque_autant_que_sur_la_page_du_dossier_et_le_bouton_mene_au_premier_manque(self):
        candidature = f.une_candidature(complete=False)
        porteur = f.porteur_de(candidature)
        (chose,) = lu(porteur).a_faire
        manquants = re.search(r"il manque (\d+\u00a0réponses ou pièces)", chose.quoi)
        assert manquants is not None
        assert f"il manque encore {manquants[1]}." in texte(client_de(porteur).get(page("dossier", candidature.pk)))
        assert chose.quoi == f"Continuer le dossier {nom(candidature)}\u00a0: {manquants[0]}."
        assert (chose.lien, chose.libelle) == (page("section", candidature.pk, "choc"), "Continuer le dossier")
        limite = limite_fr(candidature.echeance)
        assert chose.quand == f"Avant le {limite} (heure de Paris)\u00a0: il reste 29\u00a0jours."
        assert not chose.presse

    def test_qui_ne_fait_que_lire_n_a_rien_a_y_faire(self):
        candidature = f.une_candidature(complete=False)
        assert choses(participant(candidature, Qualite.LECTEUR)) == []
        assert len(choses(participant(candidature, Qualite.CO_PORTEUR))) == 1

    def test_complet_son_responsable_le_depose_et_personne_d_autre(self):
        candidature = f.une_candidature()
        depot = f"Relire et déposer le dossier {nom(candidature)}\u00a0: il est complet."
        assert choses(f.porteur_de(candidature)) == [(depot, page("deposer", candidature.pk), "Relire et déposer")]
        coporteur = lu(participant(candidature, Qualite.CO_PORTEUR))
        assert coporteur.a_faire == []
        assert coporteur.dossiers[0][1].startswith("Son responsable peut le déposer jusqu’au ")

    def test_depose_il_n_y_a_plus_rien_a_faire_qu_a_redeposer_ce_qui_a_change(self):
        candidature = f.une_candidature()
        porteur = f.porteur_de(candidature)
        f.un_depot(candidature)
        depose = lu(porteur)
        assert depose.a_faire == []
        limite = limite_fr(candidature.echeance)
        assert depose.rien == [
            f"La période de dépôt se termine le {limite} (heure de Paris). Les dossiers sont examinés ensuite."
        ]
        f.reecrire(candidature)
        quoi = f"Déposer de nouveau le dossier {nom(candidature)}\u00a0: vos dernières modifications ne sont pas "
        quoi += "déposées."
        assert choses(porteur) == [(quoi, page("deposer", candidature.pk), "Relire et déposer de nouveau")]

    def test_l_echeance_passee_il_ne_se_continue_plus(self):
        candidature = en_retard(f.une_candidature())
        porteur = lu(f.porteur_de(candidature))
        assert porteur.a_faire == []
        assert porteur.dossiers[0][1].startswith("Il n’a pas été déposé\u00a0: la date limite était le ")

    def test_le_plus_presse_d_abord_et_dit_comme_tel(self):
        candidature = f.une_candidature(vague=f.une_vague(cloture=horloge_base() + timedelta(days=3)), complete=False)
        (chose,) = lu(f.porteur_de(candidature)).a_faire
        assert chose.presse


class TestUneCorrection:
    def test_elle_est_a_rendre_avant_sa_date_par_qui_peut_l_ecrire(self):
        _, (dossier,) = une_vague_close(None)
        demande = demander_correction(dossier, f.un_agent(Role.INSTRUCTEUR))
        lecteur = participant(dossier, Qualite.LECTEUR)
        (chose,) = lu(f.porteur_de(dossier)).a_faire
        assert chose.quoi == f"Répondre à la correction demandée sur le dossier {nom(dossier)}."
        assert chose.quand.startswith(f"Avant le {limite_fr(demande.echeance)} (heure de Paris)\u00a0: il reste ")
        assert (chose.lien, chose.libelle) == (page("correction", dossier.pk), "Voir ce qui est demandé")
        assert choses(lecteur) == []
        assert lu(lecteur).dossiers[0][1] == (
            f"L’instruction attend la correction jusqu’au {limite_fr(demande.echeance)}."
        )

    def test_l_onglet_des_corrections_n_est_la_que_s_il_y_en_a(self):
        _, (dossier, autre) = une_vague_close(None, None)
        demander_correction(dossier, f.un_agent(Role.INSTRUCTEUR))
        for candidature, montre in ((dossier, True), (autre, False)):
            lue = texte(client_de(f.porteur_de(candidature)).get(page("dossier", candidature.pk)))
            assert (f'href="{page("correction", candidature.pk)}"' in lue) is montre


class TestUnMessage:
    def test_les_non_lus_se_comptent_comme_dans_le_dossier(self):
        _, dossiers = une_vague_close(None, None)
        dossier = dossiers[0]
        porteur, agent = f.porteur_de(dossier), f.un_agent(Role.INSTRUCTEUR)
        for mots in ("Un.", "Deux."):
            envoyer_message(candidature=dossier, auteur=agent, texte=mots, maintenant=horloge_base())
        for un in dossiers:
            lue = avec_non_lus(Candidature.objects.filter(pk=un.pk), porteur).get()
            assert lue.non_lus == non_lus(candidature=un, utilisateur=porteur)
        quoi = f"Lire 2\u00a0messages sur le dossier {nom(dossier)}."
        assert choses(porteur) == [(quoi, page("messages", dossier.pk), "Lire les messages")]
        client_de(porteur).post(page("marquer_lus", dossier.pk), {"jusqu_a": dossier.messages.latest("pk").pk})
        assert choses(porteur) == []


class TestLeBonPourDepot:
    def test_le_membre_signe_le_responsable_le_demande_puis_depose(self):
        candidature, membre = un_dossier_complet()
        porteur, agent = f.porteur_de(candidature), un_agent(candidature, membre)
        signature = page("donner_accord", candidature.pk, membre.pk)
        donner = f"Donner le bon pour dépôt de {membre.nom} sur le dossier {nom(candidature)}."
        assert choses(agent) == [(donner, signature, "Lire et donner le bon pour dépôt")]
        demande = (
            f"Demander le bon pour dépôt de {membre.nom} sur le dossier {nom(candidature)}, qui est complet.",
            page("accords", candidature.pk),
            "Voir qui manque et rappeler",
        )
        assert choses(porteur) == [demande]
        signer(candidature, membre, auteur=agent)
        assert choses(agent) == []
        assert [libelle for _, _, libelle in choses(porteur)] == ["Relire et déposer"]

    def test_le_chef_de_file_n_a_rien_a_signer_sur_la_page_des_accords(self):
        candidature, membre = un_dossier_complet()
        chef = candidature.membres.get(chef_de_file=True)
        lue = texte(client_de(f.porteur_de(candidature)).get(page("accords", candidature.pk)))
        assert page("donner_accord", candidature.pk, chef.pk) not in lue
        lue = texte(client_de(un_agent(candidature, membre)).get(page("accords", candidature.pk)))
        assert page("donner_accord", candidature.pk, membre.pk) in lue


class TestLeLienAvecLaCollectivite:
    def test_il_se_montre_une_fois_pour_tous_ses_dossiers_et_se_tait_pendant_que_l_on_cherche(self):
        territoire, porteur = f.un_territoire(), f.un_utilisateur()
        f.une_candidature(territoire=territoire, porteur=porteur, prouve=False)
        chef = territoire.chef_de_file
        attendue = f"Montrer que vous travaillez pour {chef.nom}, une seule fois."
        assert choses(porteur)[-1] == (attendue, page("collectivite", chef.siren), "Montrer que j’y travaille")
        demander(utilisateur=porteur, siren=chef.siren, maintenant=horloge_base())
        assert [libelle for _, _, libelle in choses(porteur)] == ["Relire et déposer"]

    def test_le_code_envoye_est_a_recopier_puis_le_lien_prouve_ne_demande_plus_rien(self):
        territoire, porteur = f.un_territoire(), f.un_utilisateur()
        f.une_candidature(territoire=territoire, porteur=porteur, prouve=False)
        lien = demander(utilisateur=porteur, siren=territoire.chef_de_file.siren, maintenant=horloge_base())
        lien.lettre_le, lien.expire_le = horloge_base(), horloge_base() + timedelta(days=10)
        lien.code, lien.adresse = "0" * 64, "accueil@collectivite.example"
        lien.save()
        assert page("collectivite_code", lien.siren) in {vers for _, vers, _ in choses(porteur)}
        lien.moyen, lien.prouve_le = "lettre", horloge_base()
        lien.save()
        assert [libelle for _, _, libelle in choses(porteur)] == ["Relire et déposer"]


class TestUneInvitation:
    def invitation(self, email: str) -> Invitation:
        candidature = f.une_candidature()
        return inviter(
            candidature=candidature,
            email=email,
            qualite=Qualite.CO_PORTEUR,
            auteur=f.porteur_de(candidature),
            maintenant=horloge_base(),
        )

    def test_elle_se_lit_et_s_accepte_depuis_son_accueil(self):
        personne = f.un_utilisateur("Odile@Exemple.fr")
        invitation = self.invitation("odile@exemple.fr")
        vers = page("invitation_recue", invitation.pk)
        premiere = lu(personne).a_faire[0]
        assert premiere.lien == vers
        assert premiere.quoi == f"Répondre à l’invitation à participer au dossier {invitation.candidature.reference}."
        client = client_de(personne)
        assert "Accepter l’invitation" in texte(client.get(vers))
        assert client.post(vers).headers["Location"] == page("dossier", invitation.candidature_id)
        part = Participation.objects.get(candidature=invitation.candidature, utilisateur=personne)
        assert part.qualite == Qualite.CO_PORTEUR
        assert vers not in {lien for _, lien, _ in choses(personne)}
        assert client.get(vers).status_code == 404

    @pytest.mark.parametrize("cas", ["une autre adresse", "une adresse non prouvée", "annulée", "expirée"])
    def test_elle_n_existe_pour_personne_d_autre(self, cas: str):
        personne = f.un_utilisateur("odile@exemple.fr")
        invitation = self.invitation("claire@exemple.fr" if cas == "une autre adresse" else "odile@exemple.fr")
        if cas == "une adresse non prouvée":
            EmailAddress.objects.filter(user=personne).update(verified=False)
        elif cas == "annulée":
            porteur = f.porteur_de(invitation.candidature)
            revoquer_invitation(invitation=invitation, auteur=porteur, maintenant=horloge_base())
        elif cas == "expirée":
            hier = horloge_base() - timedelta(days=1)
            Invitation.objects.filter(pk=invitation.pk).update(faite_le=hier - timedelta(days=1), expire_le=hier)
        vers = page("invitation_recue", invitation.pk)
        assert vers not in {lien for _, lien, _ in choses(personne)}
        client = client_de(personne)
        assert (client.get(vers).status_code, client.post(vers).status_code) == (404, 404)
        assert not Participation.objects.filter(utilisateur=personne).exists()


class TestQuandIlNYARien:
    def test_qui_n_a_pas_de_dossier_en_commence_un_ou_apprend_quand_il_le_pourra(self):
        personne = f.un_utilisateur()
        assert lu(personne).rien == ["La date de la prochaine période de dépôt sera publiée sur ce portail."]
        lointaine = f.une_vague(
            ouverture=horloge_base() + timedelta(days=60), cloture=horloge_base() + timedelta(days=90)
        )
        assert lu(personne).rien[0].startswith("La prochaine période de dépôt ouvre le ")
        assert f"La période de dépôt n°\u00a0{lointaine.numero} ouvrira le " in texte(
            client_de(personne).get(page("liste"))
        )
        f.une_vague()
        assert choses(personne) == [
            ("Commencer le dossier de votre territoire.", page("ouvrir"), "Commencer un dossier")
        ]

    def test_un_dossier_examine_dit_comment_viendront_les_resultats_et_ne_dit_rien_de_plus(self):
        _, (dossier,) = une_vague_close(None)
        instruit = lu(f.porteur_de(dossier))
        assert instruit.a_faire == []
        assert instruit.rien == ["Votre dossier est examiné. Les résultats vous seront annoncés par e-mail, et ici."]

    def test_sous_embargo_l_accueil_d_un_laureat_est_celui_d_un_autre_puis_mene_a_sa_mission(self):
        (laureat, refuse, *_), _ = une_vague_annoncee(timedelta(days=2))
        lues = [
            re.sub(
                r"personne\d+|R\d+-\d+|d’essai \d+|/candidatures/\d+/|value=\"[\w-]+\"", "", texte(accueil(dossier))
            )
            for dossier in (laureat, refuse)
        ]
        assert lues[0] == lues[1]
        with sans_declencheurs():
            for annonce in (Vague.objects.filter(pk=laureat.vague_id), Labellisation.objects.all()):
                annonce.update(publique_a=horloge_base())
        assert re.search(r'href="/missions/\d+/">Ouvrir la mission', texte(accueil(laureat)))
        assert "Ouvrir la mission" not in texte(accueil(refuse))

    def test_un_dossier_sans_suite_se_represente_dans_la_vague_ouverte_a_moins_qu_un_autre_ne_suive(self):
        vieux = f.une_candidature(vague=f.une_vague(cloture=horloge_base() - timedelta(days=100)))
        porteur = f.porteur_de(vieux)
        with sans_declencheurs():
            Vague.objects.filter(pk=vieux.vague_id).update(etat="en_instruction")
        ouverte = f.une_vague(ouverture=horloge_base() - timedelta(days=1))
        assert [chose.lien for chose in lu(porteur).possibles] == [page("copier", vieux.pk)]
        assert choses(porteur) == []
        ouvrir_candidature(vague=ouverte, territoire=vieux.territoire, auteur=porteur, maintenant=horloge_base())
        assert lu(porteur).possibles == []


def accueil(candidature: Candidature) -> object:
    return client_de(f.porteur_de(candidature)).get("/tableau-de-bord/")


def test_la_page_met_d_abord_ce_qui_est_a_faire_et_un_role_sans_dossier_n_en_lit_rien():
    candidature = f.une_candidature(complete=False)
    lue = texte(accueil(candidature))
    assert lue.index("À faire maintenant") < lue.index("Continuer le dossier") < lue.index("Vos dossiers")
    agent = texte(client_de(f.un_agent(Role.EXPERT)).get("/tableau-de-bord/"))
    assert "pour vos dossiers" not in agent
    assert "À faire maintenant</h2>" not in agent.partition('id="a-faire"')[2]


@pytest.mark.parametrize("role", [None, Role.VALIDEUR])
def test_l_accueil_demande_autant_de_requetes_quel_que_soit_le_nombre_de_dossiers(client: Client, role: Role | None):
    vague = f.une_vague()
    porteur = f.un_utilisateur()
    if role:
        f.un_role(porteur, role)
    comptes = []
    for nombre in (1, 8):
        for _ in range(nombre):
            f.une_candidature(vague=vague, porteur=porteur, complete=False, prouve=False)
        client.force_login(porteur)
        client.get("/tableau-de-bord/")
        with CaptureQueriesContext(connection) as requetes:
            assert client.get("/tableau-de-bord/").status_code == 200
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1] <= 12
