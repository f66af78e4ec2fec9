"""Keeping what came back, once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.retours.models import Retour
from rebond.socle.courriers.retours.regles import Genre, Source


@dataclass(frozen=True)
class Constat:
    """What a report says of the letter that this token names."""

    jeton: UUID
    genre: Genre
    statut: str


def constater(constat: Constat, source: Source) -> Retour | None:
    """Keep it beside its letter; the same one again, whoever says it, is kept once. None when no letter that left has
    this token."""
    courrier = Courrier.objects.filter(jeton=constat.jeton, envoye_le__isnull=False).first()
    if courrier is None or courrier.envoye_le is None:
        return None
    return _garder(courrier, courrier.envoye_le, constat.genre, constat.statut, source)


def refuser(courrier: Courrier, *, genre: Genre, statut: str, maintenant: datetime) -> Retour:
    """The mail server itself would not take the letter."""
    return _garder(courrier, maintenant, genre, statut, Source.SMTP)


def _garder(courrier: Courrier, parti_le: datetime, genre: Genre, statut: str, source: Source) -> Retour:
    retour, _ = Retour.objects.get_or_create(
        courrier=courrier, parti_le=parti_le, genre=genre, defaults={"statut": statut, "source": source}
    )
    return retour
