"""Asking the portal, without leaving a trace: what it answered, what it asked of the database."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.test import Client

from rebond.documentation.acces import SE_CONNECTER
from rebond.socle.utilisateur import Utilisateur
from tests.outils.connexion import decrire_la_seance

# What comes anew with each page, for whoever asks.
PROPRES_A_LA_PAGE = re.compile(rb'name="(?:csrfmiddlewaretoken|cle_d_envoi)" value="[^"]*"')
ECRITURE = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM|COPY|TRUNCATE)\s+\"?(\w+)")
# The visitor's own thread, and the key of a form, which is given back when the act is refused.
SANS_OBJET = {"django_session", "socle_envoi"}
LITTERAL = re.compile(r"'(?:[^']|'')*'|\b\d+\b|%s(?:, %s)*")
POSER, REVENIR = "SAVEPOINT essai", "ROLLBACK TO SAVEPOINT essai; RELEASE SAVEPOINT essai"
POINT_DE_REPRISE = re.compile(r'"s\d+_x\d+"')


@dataclass
class Reponse:
    statut: str
    entetes: dict[str, str]
    corps: bytes
    sql: list[str] = field(default_factory=list)

    @property
    def ecrits(self) -> set[str]:
        """Tables in which it wrote, or tried to."""
        return tables_ecrites(self.sql)

    @property
    def forme(self) -> tuple[Any, ...]:
        """What whoever asks may observe, and the statements made for it, without their values."""
        return self.statut, self.entetes, self.corps, formes(self.sql)


def formes(sql: list[str]) -> list[str]:
    """Statements without their values: what was asked, of whatever object and by whomever."""
    return [_nue(requete) for requete in sql]


def tables_ecrites(sql: list[str]) -> set[str]:
    return {lu[1] for requete in sql if (lu := ECRITURE.match(requete))} - SANS_OBJET


def _nue(requete: str) -> str:
    return LITTERAL.sub("?", POINT_DE_REPRISE.sub("s", requete))


def un_client(personne: Utilisateur | None) -> Client:
    """Signed in a moment ago, by all that pages may ask for again; each from an address of their own."""
    client = Client(REMOTE_ADDR=f"192.0.2.{personne.pk % 256 if personne else 0}")
    if personne is not None:
        client.force_login(personne)
        session = client.session
        demande = HttpRequest()
        demande.session = session
        for methode in ("password", "mfa"):
            record_authentication(demande, personne, methode, reauthenticated=True)
        session.save()
        # Its key changes with each proof.
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        decrire_la_seance(client, personne)
    return client


def est_sorti(client: Client) -> bool:
    """Whether what it has just asked has signed it out: the session is not of those things that are undone."""
    seance = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return seance is not None and not seance.value


def demander(client: Client, methode: str, adresse: str) -> Reponse:
    """Ask, read all of the answer, and undo what it did: what only reads has nothing to undo."""
    with sans_trace() if methode != "GET" else nullcontext(), sql_de() as sql:
        reponse = client.generic(methode, adresse)
        corps = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    entetes = {nom: valeur for nom, valeur in reponse.headers.items() if nom not in {"ETag", "Content-Length"}}
    return Reponse(_statut(reponse), entetes, PROPRES_A_LA_PAGE.sub(b"", corps), sql)


def _statut(reponse: Any) -> str:
    vers_la_connexion = reponse.status_code == 302 and reponse["Location"].startswith("/compte/login/?next=")
    return SE_CONNECTER if vers_la_connexion else str(reponse.status_code)


@contextmanager
def sans_trace() -> Iterator[None]:
    """Within a transaction: whatever is done meanwhile is undone.

    The point to come back to is set before the first statement, and left alone when there is none: most of those who
    may not act are refused before anything is asked of the database. Its three statements would take half the time.
    """
    pose = False

    def poser(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        nonlocal pose
        if not pose:
            connection.connection.execute(POSER)
            pose = True
        return execute(sql, *arguments)

    attendent = len(connection.run_on_commit)
    with connection.execute_wrapper(poser):
        yield
    if pose:
        connection.connection.execute(REVENIR)
    connection.needs_rollback = False
    del connection.run_on_commit[attendent:]


@contextmanager
def sql_de() -> Iterator[list[str]]:
    faites: list[str] = []

    def noter(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        faites.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(noter):
        yield faites
