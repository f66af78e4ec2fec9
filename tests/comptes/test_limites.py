"""Trying to come in: counted by address and by account, and apart for a browser that is known."""

from importlib import import_module
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.test import Client

from rebond.comptes import limites
from rebond.comptes.appareils import COOKIE
from rebond.socle.utilisateur import Utilisateur

pytestmark = pytest.mark.django_db

ADRESSE = "camille@exemple.fr"
MOT_DE_PASSE = "un-long-mot-de-passe"
MAIRIE, AILLEURS = "198.51.100.7", "203.0.113.9"
FAUX, TROP = "L’adresse e-mail ou le mot de passe sont incorrects.", "Trop de tentatives de connexion échouées."


def un_compte(adresse: str) -> Utilisateur:
    utilisateur = Utilisateur.objects.create_user(adresse, MOT_DE_PASSE, prenom="Camille", nom="Exemple")
    EmailAddress.objects.create(user=utilisateur, email=adresse, verified=True, primary=True)
    return utilisateur


@pytest.fixture
def camille() -> Utilisateur:
    return un_compte(ADRESSE)


def essayer(navigateur: Client, adresse: str = ADRESSE, mot_de_passe: str = "faux") -> str:
    """« entre », « faux » or « trop »."""
    reponse = navigateur.post("/compte/login/", {"login": adresse, "password": mot_de_passe})
    if reponse.status_code == 302:
        del navigateur.cookies["sessionid"]
        return "entre"
    if reponse.status_code == 429:
        return "trop"
    lue = reponse.content.decode()
    assert (FAUX in lue) != (TROP in lue)
    return "faux" if FAUX in lue else "trop"


def un_appareil_connu(adresse: str = ADRESSE, *, de: str = MAIRIE) -> Client:
    navigateur = Client(REMOTE_ADDR=de)
    assert essayer(navigateur, adresse, MOT_DE_PASSE) == "entre"
    assert COOKIE in navigateur.cookies
    return navigateur


def fermer_l_adresse(de: str = MAIRIE) -> None:
    """Wrong passwords on ten accounts that do not matter."""
    essais = [essayer(Client(REMOTE_ADDR=de), f"autre{n}@exemple.fr") for n in range(11)]
    assert essais == ["faux"] * 10 + ["trop"]


def test_les_echecs_d_une_adresse_ne_ferment_pas_les_autres(camille: Utilisateur) -> None:
    fermer_l_adresse(MAIRIE)
    assert essayer(Client(REMOTE_ADDR=MAIRIE), mot_de_passe=MOT_DE_PASSE) == "trop"
    assert essayer(Client(REMOTE_ADDR=AILLEURS), mot_de_passe=MOT_DE_PASSE) == "entre"


def test_les_echecs_d_une_adresse_ne_ferment_jamais_un_appareil_connu(camille: Utilisateur) -> None:
    connu = un_appareil_connu()
    fermer_l_adresse(MAIRIE)
    assert essayer(connu) == "faux"
    assert essayer(connu, mot_de_passe=MOT_DE_PASSE) == "entre"


def test_les_echecs_des_autres_sur_un_compte_ne_ferment_pas_l_appareil_de_son_titulaire(camille: Utilisateur) -> None:
    connu = un_appareil_connu()
    essais = [essayer(Client(REMOTE_ADDR=f"203.0.113.{n}")) for n in range(6)]
    assert essais == ["faux"] * 5 + ["trop"]
    assert essayer(Client(REMOTE_ADDR=AILLEURS), mot_de_passe=MOT_DE_PASSE) == "trop"
    assert essayer(connu, mot_de_passe=MOT_DE_PASSE) == "entre"


def test_un_appareil_connu_a_ses_propres_essais_puis_est_un_inconnu(camille: Utilisateur) -> None:
    """So that a stolen cookie gives five attempts more, and takes none from anybody."""
    connu = un_appareil_connu()
    assert [essayer(connu) for _ in range(11)] == ["faux"] * 10 + ["trop"]
    assert essayer(Client(REMOTE_ADDR=AILLEURS), mot_de_passe=MOT_DE_PASSE) == "trop"


