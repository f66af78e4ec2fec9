"""The letters that protect an account, word for word: those of allauth's modules, and ours."""

from datetime import datetime
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.test import RequestFactory

from rebond.comptes.gestion import actions
from rebond.comptes.seances.actions import reconnaitre
from rebond.socle.courriers.models import Courrier
from rebond.socle.horloge.temps import PARIS, horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests import fabriques as f
from tests.comptes.gestion.test_gestion import proteger
from tests.outils.lettres import BONJOUR, PORTAIL, SIGNATURE, insecables, lue

ADRESSE = "camille@exemple.fr"
GABARITS = Path(__file__).resolve().parents[2] / "templates"
PIECES = ("mfa", "proconnect", "socialaccount")
CHANGEMENT = (
    "Si ce n’est pas vous, changez votre mot de passe et prévenez-nous sans attendre. Le changement a été fait :",
    (
        "- depuis l’adresse IP 192.0.2.1 ;\n- avec le navigateur <Navigateur> ;\n- le 01/03/2026 à 09:30:00 (heure de "
        "Paris)."
    ),
)
VALEURS = {
    "code": "ABCD-1234",
    "ip": "192.0.2.1",
    "user_agent": "<Navigateur>",
    "timestamp": datetime(2026, 3, 1, 9, 30, tzinfo=PARIS),
}
LETTRES = {
    "mfa/email/totp_activated": (
        "Une application de codes protège votre compte",
        "Une application de codes a été ajoutée à votre compte : elle vous sera demandée quand vous vous connecterez.",
        *CHANGEMENT,
    ),
    "mfa/email/totp_deactivated": (
        "L’application de codes a été retirée",
        "L’application de codes a été retirée de votre compte.",
        *CHANGEMENT,
    ),
    "mfa/email/webauthn_added": (
        "Une clé d’accès a été ajoutée",
        "Une clé d’accès a été ajoutée à votre compte.",
        *CHANGEMENT,
    ),
    "mfa/email/webauthn_removed": (
        "Une clé d’accès a été retirée",
        "Une clé d’accès a été retirée de votre compte.",
        *CHANGEMENT,
    ),
    "mfa/email/recovery_codes_generated": (
        "Vos codes de secours ont été remplacés",
        "De nouveaux codes de secours ont été créés pour votre compte ; les anciens ne servent plus.",
        *CHANGEMENT,
    ),
    "socialaccount/email/account_connected": (
        "ProConnect est relié à votre compte",
        "ProConnect est maintenant relié à votre compte : il permet de s’y connecter.",
        *CHANGEMENT,
    ),
    "socialaccount/email/account_disconnected": (
        "ProConnect n’est plus relié à votre compte",
        "ProConnect n’est plus relié à votre compte.",
        *CHANGEMENT,
    ),
    "proconnect/email/liaison": (
        "Votre code pour relier ProConnect",
        (
            "Quelqu’un est venu de ProConnect avec cette adresse, qui a déjà un compte sur le portail. Si c’est vous, "
            "voici le code à saisir dans la page restée ouverte pour relier les deux ; il est valable dix minutes."
        ),
        "ABCD-1234",
        "Si ce n’est pas vous, ignorez ce message : rien ne change sans ce code.",
    ),
}
FIN = "L’équipe Rebond industriel\nCe message est envoyé automatiquement : inutile d’y répondre."


@pytest.mark.parametrize("nom", LETTRES)
def test_chaque_lettre_des_modules_d_allauth(nom: str) -> None:
    objet, *paragraphes = LETTRES[nom]
    requete = RequestFactory().get("/")
    with request_context(requete):
        message = get_adapter(requete).render_mail(nom, ADRESSE, {**VALEURS, "request": requete})
    assert message.subject == f"[Rebond industriel] {objet}"
    assert message.body == insecables("\n\n".join([BONJOUR, *paragraphes, FIN]))


def test_chaque_gabarit_a_son_essai() -> None:
    ecrits = {
        str(chemin.relative_to(GABARITS)).removesuffix("_message.txt")
        for piece in PIECES
        for chemin in (GABARITS / piece / "email").glob("*_message.txt")
    }
    assert ecrits == set(LETTRES)


