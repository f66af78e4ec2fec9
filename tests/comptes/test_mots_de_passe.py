"""Passwords that are guessed at once, or were leaked, are refused; long ones that people choose are not."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from rebond.comptes.securite.mots_de_passe import REFUS
from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f


@pytest.mark.parametrize(
    "mot_de_passe",
    [
        "password123456",
        "motdepasse1234",
        "azertyuiopqsdf",
        "qwertyuiop123456",
        "aaaaaaaaaaaaaaaa",
        "P@ssw0rd123456",
        "abcdefghijklmnop",
        "superman2026!!",
    ],
)
def test_un_mot_de_passe_courant_ou_devoile_est_refuse(mot_de_passe: str) -> None:
    with pytest.raises(ValidationError) as refus:
        validate_password(mot_de_passe, Utilisateur(email="camille@exemple.fr", prenom="Camille", nom="Exemple"))
    assert REFUS in refus.value.messages


@pytest.mark.parametrize("mot_de_passe", ["tulipe-canal-violon", "un cheval vert sous la pluie", "k8#vQ2!mZr9$Lw"])
def test_un_mot_de_passe_qui_ne_se_devine_pas_est_accepte(mot_de_passe: str) -> None:
    validate_password(mot_de_passe, Utilisateur(email="camille@exemple.fr"))


@pytest.mark.parametrize("mot_de_passe", ["camilleexemple1", "exemple.camille", "rebondindustriel"])
def test_ce_qu_on_sait_de_la_personne_et_du_portail_ne_protege_pas(mot_de_passe: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(mot_de_passe, Utilisateur(email="camille@exemple.fr", prenom="Camille", nom="Exemple"))


def test_un_mot_de_passe_sans_fin_se_juge_aussi_vite() -> None:
    validate_password("tulipe-canal-violon-" * 400)


@pytest.mark.django_db
def test_la_page_le_dit_et_garde_l_ancien() -> None:
    camille = f.un_utilisateur("camille@exemple.fr", mot_de_passe="tulipe-canal-violon")
    client = Client()
    client.post("/compte/login/", {"login": camille.email, "password": "tulipe-canal-violon"})
    envoi = {"oldpassword": "tulipe-canal-violon", "password1": "motdepasse1234", "password2": "motdepasse1234"}
    assert REFUS in client.post("/compte/password/change/", envoi).content.decode()
    camille.refresh_from_db()
    assert camille.check_password("tulipe-canal-violon")


@pytest.mark.django_db
@pytest.mark.parametrize("ancien", ["", "faux"])
def test_sans_l_ancien_rien_ne_change(client: Client, ancien: str) -> None:
    """ASVS 5.0, 6.2.3."""
    personne = f.un_utilisateur(mot_de_passe="tulipe-canal-violon")
    client.force_login(personne)
    neuf = "girafe-brouette-lampadaire"
    saisie = {"oldpassword": ancien, "password1": neuf, "password2": neuf}
    assert client.post("/compte/password/change/", saisie).status_code == 200
    personne.refresh_from_db()
    assert personne.check_password("tulipe-canal-violon")
    client.post("/compte/password/change/", saisie | {"oldpassword": "tulipe-canal-violon"})
    personne.refresh_from_db()
    assert personne.check_password(neuf)
