"""Local times of the places of France that do not live on Paris time.

Names of zones: IANA time zone database. French Polynesia has three zones; its administration lives on Tahiti's.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rebond.socle.texte.typographie import INSECABLE, date_fr


@dataclass(frozen=True)
class Fuseau:
    """`heure` is how people name this time: « heure de La Réunion »."""

    zone: ZoneInfo
    heure: str
    lieu: str


OUTRE_MER = {
    "971": Fuseau(ZoneInfo("America/Guadeloupe"), "heure de la Guadeloupe", "Guadeloupe"),
    "972": Fuseau(ZoneInfo("America/Martinique"), "heure de la Martinique", "Martinique"),
    "973": Fuseau(ZoneInfo("America/Cayenne"), "heure de la Guyane", "Guyane"),
    "974": Fuseau(ZoneInfo("Indian/Reunion"), "heure de La Réunion", "La Réunion"),
    "975": Fuseau(ZoneInfo("America/Miquelon"), "heure de Saint-Pierre-et-Miquelon", "Saint-Pierre-et-Miquelon"),
    "976": Fuseau(ZoneInfo("Indian/Mayotte"), "heure de Mayotte", "Mayotte"),
    "977": Fuseau(ZoneInfo("America/St_Barthelemy"), "heure de Saint-Barthélemy", "Saint-Barthélemy"),
    "978": Fuseau(ZoneInfo("America/Marigot"), "heure de Saint-Martin", "Saint-Martin"),
    "986": Fuseau(ZoneInfo("Pacific/Wallis"), "heure de Wallis-et-Futuna", "Wallis-et-Futuna"),
    "987": Fuseau(ZoneInfo("Pacific/Tahiti"), "heure de Tahiti", "Polynésie française (Tahiti)"),
    "988": Fuseau(ZoneInfo("Pacific/Noumea"), "heure de la Nouvelle-Calédonie", "Nouvelle-Calédonie"),
}


def instant_local_fr(instant: datetime, departement: str) -> str:
    """« 1er octobre 2023 à 14:00:00 (heure de La Réunion) »; empty where people live on Paris time.

    `departement` is an INSEE code.
    """
    fuseau = OUTRE_MER.get(departement)
    if fuseau is None:
        return ""
    local = instant.astimezone(fuseau.zone)
    return f"{date_fr(local.date())} à {local:%H:%M:%S} ({fuseau.heure})"


def heures_outre_mer(*instants: datetime) -> list[tuple[str, list[str]]]:
    """Each group of places that share their time, from west to east, with `instants` as its people read them.

    `[("Guadeloupe, Martinique, …", ["1er octobre 2026 à 06 h 00"]), …]`
    """
    groupes: dict[tuple[datetime, ...], list[str]] = defaultdict(list)
    for fuseau in OUTRE_MER.values():
        locaux = tuple(instant.astimezone(fuseau.zone).replace(tzinfo=None) for instant in instants)
        groupes[locaux].append(fuseau.lieu)
    return [(", ".join(lieux), [_lu(local) for local in locaux]) for locaux, lieux in sorted(groupes.items())]


def _lu(local: datetime) -> str:
    return f"{date_fr(local.date())} à {local:%H}{INSECABLE}h{INSECABLE}{local:%M}"
