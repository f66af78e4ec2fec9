"""The cookies of a production: sent over TLS alone, set by no other host (OWASP ASVS 5.0, 3.3)."""

from tests.production.reglages import lancer

LES_DIRE = """
from django.test import RequestFactory
from django.http import HttpResponse
from django.contrib.messages import constants
from django.utils.module_loading import import_string
from django.conf import settings
from rebond.comptes.appareils import reconnaitre
from rebond.comptes.seances.appareils import poser
from rebond.portail.cookies import COOKIES
from rebond.portail.temoin import temoigner
from rebond.socle.utilisateur import Utilisateur

demande, reponse = RequestFactory().get("/", secure=True), HttpResponse()
demande.session = {}
messages = import_string(settings.MESSAGE_STORAGE)(demande)
messages.add(constants.INFO, "dit")
messages.update(reponse)
reconnaitre(demande, reponse, Utilisateur(pk=1, email="a@exemple.fr", password="x"))
poser(reponse, "0" * 32)
temoigner(reponse)
for nom, cookie in sorted(reponse.cookies.items()):
    print("posé", nom, bool(cookie["secure"]), bool(cookie["httponly"]), cookie["path"], cookie["domain"] or "-")
print("dits", *sorted(cookie.nom for cookie in COOKIES))
"""


def test_aucun_autre_hote_ne_pose_un_cookie_du_portail_et_aucun_ne_passe_en_clair() -> None:
    code, dit = lancer("manage.py", "shell", "--no-imports", "-c", LES_DIRE)
    assert (code, [ligne for ligne in dit.splitlines() if ligne.startswith(("posé", "dits"))]) == (
        0,
        [
            "posé __Host-appareil True True / -",
            # A script reads it: it says that somebody is signed in, and nothing of who.
            "posé __Host-connecte True False / -",
            "posé __Host-messages True True / -",
            "posé __Host-rebond_appareil True True / -",
            (
                "dits __Host-appareil __Host-connecte __Host-csrftoken __Host-messages __Host-rebond_appareil "
                "__Host-sessionid"
            ),
        ],
    ), dit
