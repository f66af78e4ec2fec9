"""The availability log: what the probe wrote, and what it says of a period.

Between two probes that disagree the doubt goes against the portal: it is counted in the worse of the two states.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import models, transaction

from rebond.socle.bdd import verrous
from rebond.socle.vigie import Disponibilite, Observation

# Beyond, nobody knows what happened between two probes. Shorter interruptions count in the shares, and are not listed.
SILENCE_MAX = timedelta(seconds=60)
RECENTES = 20
GRAVITE = {Disponibilite.DISPONIBLE: 0, Disponibilite.DEGRADE: 1, Disponibilite.INDISPONIBLE: 2}


class NatureCoupure(models.TextChoices):
    INDISPONIBLE = "indisponible", "Portail indisponible"
    NON_OBSERVE = "non_observe", "Non observé"


@dataclass(frozen=True)
class Coupure:
    """An interval `[debut, fin)` during which the portal was out of reach, or nobody was watching."""

    nature: NatureCoupure
    debut: datetime
    fin: datetime
    detail: str = ""

    @property
    def injoignable(self) -> bool:
        return self.nature is NatureCoupure.INDISPONIBLE

    @property
    def duree(self) -> timedelta:
        return self.fin - self.debut


@dataclass(frozen=True)
class Bilan:
    """What is known of the period `[debut, fin)`; `coupures` in order, those that lasted more than `SILENCE_MAX`.

    An interruption whose `fin` is that of the period was not over then.
    """

    debut: datetime
    fin: datetime
    coupures: tuple[Coupure, ...]
    observe: timedelta
    indisponible: timedelta

    @property
    def part_disponible(self) -> float | None:
        """From 0 to 1, of the time that was watched; None when none was."""
        return 1 - self.indisponible / self.observe if self.observe else None

    @property
    def recentes(self) -> tuple[Coupure, ...]:
        """The last interruptions, latest first: what a page shows."""
        return self.coupures[: -RECENTES - 1 : -1]

    @property
    def part_observee(self) -> float:
        return self.observe / (self.fin - self.debut)


def observer(etat: Disponibilite, detail: str, *, maintenant: datetime) -> Observation:
    """Add what a probe found at `maintenant`: the last row goes on, or another begins."""
    with transaction.atomic():
        verrous.attendre("observation")
        derniere = Observation.objects.order_by("-fin", "-pk").first()
        if derniere is None or maintenant - derniere.fin > SILENCE_MAX:
            return Observation.objects.create(etat=etat, detail=detail, debut=maintenant, fin=maintenant)
        # A probe that was slow to come back adds nothing to what a later one has seen.
        instant = max(maintenant, derniere.fin)
        meme = (derniere.etat, derniere.detail) == (etat, detail)
        if meme or GRAVITE[Disponibilite(derniere.etat)] >= GRAVITE[etat]:
            Observation.objects.filter(pk=derniere.pk).update(fin=instant)
            derniere.fin = instant
        if meme:
            return derniere
        return Observation.objects.create(etat=etat, detail=detail, debut=derniere.fin, fin=instant)


def bilan(debut: datetime, fin: datetime) -> Bilan:
    """What the log says of `[debut, fin)`, in one query. `fin` is not later than the present, `debut` before it."""
    (seul,) = bilans((debut,), fin)
    return seul


def bilans(debuts: Sequence[datetime], fin: datetime) -> list[Bilan]:
    """The same of several periods that end together, in one query for all of them."""
    lues = list(Observation.objects.filter(fin__gt=min(debuts), debut__lt=fin).order_by("debut", "pk"))
    return [_bilan([lue for lue in lues if lue.fin > debut], debut, fin) for debut in debuts]


def _bilan(observations: list[Observation], debut: datetime, fin: datetime) -> Bilan:
    observe = indisponible = timedelta(0)
    for observation in observations:
        duree = min(observation.fin, fin) - max(observation.debut, debut)
        observe += duree
        if observation.etat == Disponibilite.INDISPONIBLE:
            indisponible += duree
    coupures = tuple(c for c in _reunies(_coupures(observations, debut, fin)) if c.duree > SILENCE_MAX)
    return Bilan(debut, fin, coupures, observe, indisponible)


def coupures(debut: datetime, fin: datetime) -> tuple[Coupure, ...]:
    """The interruptions and the silences of `[debut, fin)` that lasted more than `SILENCE_MAX`, in order."""
    return bilan(debut, fin).coupures


def _coupures(observations: list[Observation], debut: datetime, fin: datetime) -> Iterator[Coupure]:
    vu_jusqu_a = debut
    for observation in observations:
        commence, finit = max(observation.debut, debut), min(observation.fin, fin)
        if commence > vu_jusqu_a:
            yield Coupure(NatureCoupure.NON_OBSERVE, vu_jusqu_a, commence)
        if observation.etat == Disponibilite.INDISPONIBLE:
            yield Coupure(NatureCoupure.INDISPONIBLE, commence, finit, observation.detail)
        vu_jusqu_a = finit
    if vu_jusqu_a == fin:
        return
    derniere = observations[-1] if observations else None
    if derniere and derniere.etat == Disponibilite.INDISPONIBLE and fin - vu_jusqu_a <= SILENCE_MAX:
        yield Coupure(NatureCoupure.INDISPONIBLE, vu_jusqu_a, fin, derniere.detail)
    else:
        yield Coupure(NatureCoupure.NON_OBSERVE, vu_jusqu_a, fin)


def _reunies(suite: Iterator[Coupure]) -> Iterator[Coupure]:
    """An interruption whose cause changed on the way is one; it keeps the first cause."""
    en_cours: Coupure | None = None
    for coupure in suite:
        if en_cours and en_cours.nature == coupure.nature and en_cours.fin == coupure.debut:
            en_cours = replace(en_cours, fin=coupure.fin)
            continue
        if en_cours:
            yield en_cours
        en_cours = coupure
    if en_cours:
        yield en_cours
