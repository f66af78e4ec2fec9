"""The letters of accounts, word for word, in plain text and in HTML."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import RequestFactory

from rebond.socle.courriers import facteur
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.partie_html import en_html
from rebond.socle.courriers.scelle import ouvrir
from rebond.socle.horloge.temps import PARIS
from tests.outils.lettres import BONJOUR, PORTAIL, insecables

ADRESSE = "camille@exemple.fr"
GABARITS = Path(__file__).resolve().parents[2] / "templates" / "account" / "email"
CADRE = {"base"}
# Without a code, and all the same an answer to somebody who waits in front of a page.
ATTENDUES = {"account_already_exists", "password_reset_key", "unknown_account"}
IGNORER = "Si vous n’avez rien demandé, ignorez ce message."
RESTE = "Si vous n’avez rien demandé, ignorez ce message : votre mot de passe reste le même."
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
    "from_email": ADRESSE,
    "to_email": "autre@exemple.fr",
    "deleted_email": ADRESSE,
    # What the request says of the portal's address is not what letters say.
    "password_reset_url": "https://ailleurs.example/compte/password/reset/",
    "signup_url": "https://ailleurs.example/compte/signup/",
    "activate_url": "",
}
COMPTE_EXISTANT = (
    f"Une création de compte a été demandée avec l’adresse {ADRESSE}, qui a déjà un compte sur le portail.",
    (
        "Pour vous connecter, demandez un code de connexion avec cette adresse. Si vous préférez choisir un nouveau "
        "mot de passe :"
    ),
    f"{PORTAIL}/compte/password/reset/",
    IGNORER,
)
VERIFICATION = (
    (
        "Cette adresse a été indiquée pour un compte du portail Rebond industriel. Voici le code qui la vérifie. "
        "Saisissez-le dans la page restée ouverte ; il est valable dix minutes."
    ),
    "ABCD-1234",
    "Si ce n’est pas vous, ignorez ce message.",
)
LETTRES = {
    "account_already_exists": ("Vous avez déjà un compte", *COMPTE_EXISTANT),
    "email_changed": (
        "Votre adresse e-mail a changé",
        f"L’adresse de votre compte était {ADRESSE} ; elle est maintenant autre@exemple.fr.",
        *CHANGEMENT,
    ),
    "email_confirm": (
        "Votre adresse e-mail est vérifiée",
        "L’adresse e-mail de votre compte est vérifiée.",
        *CHANGEMENT,
    ),
    "email_confirmation": ("Vérifiez votre adresse e-mail", *VERIFICATION),
    "email_confirmation_signup": ("Terminez la création de votre compte", *VERIFICATION),
    "email_deleted": (
        "Une adresse e-mail a été retirée",
        f"L’adresse {ADRESSE} a été retirée de votre compte.",
        *CHANGEMENT,
    ),
    "login_code": (
        "Votre code de connexion",
        "Voici votre code de connexion. Saisissez-le dans la page restée ouverte ; il est valable dix minutes.",
        "ABCD-1234",
        "Si vous n’avez pas demandé à vous connecter, ignorez ce message : personne ne peut entrer sans ce code.",
    ),
    "password_changed": (
        "Votre mot de passe a changé",
        "Le mot de passe de votre compte a été changé.",
        *CHANGEMENT,
    ),
    "password_reset": (
        "Votre mot de passe a été réinitialisé",
        "Le mot de passe de votre compte a été réinitialisé.",
        *CHANGEMENT,
    ),
    "password_reset_code": (
        "Votre code pour changer de mot de passe",
        (
            "Vous avez demandé à changer de mot de passe. Voici le code à saisir dans la page restée ouverte ; il est "
            "valable dix minutes."
        ),
        "ABCD-1234",
        RESTE,
    ),
    # Written instead of a code, were codes turned off.
    "password_reset_key": (
        "Changer de mot de passe",
        "Vous avez demandé à changer de mot de passe. Pour en choisir un nouveau, ouvrez cette page :",
        f"{PORTAIL}/compte/password/reset/",
        RESTE,
    ),
    "password_set": (
        "Un mot de passe a été choisi",
        "Un mot de passe a été choisi pour votre compte.",
        *CHANGEMENT,
    ),
    "unknown_account": (
        "Aucun compte ouvert avec cette adresse",
        (
            f"Une connexion a été demandée avec l’adresse {ADRESSE}, mais aucun compte ouvert ne lui correspond. Vous "
            "avez peut-être utilisé une autre adresse."
        ),
        (
            "Si vous aviez un compte avec celle-ci, il a été fermé ou désactivé. Pour savoir pourquoi ou pour le "
            f"rouvrir, écrivez-nous : {PORTAIL}/contact/"
        ),
        "Si vous n’en avez jamais eu et souhaitez créer un compte :",
        f"{PORTAIL}/compte/signup/",
        IGNORER,
    ),
}
SIGNATURE = "L’équipe Rebond industriel\nCe message est envoyé automatiquement : inutile d’y répondre."


@pytest.mark.django_db
@pytest.mark.parametrize("nom", LETTRES)
def test_chaque_lettre_de_compte(nom: str) -> None:
    objet, *paragraphes = LETTRES[nom]
    requete = RequestFactory().get("/")
    requete.user = AnonymousUser()
    with request_context(requete):
        get_adapter(requete).send_mail(f"account/email/{nom}", ADRESSE, VALEURS)
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    assert (message.to, message.subject) == ([ADRESSE], f"[Rebond industriel] {objet}")
    assert message.body == insecables("\n\n".join([BONJOUR, *paragraphes, SIGNATURE]))
    assert message.alternatives == [(en_html(message.subject, message.body), "text/html")]


def test_chaque_gabarit_a_son_essai() -> None:
    assert {chemin.name.removesuffix("_message.txt") for chemin in GABARITS.glob("*_message.txt")} == {
        *LETTRES,
        *CADRE,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("nom", LETTRES)
def test_une_lettre_attend_sous_scelle_et_ce_que_l_on_attend_perime(nom: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facteur, "reveiller", lambda: None)
    requete = RequestFactory().get("/")
    requete.user = AnonymousUser()
    with request_context(requete):
        get_adapter(requete).send_mail(f"account/email/{nom}", ADRESSE, VALEURS)
    courrier = Courrier.objects.get()
    assert courrier.texte == ""
    assert "Bonjour" in ouvrir(courrier.scelle)
    assert courrier.cle.startswith(facteur.PREFIXE)
    attendue = nom in ATTENDUES or "ABCD-1234" in LETTRES[nom]
    assert (courrier.perime_le is not None) == attendue
    if courrier.perime_le is not None:
        assert timedelta(minutes=9) < courrier.perime_le - courrier.cree_le <= timedelta(minutes=10)