def test_un_appareil_connu_pour_un_compte_ne_l_est_pour_aucun_autre(camille: Utilisateur) -> None:
    connu = un_appareil_connu()
    un_compte("dominique@exemple.fr")
    fermer_l_adresse(MAIRIE)
    assert essayer(connu, "dominique@exemple.fr", MOT_DE_PASSE) == "trop"


def test_une_machine_partagee_est_connue_de_chacun(camille: Utilisateur) -> None:
    partagee = un_appareil_connu()
    un_compte("dominique@exemple.fr")
    assert essayer(partagee, "dominique@exemple.fr", MOT_DE_PASSE) == "entre"
    fermer_l_adresse(MAIRIE)
    assert essayer(partagee, ADRESSE, MOT_DE_PASSE) == "entre"
    assert essayer(partagee, "dominique@exemple.fr", MOT_DE_PASSE) == "entre"


def test_reussir_ne_coute_aucun_essai(camille: Utilisateur) -> None:
    inconnus = [essayer(Client(REMOTE_ADDR=MAIRIE), mot_de_passe=MOT_DE_PASSE) for _ in range(15)]
    assert inconnus == ["entre"] * 15


def test_changer_la_casse_de_l_adresse_ne_donne_pas_d_essais(camille: Utilisateur) -> None:
    variantes = ["camille@exemple.fr", "Camille@exemple.fr", "CAMILLE@EXEMPLE.FR", " camille@exemple.fr "] * 2
    essais = [essayer(Client(REMOTE_ADDR=f"203.0.113.{n}"), a) for n, a in enumerate(variantes[:6])]
    assert essais == ["faux"] * 5 + ["trop"]


def test_x_forwarded_for_ne_donne_pas_d_essais_quand_personne_n_est_de_confiance(camille: Utilisateur) -> None:
    essais = [
        essayer(Client(REMOTE_ADDR=MAIRIE, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}"), f"autre{n}@exemple.fr")
        for n in range(11)
    ]
    assert essais == ["faux"] * 10 + ["trop"]


def test_un_mot_de_passe_remplace_rouvre_le_compte(camille: Utilisateur) -> None:
    for n in range(6):
        essayer(Client(REMOTE_ADDR=f"203.0.113.{n}"))
    ailleurs = Client(REMOTE_ADDR=AILLEURS)
    assert essayer(ailleurs, mot_de_passe=MOT_DE_PASSE) == "trop"
    ailleurs.post("/compte/password/reset/", {"email": ADRESSE})
    (code,) = [ligne for ligne in str(mail.outbox[-1].body).split("\n") if ligne.isupper() and " " not in ligne]
    ailleurs.post("/compte/password/reset/confirm/", {"code": code})
    nouveau = {"password1": "encore-un-mot-de-passe", "password2": "encore-un-mot-de-passe"}
    ailleurs.post("/compte/password/reset/complete/", nouveau)
    assert essayer(ailleurs, mot_de_passe="encore-un-mot-de-passe") == "entre"


def test_confirmer_son_identite_ne_depend_pas_des_echecs_des_autres(camille: Utilisateur) -> None:
    chez_soi = Client(REMOTE_ADDR=MAIRIE)
    chez_soi.force_login(camille)
    fermer_l_adresse(MAIRIE)
    for n in range(6):
        essayer(Client(REMOTE_ADDR=f"203.0.113.{n}"))
    assert chez_soi.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE}).status_code == 302


def demander(navigateur: Client, entree: str, adresse: str) -> str:
    reponse = navigateur.post(entree, {"email": adresse})
    refus = TROP in reponse.content.decode()
    navigateur.cookies.pop("sessionid", None)
    return {302: "envoyee", 429: "adresse"}.get(reponse.status_code, "compte" if refus else "?")


