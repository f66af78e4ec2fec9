"""Who sends a request: their session, their account, their roles and the database's clock, read in one statement.

Nothing is kept from one request to the next: a session that was ended, a password that was changed, a role that was
withdrawn stops at the very next request, whichever process serves it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.usersessions.models import UserSession
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from rebond.comptes.habilitations import donner_les_habilitations, en_vigueur_de
from rebond.socle.bdd.preparees import Preparee
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Habilitation

_en_vigueur: Preparee[Habilitation] = Preparee(lambda: en_vigueur_de(RawSQL("u.id", ())))
_lue: ContextVar[Utilisateur | None] = ContextVar("personne_lue", default=None)


class SessionAvecSaPersonne(SessionStore):
    """A session in the database, read together with `personne`, whom it was opened for as far as the row that
    describes it (`UserSession`) tells, and with `instant`, what the database's clock then showed.
    """

    personne: Utilisateur | None = None
    instant: datetime | None = None

    @property
    def key_salt(self) -> str:
        """The one of the class that this stands for: what either of them writes, the other reads."""
        return f"django.contrib.sessions.{SessionStore.__qualname__}"

    def _get_session_from_db(self) -> Session | None:
        with connection.cursor() as curseur:
            curseur.execute(_sql(), [*_en_vigueur.parametres(), self.session_key, timezone.now()])
            lignes = curseur.fetchall()
        if not lignes:
            self._session_key = None
            return None
        self.instant = lignes[0][0]
        self.personne = _personne(lignes)
        session: Session = Session.from_db(connection.alias, _champs(Session), lignes[0][_debut(1) : _debut(2)])
        return session


class PersonneMiddleware(AuthenticationMiddleware):
    """Django's, without another statement for the person. Django itself judges the session, as before."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _de_la_requete(request))  # type: ignore[assignment]


class Porte(AuthenticationBackend):
    """allauth's, which takes the person that was read with the session, when it is the one that it is asked for."""

    def get_user(self, user_id: Any) -> Utilisateur | None:
        lue = _lue.get()
        if lue is None or str(lue.pk) != str(user_id):
            trouvee: Utilisateur | None = super().get_user(user_id)
            return trouvee
        return lue if self.user_can_authenticate(lue) else None


def _de_la_requete(request: HttpRequest) -> Utilisateur | AnonymousUser:
    # The session is read first: its person comes with it.
    request.session.get(auth.SESSION_KEY)
    with _tendre(getattr(request.session, "personne", None)):
        personne: Utilisateur | AnonymousUser = get_user(request)
    return personne


@contextmanager
def _tendre(personne: Utilisateur | None) -> Iterator[None]:
    """Only while Django asks who this session is of."""
    jeton = _lue.set(personne)
    try:
        yield
    finally:
        _lue.reset(jeton)


def _personne(lignes: list[tuple[Any, ...]]) -> Utilisateur | None:
    """One row for each role in force, and one with empty columns when there is none."""
    champs, debut, fin = _champs(Utilisateur), _debut(2), _debut(3)
    if lignes[0][debut] is None:
        return None
    personne = Utilisateur.from_db(connection.alias, champs, lignes[0][debut:fin])
    donner_les_habilitations(personne, _en_vigueur.objets(ligne[fin:] for ligne in lignes if ligne[fin] is not None))
    return personne


@cache
def _champs(modele: Any) -> list[str]:
    return [champ.attname for champ in modele._meta.concrete_fields]


@cache
def _debut(rang: int) -> int:
    """Where the columns of the session (1), of the person (2), of the role (3) begin: after the clock."""
    return 1 + sum(len(_champs(modele)) for modele in (Session, Utilisateur)[: rang - 1])


@cache
def _sql() -> str:
    return f"""SELECT clock_timestamp(), {_colonnes(Session, "s")}, {_colonnes(Utilisateur, "u")}, h.*
      FROM {Session._meta.db_table} s
      LEFT JOIN {UserSession._meta.db_table} l ON l.session_key = s.session_key
      LEFT JOIN {Utilisateur._meta.db_table} u ON u.id = l.user_id
      LEFT JOIN LATERAL ({_en_vigueur.sql}) h ON TRUE
     WHERE s.session_key = %s AND s.expire_date > %s"""  # noqa: S608 (names of tables and columns alone)


def _colonnes(modele: Any, alias: str) -> str:
    return ", ".join(f'{alias}."{champ.column}"' for champ in modele._meta.concrete_fields)
