"""Coming in through the pages of a real portal, as people do: a password, a code read in a mailbox."""

import re
from email.message import Message
from typing import Any

from django.test import Client

from tests.outils.smtp import ServeurSmtp
from tests.outils.visiteur import Visiteur

FAUX, TROP = "L’adresse e-mail ou le mot de passe sont incorrects.", "Trop de tentatives de connexion échouées."


def essayer(visiteur: Visiteur, adresse: str, mot_de_passe: str = "faux") -> str:
    """« entre », « faux » or « trop »; whoever came in goes out again."""
    reponse, lue = visiteur.envoyer("/compte/login/", login=adresse, password=mot_de_passe)
    if reponse.status == 302:
        assert visiteur.lire("/tableau-de-bord/")[0].status == 200
        visiteur.envoyer("/compte/logout/")
        return "entre"
    assert reponse.status == 200, lue
    assert (FAUX in lue) != (TROP in lue)
    return "faux" if FAUX in lue else "trop"


def demander_un_code(visiteur: Visiteur, adresse: str) -> None:
    reponse, lue = visiteur.envoyer("/compte/login/code/", email=adresse)
    assert (reponse.status, reponse.headers["Location"]) == (302, "/compte/login/code/confirm/"), lue
    assert "Valider le code" in visiteur.lire("/compte/login/code/confirm/")[1]


def entrer_avec_le_code(visiteur: Visiteur, lettre: Message) -> None:
    reponse, lue = visiteur.envoyer("/compte/login/code/confirm/", code=code_de(lettre))
    assert (reponse.status, reponse.headers["Location"]) == (302, "/tableau-de-bord/"), lue
    assert visiteur.lire("/tableau-de-bord/")[0].status == 200


def code_de(lettre: Message) -> str:
    (partie, *_) = (p for p in lettre.walk() if p.get_content_type() == "text/plain")
    octets = partie.get_payload(decode=True)
    assert isinstance(octets, bytes)
    (code,) = re.findall(r"^[A-Z0-9]{3,5}-?[A-Z0-9]{2,5}$", octets.decode().replace("\r\n", "\n"), re.MULTILINE)
    return str(code)


def par_smtp(serveur: ServeurSmtp) -> dict[str, str]:
    """What a portal is told to send its letters to `serveur`."""
    return {
        "REBOND_COURRIEL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "REBOND_SMTP_HOTE": "127.0.0.1",
        "REBOND_SMTP_PORT": str(serveur.port),
    }


def decrire_la_seance(client: Client, personne: Any) -> None:
    """The row that signing in leaves, by which the portal reads who a session is of: `force_login` leaves none, and
    such a session costs two statements more than anybody’s."""
    from allauth.usersessions.models import UserSession  # late: the bench imports this before Django is ready

    UserSession.objects.create(user=personne, ip="192.0.2.1", user_agent="", session_key=client.session.session_key)
