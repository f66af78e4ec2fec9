"""Nobody learns who has an account: each entry answers the same bytes for an address that is known and for another.

A visitor does the same things twice, with the same address: once it has an account, once it has none. Everything that
they are sent is compared, step by step: status, headers, cookies (names, lengths, flags), body; and the letters.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rebond.socle.courriers.models import Courrier
from rebond.socle.utilisateur import Utilisateur

pytestmark = pytest.mark.django_db

ADRESSE, SOI = "camille@exemple.fr", "curieux@exemple.fr"
MOT_DE_PASSE = "un-long-mot-de-passe"
# Drawn anew for each page.
TIRES = (
    re.compile(r'(name="csrfmiddlewaretoken" value=)"[^"]+"'),
    re.compile(r'(name="cle_d_envoi" value=)"[^"]+"'),
)


@dataclass(frozen=True)
class Vu:
    """All that one answer shows to whoever asked."""

    quoi: str
    statut: int
    entetes: tuple[tuple[str, str], ...]
    cookies: tuple[tuple[str, int, tuple[tuple[str, str], ...]], ...]
    corps: str


class Curieux:
    """A visitor who wonders whether `ADRESSE` has an account; keeps what was seen, and what each step cost."""

    def __init__(self) -> None:
        self.client = Client()
        self.vus: list[Vu] = []
        self.requetes: list[int] = []
        self.ecritures: list[int] = []

    def lire(self, page: str) -> None:
        self._voir(page, lambda: self.client.get(page))

    def envoyer(self, page: str, **champs: str) -> None:
        self._voir(page, lambda: self.client.post(page, champs))
        if self.vus[-1].statut == 302:
            self.lire(dict(self.vus[-1].entetes)["Location"])

    def _voir(self, page: str, demander: Callable[[], Any]) -> None:
        with CaptureQueriesContext(connection) as requetes:
            reponse = demander()
        self.requetes.append(len(requetes))
        self.ecritures.append(sum(lue["sql"].startswith(ECRIVENT) for lue in requetes.captured_queries))
        corps = reponse.content.decode()
        for tire in TIRES:
            corps = tire.sub(r'\1""', corps)
        # Of a page that is never kept, « Expires » is the instant of the answer.
        entetes = sorted((nom, "" if nom == "Expires" else valeur) for nom, valeur in reponse.headers.items())
        cookies = (
            (nom, len(pose.value), tuple(sorted((cle, str(pose[cle])) for cle in pose if cle != "expires")))
            for nom, pose in sorted(reponse.cookies.items())
        )
        methode = reponse.request["REQUEST_METHOD"]
        self.vus.append(Vu(f"{methode} {page}", reponse.status_code, tuple(entetes), tuple(cookies), corps))


def un_compte(adresse: str) -> Utilisateur:
    utilisateur = Utilisateur.objects.create_user(adresse, MOT_DE_PASSE, prenom="Camille", nom="Exemple")
    EmailAddress.objects.create(user=utilisateur, email=adresse, verified=True, primary=True)
    return utilisateur


def recevoir_un_code(curieux: Curieux) -> None:
    curieux.lire("/compte/login/")
    curieux.envoyer("/compte/login/code/", email=ADRESSE)
    curieux.envoyer("/compte/login/code/confirm/", action="resend")
    for page in ("/compte/login/", "/compte/login/code/"):
        curieux.lire(page)
    for _ in range(3):
        curieux.envoyer("/compte/login/code/confirm/", code="AAAA-AAAA")
    curieux.lire("/compte/login/code/confirm/")


def creer_un_compte(curieux: Curieux) -> None:
    curieux.lire("/compte/signup/")
    curieux.envoyer("/compte/signup/", prenom="Jo", nom="Curieux", email=ADRESSE)
    # Before the ten seconds that part two letters are over.
    curieux.envoyer("/compte/confirm-email/", action="resend")
    for page in ("/compte/login/", "/compte/signup/", "/compte/login/code/", "/compte/password/reset/"):
        curieux.lire(page)
    curieux.envoyer("/compte/confirm-email/", action="change", email="autre@exemple.fr")
    for _ in range(2):
        curieux.envoyer("/compte/confirm-email/", code="AAAA-AAAA")
    curieux.lire("/compte/confirm-email/")
    curieux.envoyer("/compte/confirm-email/", code="AAAA-AAAA")
    curieux.lire("/compte/confirm-email/")


def oublier_son_mot_de_passe(curieux: Curieux) -> None:
    curieux.lire("/compte/password/reset/")
    curieux.envoyer("/compte/password/reset/", email=ADRESSE)
    curieux.lire("/compte/password/reset/")
    curieux.lire("/compte/password/reset/complete/")
    for _ in range(3):
        curieux.envoyer("/compte/password/reset/confirm/", code="AAAA-AAAA")
    curieux.lire("/compte/password/reset/confirm/")


def se_tromper_de_mot_de_passe(curieux: Curieux) -> None:
    for _ in range(7):
        curieux.envoyer("/compte/login/", login=ADRESSE, password="faux")


def changer_d_adresse(curieux: Curieux) -> None:
    """From one's own account, to an address that is somebody's or nobody's."""
    un_compte(SOI)
    curieux.client.post("/compte/login/", {"login": SOI, "password": MOT_DE_PASSE})
    curieux.client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    curieux.envoyer("/compte/email/", email=ADRESSE, action_add="")
    curieux.envoyer("/compte/confirm-email/", action="resend")
    for _ in range(2):
        curieux.envoyer("/compte/confirm-email/", code="AAAA-AAAA")
    curieux.lire("/compte/confirm-email/")
    curieux.envoyer("/compte/confirm-email/", code="AAAA-AAAA")


