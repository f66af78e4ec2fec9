"""Closing one's account, disabling that of somebody else, taking away second factors that are lost."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.test import Client

from candidatures.depot.actions.retrait import retirer
from candidatures.dossier.actions.equipe import passer_la_main
from rebond.comptes.gestion import actions
from rebond.comptes.gestion.regles import SOI_MEME
from rebond.socle.courriers.models import Courrier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db

MOT_DE_PASSE = "tulipe-canal-violon"


@pytest.fixture
def camille() -> Utilisateur:
    return f.un_utilisateur("camille@exemple.fr", mot_de_passe=MOT_DE_PASSE)


def entrer(personne: Utilisateur) -> Client:
    client = Client()
    client.post("/compte/login/", {"login": personne.email, "password": MOT_DE_PASSE})
    client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    return client


def administration() -> tuple[Client, Utilisateur]:
    client, administrateur = Client(), f.un_agent(Role.ADMINISTRATEUR)
    client.force_login(administrateur)
    return client, administrateur


def proteger(personne: Utilisateur) -> None:
    Authenticator.objects.create(user=personne, type="totp", data={"secret": "x"})
    Authenticator.objects.create(user=personne, type="recovery_codes", data={"seed": "x", "used_mask": 0})


def journal() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (e.acte, e.acteur, e.details)
        for e in EntreeJournal.objects.filter(objet_type="socle.utilisateur").order_by("pk")
    ]


def lettres(prefixe: str) -> list[str]:
    return list(Courrier.objects.filter(cle__startswith=prefixe).values_list("destinataire", flat=True))


class TestFermerLeSien:
    def test_le_compte_ne_s_ouvre_plus_et_ses_preuves_sont_effacees(self, camille: Utilisateur) -> None:
        ici, ailleurs = entrer(camille), entrer(camille)
        proteger(camille)
        SocialAccount.objects.create(user=camille, provider="proconnect", uid="1", extra_data={})
        reponse = ici.post("/compte/fermer/", {"d_accord": "on"}, follow=True)
        assert "Votre compte est fermé." in reponse.content.decode()
        assert ailleurs.get("/candidatures/").status_code == 302
        camille.refresh_from_db()
        assert (camille.is_active, camille.has_usable_password()) == (False, False)
        assert not Authenticator.objects.exists()
        assert not SocialAccount.objects.exists()
        assert lettres("compte-ferme-") == ["camille@exemple.fr"]
        assert [acte for acte, *_ in journal()][-3:] == ["second facteur retiré", "sessions fermées", "compte fermé"]

    def test_sans_accord_rien_ne_se_passe(self, camille: Utilisateur) -> None:
        client = entrer(camille)
        assert "Un point est à corriger" in client.post("/compte/fermer/", {}).content.decode()
        camille.refresh_from_db()
        assert camille.is_active

    def test_qui_tient_un_role_le_rend_d_abord(self) -> None:
        agent = f.un_agent(Role.INSTRUCTEUR)
        client = Client()
        client.force_login(agent)
        refus = "Vous tenez un rôle de l’État\u00a0: demandez d’abord à un administrateur de vous le retirer."
        assert refus in client.get("/compte/fermer/").content.decode()
        reponse = client.post("/compte/fermer/", {"d_accord": "on"})
        assert (reponse.status_code, refus in reponse.content.decode()) == (409, True)
        agent.refresh_from_db()
        assert agent.is_active

    def test_le_porteur_passe_d_abord_la_main(self, camille: Utilisateur) -> None:
        dossier = f.une_candidature(porteur=camille)
        client = entrer(camille)
        reponse = client.post("/compte/fermer/", {"d_accord": "on"})
        assert reponse.status_code == 409
        assert f"Vous portez le dossier {dossier.reference}" in reponse.content.decode()
        suivant = f.un_utilisateur("suite@exemple.fr")
        dossier.participations.create(utilisateur=suivant, qualite="co_porteur")
        passer_la_main(candidature=dossier, a=suivant, auteur=camille, maintenant=horloge_base())
        client.post("/compte/fermer/", {"d_accord": "on"})
        camille.refresh_from_db()
        assert not camille.is_active
        assert [(p.utilisateur, p.qualite) for p in dossier.participations.all()] == [(suivant, "porteur")]

    def test_qui_n_est_que_de_l_equipe_la_quitte_et_le_porteur_l_apprend(self, camille: Utilisateur) -> None:
        dossier = f.une_candidature()
        porteur = dossier.participations.get().utilisateur
        dossier.participations.create(utilisateur=camille, qualite="co_porteur")
        entrer(camille).post("/compte/fermer/", {"d_accord": "on"})
        assert [p.utilisateur for p in dossier.participations.all()] == [porteur]
        assert lettres("equipe-") == [porteur.email]

    def test_un_dossier_retire_ne_retient_personne_et_garde_son_equipe(self, camille: Utilisateur) -> None:
        dossier = f.une_candidature(porteur=camille)
        retirer(candidature=dossier, auteur=camille, maintenant=horloge_base())
        entrer(camille).post("/compte/fermer/", {"d_accord": "on"})
        camille.refresh_from_db()
        assert not camille.is_active
        assert dossier.participations.get().utilisateur == camille


class TestAdministration:
    def test_la_liste_et_la_page_d_un_compte_sont_pour_les_administrateurs(self, camille: Utilisateur) -> None:
        client, _ = administration()
        assert "camille@exemple.fr" in client.get("/administration/comptes/?q=camille").content.decode()
        page = client.get(f"/administration/comptes/{camille.pk}/").content.decode()
        assert "Désactiver le compte" in page
        assert "Retirer les seconds facteurs" not in page
        dehors = entrer(camille)
        assert dehors.get("/administration/comptes/").status_code == 404
        assert dehors.get(f"/administration/comptes/{camille.pk}/desactiver/").status_code == 404

    def test_un_compte_desactive_perd_aussitot_ses_sessions_et_se_rouvre(self, camille: Utilisateur) -> None:
        client, administrateur = administration()
        ouverte = entrer(camille)
        adresse = f"/administration/comptes/{camille.pk}/"
        client.post(f"{adresse}desactiver/", {"motif": "Départ de la collectivité."})
        assert ouverte.get("/candidatures/").status_code == 302
        assert not UserSession.objects.filter(user=camille).exists()
        assert "_auth_user_id" not in entrer(camille).session
        page = client.get(adresse).content.decode()
        assert "Compte désactivé" in page
        client.post(f"{adresse}reactiver/", {"motif": "De retour."})
        assert "_auth_user_id" in entrer(camille).session
        assert [(a, par, d.get("motif")) for a, par, d in journal() if a.startswith("compte")] == [
            ("compte désactivé", str(administrateur), "Départ de la collectivité."),
            ("compte réactivé", str(administrateur), "De retour."),
        ]
        assert lettres("compte-desactive-") + lettres("compte-reactive-") == [camille.email] * 2

    def test_un_compte_desactive_garde_le_dossier_qu_il_porte_jusqu_a_ce_qu_on_le_confie(
        self, camille: Utilisateur
    ) -> None:
        dossier = f.une_candidature(porteur=camille)
        _, administrateur = administration()
        actions.desactiver(utilisateur=camille, acteur=administrateur, motif="Départ.", maintenant=horloge_base())
        assert dossier.participations.get().utilisateur == camille

    def test_les_seconds_facteurs_perdus_sont_retires_et_leur_titulaire_prevenu(self, camille: Utilisateur) -> None:
        ouverte = entrer(camille)
        proteger(camille)
        client, administrateur = administration()
        adresse = f"/administration/comptes/{camille.pk}/seconds-facteurs/"
        client.post(adresse, {"motif": "Téléphone volé, identité vérifiée par sa hiérarchie."})
        assert not Authenticator.objects.exists()
        assert ouverte.get("/candidatures/").status_code == 302
        assert lettres("second-facteur-retire-") == [camille.email]
        retraits = [(acte, par) for acte, par, _ in journal() if "retiré" in acte or "réinit" in acte]
        assert retraits == [
            ("second facteur retiré", str(administrateur)),
            ("second facteur retiré", str(administrateur)),
            ("second facteur réinitialisé", str(administrateur)),
        ]

    def test_sans_raison_rien_ne_se_passe(self, camille: Utilisateur) -> None:
        client, _ = administration()
        client.post(f"/administration/comptes/{camille.pk}/desactiver/", {"motif": " "})
        camille.refresh_from_db()
        assert camille.is_active

    def test_personne_ne_le_fait_sur_soi(self) -> None:
        _, administrateur = administration()
        proteger(administrateur)
        for action in (actions.desactiver, actions.reinitialiser_les_facteurs):
            with pytest.raises(RegleEnfreinte, match=SOI_MEME):
                action(utilisateur=administrateur, acteur=administrateur, motif="Essai.", maintenant=horloge_base())

    @pytest.mark.parametrize("acte", ["reactiver", "seconds-facteurs"])
    def test_ce_qui_n_a_pas_lieu_d_etre_est_refuse_avec_sa_raison(self, camille: Utilisateur, acte: str) -> None:
        client, _ = administration()
        reponse = client.post(f"/administration/comptes/{camille.pk}/{acte}/", {"motif": "Essai."})
        assert reponse.status_code == 409
        assert client.get(f"/administration/comptes/{camille.pk}/inconnu/").status_code == 404
