"""What a session has proven of its person beyond their address, and the roles that wait for more.

`PreuvesMiddleware` writes it on the person of each request; whoever is no request's person (a letter's reader, an
actor of a test) is asked nothing.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

#: Roles that choose, sign, publish or audit.
ROLES_A_SECOND_FACTEUR = frozenset({Role.ADMINISTRATEUR, Role.VALIDEUR, Role.PRESSE, Role.AUDITEUR})
CLE = "preuves"
ATTRIBUT = "preuves"
SECOND_FACTEUR, PROCONNECT = "second_facteur", "proconnect"

Personne = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True)
class Preuves:
    """Of one session. A second factor was used or set up in it, or asked by the agent's own administration."""

    second_facteur: bool = False
    proconnect: bool = False

    @classmethod
    def de(cls, session: SessionBase, personne: Utilisateur) -> "Preuves":
        gardees = session.get(CLE, {})
        if gardees.get("personne") != personne.pk:
            return cls()
        return cls(second_facteur=SECOND_FACTEUR in gardees["faites"], proconnect=PROCONNECT in gardees["faites"])

    def suffisent(self, role: str) -> bool:
        """Whether `role` may be used with them, as the settings stand."""
        if settings.AGENTS_PAR_PROCONNECT and not self.proconnect:
            return False
        return not settings.SECOND_FACTEUR_EXIGE or self.second_facteur or role not in ROLES_A_SECOND_FACTEUR


def prouver(request: HttpRequest, personne: Utilisateur, *faites: str) -> None:
    """Note in the session that `personne` proved this; nothing of anybody else remains there."""
    gardees = request.session.get(CLE, {})
    deja = gardees.get("faites", []) if gardees.get("personne") == personne.pk else []
    request.session[CLE] = {"personne": personne.pk, "faites": sorted({*deja, *faites})}


def suffisent_a(personne: Personne, role: str) -> bool:
    preuves: Preuves | None = getattr(personne, ATTRIBUT, None)
    return preuves is None or preuves.suffisent(role)