@pytest.fixture
def camille(db: None) -> Utilisateur:
    return f.un_utilisateur(ADRESSE)


@pytest.fixture
def administrateur(db: None) -> Utilisateur:
    return f.un_agent(Role.ADMINISTRATEUR)


def lettre(prefixe: str) -> Courrier:
    return Courrier.objects.get(cle__startswith=prefixe, destinataire=ADRESSE)


def test_un_nouvel_appareil(camille: Utilisateur) -> None:
    le = datetime(2027, 3, 1, 9, 30, tzinfo=PARIS)
    reconnaitre(utilisateur=camille, empreinte="0" * 64, nom="Firefox sur Windows", maintenant=le)
    lue(
        "comptes/nouvel_appareil",
        lettre("appareil-"),
        "Connexion depuis un nouvel appareil",
        BONJOUR,
        "Votre compte Rebond industriel vient d’être ouvert depuis un navigateur que nous ne connaissions pas : "
        "Firefox sur Windows, le 1er\u00a0mars\u00a02027 à 09\u00a0h\u00a030 (heure de Paris).",
        "Si c’est vous, vous n’avez rien à faire.",
        f"Sinon, fermez cette session et changez de mot de passe sans attendre : {PORTAIL}/compte/sessions/",
        SIGNATURE,
    )


def test_un_compte_ferme_par_son_titulaire(camille: Utilisateur) -> None:
    actions.fermer_le_sien(utilisateur=camille, maintenant=horloge_base())
    lue(
        "comptes/compte_ferme",
        lettre("compte-ferme-"),
        "Votre compte est fermé",
        BONJOUR,
        "Comme vous l’avez demandé, votre compte Rebond industriel est fermé. Vous avez quitté les équipes des "
        "dossiers en cours ; ce que vous y avez écrit reste.",
        f"Si ce n’est pas vous qui l’avez demandé, écrivez-nous sans attendre : {PORTAIL}/contact/",
        SIGNATURE,
    )


def test_un_compte_desactive_puis_rouvert(camille: Utilisateur, administrateur: Utilisateur) -> None:
    acte = {"utilisateur": camille, "acteur": administrateur, "motif": "Essai.", "maintenant": horloge_base()}
    actions.desactiver(**acte)
    lue(
        "comptes/compte_desactive",
        lettre("compte-desactive-"),
        "Votre compte est désactivé",
        BONJOUR,
        "Un administrateur de Rebond industriel a désactivé votre compte : il ne s’ouvre plus.",
        f"Pour savoir pourquoi, ou pour le rouvrir, écrivez-nous : {PORTAIL}/contact/",
        SIGNATURE,
    )
    actions.reactiver(**acte)
    lue(
        "comptes/compte_reactive",
        lettre("compte-reactive-"),
        "Votre compte est rouvert",
        BONJOUR,
        "Un administrateur de Rebond industriel a rouvert votre compte. Vous pouvez vous connecter : "
        f"{PORTAIL}/compte/login/",
        SIGNATURE,
    )


def test_des_seconds_facteurs_retires_par_un_administrateur(camille: Utilisateur, administrateur: Utilisateur) -> None:
    proteger(camille)
    actions.reinitialiser_les_facteurs(
        utilisateur=camille, acteur=administrateur, motif="Essai.", maintenant=horloge_base()
    )
    lue(
        "comptes/second_facteur_retire",
        lettre("second-facteur-retire-"),
        "Vos seconds facteurs ont été retirés",
        BONJOUR,
        "Un administrateur a retiré l’application, les clés et les codes de secours qui protégeaient votre compte "
        "Rebond industriel. À votre prochaine connexion, choisissez un nouveau second facteur : "
        f"{PORTAIL}/compte/second-facteur/",
        f"Si vous ne l’avez pas demandé, écrivez-nous sans attendre : {PORTAIL}/contact/",
        SIGNATURE,
    )