ENTREES = (
    recevoir_un_code,
    creer_un_compte,
    oublier_son_mot_de_passe,
    se_tromper_de_mot_de_passe,
    changer_d_adresse,
)


ECRIVENT = ("INSERT", "UPDATE", "DELETE")
# A person and their addresses, read by their key on the pages that follow: a millisecond.
ECART = 3


def derouler(entree: Callable[[Curieux], None], *, existe: bool) -> tuple[Curieux, list[Any], list[Any]]:
    """What was seen, who was written to, and the rows of the outbox."""
    curieux = Curieux()
    cache.clear()
    mail.outbox.clear()
    with transaction.atomic():
        if existe:
            un_compte(ADRESSE)
        entree(curieux)
        colonnes = ("destinataire", "texte", "scelle", "tentatives", "abandonne_le")
        courriers = list(Courrier.objects.order_by("pk").values_list(*colonnes))
        transaction.set_rollback(True)
    return curieux, [message.to for message in mail.outbox], courriers


@pytest.mark.parametrize("entree", ENTREES, ids=lambda entree: entree.__name__)
def test_une_adresse_connue_et_une_inconnue_recoivent_les_memes_octets(entree: Callable[[Curieux], None]) -> None:
    connue, lettres, courriers = derouler(entree, existe=True)
    inconnue, autres_lettres, autres_courriers = derouler(entree, existe=False)
    for l_un, l_autre in zip(connue.vus, inconnue.vus, strict=True):
        assert l_un == l_autre
    assert lettres == autres_lettres
    assert courriers == autres_courriers
    assert connue.ecritures == inconnue.ecritures
    couts = zip(connue.vus, connue.requetes, inconnue.requetes, strict=True)
    assert [(vu.quoi, un, autre) for vu, un, autre in couts if abs(un - autre) > ECART] == []


def test_demander_un_autre_code_envoie_une_lettre_connue_ou_non() -> None:
    """The ten seconds that part two letters of a sign-up are over."""
    lettres = {}
    for existe in (True, False):
        cache.clear()
        mail.outbox.clear()
        with transaction.atomic():
            if existe:
                un_compte(ADRESSE)
            curieux = Curieux()
            creer_un_compte_puis_attendre(curieux)
            transaction.set_rollback(True)
        lettres[existe] = ([vu.statut for vu in curieux.vus], [message.to for message in mail.outbox])
    assert lettres[True] == lettres[False] == ([302, 200, 302, 200], [[ADRESSE], [ADRESSE]])


def creer_un_compte_puis_attendre(curieux: Curieux) -> None:
    curieux.envoyer("/compte/signup/", prenom="Jo", nom="Curieux", email=ADRESSE)
    cache.clear()
    curieux.envoyer("/compte/confirm-email/", action="resend")


def test_un_mot_de_passe_faux_coute_un_calcul_qu_il_y_ait_un_compte_ou_non(monkeypatch: pytest.MonkeyPatch) -> None:
    calculs: list[str] = []
    chiffrer = MD5PasswordHasher.encode

    def compter(hacheur: Any, password: str, salt: str) -> str:
        calculs.append(password)
        return chiffrer(hacheur, password, salt)

    sans_mot_de_passe = Utilisateur.objects.create_user("par-code@exemple.fr")
    EmailAddress.objects.create(user=sans_mot_de_passe, email=sans_mot_de_passe.email, verified=True, primary=True)
    un_compte(ADRESSE)
    monkeypatch.setattr(MD5PasswordHasher, "encode", compter)
    couts = []
    for adresse in (ADRESSE, sans_mot_de_passe.email, "personne@exemple.fr"):
        calculs.clear()
        Client().post("/compte/login/", {"login": adresse, "password": "faux"})
        couts.append(len(calculs))
    assert couts == [1, 1, 1]


def test_creer_un_compte_deja_pris_ne_laisse_rien() -> None:
    un_compte(ADRESSE)
    Curieux().envoyer("/compte/signup/", prenom="Jo", nom="Curieux", email=ADRESSE)
    assert list(Utilisateur.objects.values_list("email", "prenom")) == [(ADRESSE, "Camille")]
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [ADRESSE]
