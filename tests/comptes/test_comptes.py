"""Signing in and looking after one's account: by code, by password, and without telling who has an account."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from rebond.socle.utilisateur import Utilisateur

pytestmark = pytest.mark.django_db

ADRESSE = "camille@exemple.fr"
MOT_DE_PASSE = "un-long-mot-de-passe"
AUTRE_MOT_DE_PASSE = "encore-un-mot-de-passe"


@pytest.fixture
def camille() -> Utilisateur:
    utilisateur = Utilisateur.objects.create_user(ADRESSE, MOT_DE_PASSE, prenom="Camille", nom="Exemple")
    EmailAddress.objects.create(user=utilisateur, email=ADRESSE, verified=True, primary=True)
    return utilisateur


def dernier_code() -> str:
    code = re.search(r"^([A-Z0-9]{3,5}-?[A-Z0-9]{2,5})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code is not None, mail.outbox[-1].body
    return code[1]


def connecte(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_le_mot_de_passe_ouvre_la_session(client: Client, camille: Utilisateur) -> None:
    reponse = client.post("/compte/login/", {"login": ADRESSE, "password": MOT_DE_PASSE})
    assert reponse.status_code == 302
    assert reponse.headers["Location"] == "/tableau-de-bord/"
    assert connecte(client)


def test_la_session_finit_avec_le_navigateur(client: Client, camille: Utilisateur) -> None:
    client.post("/compte/login/", {"login": ADRESSE, "password": MOT_DE_PASSE})
    assert client.session.get_expire_at_browser_close() is True


def test_un_mauvais_mot_de_passe_est_dit_sans_ouvrir_la_session(client: Client, camille: Utilisateur) -> None:
    reponse = client.post("/compte/login/", {"login": ADRESSE, "password": "autre"})
    assert "Un point est à corriger" in reponse.content.decode()
    assert not connecte(client)


def test_demander_un_code_ne_dit_pas_qui_a_un_compte(client: Client, camille: Utilisateur) -> None:
    connue = client.post("/compte/login/code/", {"email": ADRESSE}, follow=True)
    assert mail.outbox[-1].subject == "[Rebond industriel] Votre code de connexion"
    inconnue = Client().post("/compte/login/code/", {"email": "personne@exemple.fr"}, follow=True)
    assert mail.outbox[-1].subject == "[Rebond industriel] Aucun compte ouvert avec cette adresse"
    assert connue.redirect_chain == inconnue.redirect_chain
    assert connue.content.decode().count("Valider le code") == inconnue.content.decode().count("Valider le code") == 1


def test_on_peut_renoncer_au_code_et_prendre_son_mot_de_passe(client: Client, camille: Utilisateur) -> None:
    client.post("/compte/login/code/", {"email": ADRESSE})
    assert "Annuler et recommencer" in client.get("/compte/login/", follow=True).content.decode()
    client.post("/compte/logout/", {"next": "/compte/login/"})
    client.post("/compte/login/", {"login": ADRESSE, "password": MOT_DE_PASSE})
    assert connecte(client)


def test_changer_de_mot_de_passe_previent_son_titulaire(client: Client, camille: Utilisateur) -> None:
    client.post("/compte/login/", {"login": ADRESSE, "password": MOT_DE_PASSE})
    nouveau = {"oldpassword": MOT_DE_PASSE, "password1": AUTRE_MOT_DE_PASSE, "password2": AUTRE_MOT_DE_PASSE}
    client.post("/compte/password/change/", nouveau)
    assert mail.outbox[-1].subject == "[Rebond industriel] Votre mot de passe a changé"
    assert "depuis l’adresse IP 127.0.0.1" in str(mail.outbox[-1].body)


def test_trois_codes_faux_ferment_la_demande(client: Client, camille: Utilisateur) -> None:
    client.post("/compte/login/code/", {"email": ADRESSE})
    code = dernier_code()
    for _ in range(3):
        client.post("/compte/login/code/confirm/", {"code": "AAAA-AAAA"})
    client.post("/compte/login/code/confirm/", {"code": code})
    assert not connecte(client)


def test_un_mot_de_passe_oublie_se_remplace_avec_un_code(client: Client, camille: Utilisateur) -> None:
    client.post("/compte/password/reset/", {"email": ADRESSE}, follow=True)
    reponse = client.post("/compte/password/reset/confirm/", {"code": dernier_code()}, follow=True)
    assert "Choisir un nouveau mot de passe" in reponse.content.decode()
    client.post("/compte/password/reset/complete/", {"password1": AUTRE_MOT_DE_PASSE, "password2": AUTRE_MOT_DE_PASSE})
    camille.refresh_from_db()
    assert camille.check_password(AUTRE_MOT_DE_PASSE)
    assert mail.outbox[-1].subject == "[Rebond industriel] Votre mot de passe a été réinitialisé"


def test_changer_d_adresse_demande_le_mot_de_passe_puis_un_code_et_previent_l_ancienne(
    client: Client, camille: Utilisateur
) -> None:
    client.post("/compte/login/", {"login": ADRESSE, "password": MOT_DE_PASSE})
    sans_preuve = client.post("/compte/email/", {"email": "nouvelle@exemple.fr", "action_add": ""})
    assert sans_preuve.headers["Location"] == "/compte/reauthenticate/?next=%2Fcompte%2Femail%2F"
    client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    client.post("/compte/email/", {"email": "nouvelle@exemple.fr", "action_add": ""}, follow=True)
    assert mail.outbox[-1].to == ["nouvelle@exemple.fr"]
    camille.refresh_from_db()
    assert camille.email == ADRESSE
    client.post("/compte/confirm-email/", {"code": dernier_code()})
    camille.refresh_from_db()
    assert camille.email == "nouvelle@exemple.fr"
    assert [courriel.to for courriel in mail.outbox if "a changé" in courriel.subject] == [[ADRESSE]]


def test_qui_se_connecte_par_code_peut_choisir_un_mot_de_passe(client: Client, camille: Utilisateur) -> None:
    camille.set_unusable_password()
    camille.save()
    client.post("/compte/login/code/", {"email": ADRESSE})
    client.post("/compte/login/code/confirm/", {"code": dernier_code()})
    assert "choisir un mot de passe" in client.get("/compte/email/").content.decode()
    client.post("/compte/password/set/", {"password1": AUTRE_MOT_DE_PASSE, "password2": AUTRE_MOT_DE_PASSE})
    camille.refresh_from_db()
    assert camille.check_password(AUTRE_MOT_DE_PASSE)


def test_on_ne_sort_du_portail_que_par_un_envoi(client: Client, camille: Utilisateur) -> None:
    client.post("/compte/login/", {"login": ADRESSE, "password": MOT_DE_PASSE})
    client.get("/compte/logout/")
    assert connecte(client)
    client.post("/compte/logout/")
    assert not connecte(client)


def test_creer_un_compte_deja_existant_n_en_dit_rien_a_l_ecran(client: Client, camille: Utilisateur) -> None:
    reponse = client.post("/compte/signup/", {"prenom": "C", "nom": "E", "email": ADRESSE}, follow=True)
    assert "Valider le code" in reponse.content.decode()
    assert mail.outbox[-1].subject == "[Rebond industriel] Vous avez déjà un compte"
    assert Utilisateur.objects.filter(email__iexact=ADRESSE).count() == 1


def test_un_formulaire_perime_s_explique_en_francais() -> None:
    reponse = Client(enforce_csrf_checks=True).post("/compte/login/", {"login": ADRESSE, "password": "x"})
    assert reponse.status_code == 403
    assert "Ce formulaire n’est plus valable" in reponse.content.decode()


def test_trop_d_essais_s_explique_en_francais(client: Client) -> None:
    for _ in range(21):
        reponse = client.post("/compte/signup/", {"email": ""})
    assert reponse.status_code == 429
    assert "Trop d’essais" in reponse.content.decode()
