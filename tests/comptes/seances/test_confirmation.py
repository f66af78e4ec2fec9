"""Whoever has neither password nor second factor proves again by an e-mailed code before their account changes."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from rebond.comptes.seances.middleware import OUVERTE
from rebond.socle.journal.acces import Acces
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f

pytestmark = pytest.mark.django_db

PAGE = "/compte/sessions/confirmer/"
SENSIBLES = {
    "adresse": ("/compte/email/", {"action_add": "1", "email": "autre@exemple.fr"}),
    "mot de passe": (
        "/compte/password/set/",
        {"password1": "tulipe-canal-violon", "password2": "tulipe-canal-violon"},
    ),
    "application": ("/compte/second-facteur/application/activate/", {"code": "000000"}),
    "clé d’accès": ("/compte/second-facteur/cles/add/", {"name": "Clé", "credential": "{}"}),
    "fermeture": ("/compte/fermer/", {"d_accord": "on"}),
}


def code_recu() -> str:
    (code,) = re.findall(r"^([A-Z]{4}-[A-Z]{4})$", str(mail.outbox[-1].body), re.MULTILINE)
    return code


@pytest.fixture
def sans_mot_de_passe() -> Utilisateur:
    return f.un_utilisateur()


@pytest.fixture
def ancienne(sans_mot_de_passe: Utilisateur) -> Client:
    """Signed in by a code, an hour ago."""
    client = Client()
    client.post("/compte/login/code/", {"email": sans_mot_de_passe.email})
    client.post("/compte/login/code/confirm/", {"code": code_recu()})
    session = client.session
    heure = timedelta(hours=1).total_seconds()
    for faite in session["account_authentication_methods"]:
        faite["at"] -= heure
    session[OUVERTE] -= heure
    session.save()
    return client


@pytest.mark.parametrize("quoi", SENSIBLES)
def test_rien_de_ce_qui_ouvre_le_compte_ne_change_sans_un_code(ancienne: Client, quoi: str) -> None:
    adresse, saisie = SENSIBLES[quoi]
    for reponse in (ancienne.post(adresse, saisie), ancienne.post(adresse, saisie)):
        assert (reponse.status_code, reponse.headers["Location"].partition("?")[0]) == (302, PAGE)
    assert EmailAddress.objects.filter(email="autre@exemple.fr").count() == 0
    assert not Utilisateur.objects.filter(is_active=False).exists()


def test_le_code_recu_laisse_faire_ce_qui_etait_demande(ancienne: Client, sans_mot_de_passe: Utilisateur) -> None:
    adresse, saisie = SENSIBLES["mot de passe"]
    suite = ancienne.post(adresse, saisie).headers["Location"]
    assert "Recevoir un code" in ancienne.get(suite).content.decode()
    envoyes = len(mail.outbox)
    page = ancienne.post(suite, {"action": "envoyer"}).content.decode()
    assert (len(mail.outbox), mail.outbox[-1].to) == (envoyes + 1, [sans_mot_de_passe.email])
    assert 'name="code"' in page
    avant = ancienne.cookies["sessionid"].value
    ancienne.post(suite, {"action": "verifier", "code": code_recu()})
    sans_mot_de_passe.refresh_from_db()
    assert sans_mot_de_passe.check_password("tulipe-canal-violon")
    assert ancienne.cookies["sessionid"].value != avant
    assert Acces.objects.filter(objet="identité confirmée : code reçu par e-mail").count() == 1


def test_trois_codes_faux_et_le_juste_ne_vaut_plus_rien(ancienne: Client, sans_mot_de_passe: Utilisateur) -> None:
    suite = f"{PAGE}?next=/compte/email/"
    ancienne.post(suite, {"action": "envoyer"})
    juste = code_recu()
    for _ in range(3):
        assert ancienne.post(suite, {"action": "verifier", "code": "AAAA-AAAA"}).status_code == 200
    assert ancienne.post(suite, {"action": "verifier", "code": juste}).status_code == 200
    assert ancienne.post(*SENSIBLES["adresse"]).status_code == 302
    assert not EmailAddress.objects.filter(email="autre@exemple.fr").exists()
    echecs = Acces.objects.filter(nature="echec", personne=sans_mot_de_passe.email, objet="Code refusé")
    assert echecs.count() == 4


def test_les_codes_demandes_se_comptent(ancienne: Client) -> None:
    dits = [ancienne.post(PAGE, {"action": "envoyer"}).status_code for _ in range(12)]
    assert (dits[0], dits[-1]) == (200, 429)


def test_qui_vient_d_entrer_n_a_rien_de_plus_a_prouver(sans_mot_de_passe: Utilisateur) -> None:
    client = Client()
    client.post("/compte/login/code/", {"email": sans_mot_de_passe.email})
    client.post("/compte/login/code/confirm/", {"code": code_recu()})
    assert client.get(SENSIBLES["mot de passe"][0]).status_code == 200


def test_qui_vient_de_creer_son_compte_non_plus() -> None:
    client = Client()
    client.post("/compte/signup/", {"prenom": "Camille", "nom": "Essai", "email": "camille@exemple.fr"})
    client.post("/compte/confirm-email/", {"code": code_recu()})
    assert client.get(SENSIBLES["mot de passe"][0]).status_code == 200


def test_un_visiteur_se_connecte_et_un_autre_site_n_est_jamais_la_suite(ancienne: Client) -> None:
    assert Client().get(PAGE).status_code == 302
    ailleurs = f"{PAGE}?next=https://ailleurs.example/"
    ancienne.post(ailleurs, {"action": "envoyer"})
    assert ancienne.post(ailleurs, {"action": "verifier", "code": code_recu()}).headers["Location"].startswith("/")
