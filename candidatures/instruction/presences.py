"""Who has the page of a file open, for those who instruct it with them: a sign of life, in the cache and nowhere else.

It is told to nobody else and kept nowhere: it goes by itself within a minute. Two signs at the same instant may cost
one of them its place, until its next sign.
"""

from datetime import datetime, timedelta

from django.core.cache import cache

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.annotations.requetes import collegues_de
from rebond.socle.utilisateur import Utilisateur

# Browsers say every 20 s that the page is open.
DUREE = timedelta(seconds=50)


def signaler(*, dossier: Candidature, personne: Utilisateur, maintenant: datetime) -> None:
    """Note that `personne`, who instructs the file, has it before their eyes."""
    signes = _vivants(dossier, maintenant) | {personne.pk: maintenant.timestamp()}
    cache.set(_cle(dossier), signes, timeout=int(DUREE.total_seconds()))


def partir(*, dossier: Candidature, personne: Utilisateur, maintenant: datetime) -> None:
    """`personne` reads it no more, and is not said to."""
    signes = _vivants(dossier, maintenant)
    signes.pop(personne.pk, None)
    cache.set(_cle(dossier), signes, timeout=int(DUREE.total_seconds()))


def presents(*, dossier: Candidature, sauf: Utilisateur, maintenant: datetime) -> list[str]:
    """The names of those who read it too, among those who instruct it at this instant. No statement when there is
    nobody."""
    autres = [pk for pk in _vivants(dossier, maintenant) if pk != sauf.pk]
    if not autres:
        return []
    return [str(autre) for autre in collegues_de(dossier, sauf).filter(pk__in=autres).order_by("pk")]


def _cle(dossier: Candidature) -> str:
    return f"dossier-lu-{dossier.pk}"


def _vivants(dossier: Candidature, maintenant: datetime) -> dict[int, float]:
    debut = (maintenant - DUREE).timestamp()
    signes: dict[int, float] = cache.get(_cle(dossier)) or {}
    return {pk: vu for pk, vu in signes.items() if vu > debut}