@pytest.mark.parametrize("adresse", [ADRESSE, "personne@exemple.fr"])
def test_un_code_demande_de_nouveau_est_une_lettre_comme_une_autre(camille: Utilisateur, adresse: str) -> None:
    for n in range(5):
        client = Client(REMOTE_ADDR=f"203.0.113.{n}")
        client.post("/compte/login/code/", {"email": adresse})
        client.post("/compte/login/code/confirm/", {"action": "resend"})
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("entree", ["/compte/login/code/", "/compte/password/reset/"])
@pytest.mark.parametrize("adresse", [ADRESSE, "personne@exemple.fr"])
def test_les_lettres_a_une_adresse_se_comptent_connue_ou_non(camille: Utilisateur, entree: str, adresse: str) -> None:
    demandes = [demander(Client(REMOTE_ADDR=f"203.0.113.{n}"), entree, adresse) for n in range(6)]
    assert demandes == ["envoyee"] * 5 + ["compte"]
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("entree", ["/compte/login/code/", "/compte/password/reset/"])
def test_les_demandes_des_autres_ne_privent_pas_de_code_un_appareil_connu(camille: Utilisateur, entree: str) -> None:
    connu = un_appareil_connu()
    for n in range(6):
        demander(Client(REMOTE_ADDR=f"203.0.113.{n}"), entree, ADRESSE)
    for n in range(21):
        demander(Client(REMOTE_ADDR=MAIRIE), entree, f"autre{n}@exemple.fr")
    assert demander(Client(REMOTE_ADDR=MAIRIE), entree, ADRESSE) == "adresse"
    assert demander(Client(REMOTE_ADDR=AILLEURS), entree, ADRESSE) == "compte"
    assert demander(connu, entree, ADRESSE) == "envoyee"


ENTREES = (
    "/compte/login/",
    "/compte/login/code/",
    "/compte/login/code/confirm/",
    "/compte/signup/",
    "/compte/password/reset/",
    "/compte/password/reset/confirm/",
    "/compte/confirm-email/",
)


@pytest.mark.parametrize("entree", ENTREES)
def test_chaque_page_des_comptes_se_compte_par_adresse(entree: str) -> None:
    reponses = [Client(REMOTE_ADDR=MAIRIE).post(entree, {}).status_code for _ in range(21)]
    assert reponses[20] == 429
    assert 429 not in reponses[:20]
    assert Client(REMOTE_ADDR=AILLEURS).post(entree, {}).status_code != 429


def test_se_connecter_encore_et_encore_ne_donne_pas_d_envois(camille: Utilisateur) -> None:
    """Each sign-in draws a new cookie: they all count for the account."""
    for _ in range(20):
        Client(REMOTE_ADDR=MAIRIE).post("/compte/signup/", {})
    codes = []
    for _ in range(limites.ENVOIS_D_UN_CONNU.nombre // 5 + 1):
        navigateur = un_appareil_connu()
        codes += [navigateur.post("/compte/signup/", {}).status_code for _ in range(5)]
    assert codes == [200] * 20 + [429] * 5


def test_sans_valkey_les_limites_tiennent(camille: Utilisateur, sans_valkey: None) -> None:
    connu = un_appareil_connu()
    fermer_l_adresse(MAIRIE)
    assert essayer(Client(REMOTE_ADDR=MAIRIE), mot_de_passe=MOT_DE_PASSE) == "trop"
    assert essayer(connu, mot_de_passe=MOT_DE_PASSE) == "entre"
    assert essayer(Client(REMOTE_ADDR=AILLEURS), mot_de_passe=MOT_DE_PASSE) == "entre"


def test_les_sessions_ne_sont_pas_dans_valkey(settings: Any) -> None:
    assert issubclass(import_module(settings.SESSION_ENGINE).SessionStore, SessionStore)


def test_un_avis_nomme_le_visiteur_et_non_le_mandataire(camille: Utilisateur, settings: Any) -> None:
    settings.MANDATAIRES = 1
    chez_soi = Client(REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_FOR=f"192.0.2.1, {MAIRIE}")
    chez_soi.force_login(camille)
    nouveau = {"password1": "encore-un-mot-de-passe", "password2": "encore-un-mot-de-passe"}
    chez_soi.post("/compte/password/change/", {"oldpassword": MOT_DE_PASSE} | nouveau)
    assert f"depuis l’adresse IP {MAIRIE}" in str(mail.outbox[-1].body).replace("\u00a0", " ")
