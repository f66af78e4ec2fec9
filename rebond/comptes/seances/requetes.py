"""The sessions that a person has open now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from rebond.comptes.seances.appareils import nom_de
from rebond.socle.utilisateur import Utilisateur


@dataclass(frozen=True)
class Seance:
    pk: int
    appareil: str
    depuis: datetime
    vue_le: datetime
    courante: bool


def seances_de(utilisateur: Utilisateur, *, courante: str | None, maintenant: datetime) -> list[Seance]:
    """The last used first. Neither address nor version: one's own are known by their browser and their hours."""
    vivantes = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=maintenant)
    ouvertes = UserSession.objects.filter(
        Exists(vivantes),
        user=utilisateur,
        last_seen_at__gt=maintenant - timedelta(minutes=settings.SESSION_INACTIVITE),
        created_at__gt=maintenant - timedelta(minutes=settings.SESSION_DUREE),
    ).order_by("-last_seen_at", "-pk")
    return [
        Seance(s.pk, nom_de(s.user_agent), s.created_at, s.last_seen_at, s.session_key == courante) for s in ouvertes
    ]
