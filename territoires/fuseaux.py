"""Local times of the places of France that do not live on Paris time.

Names of zones: IANA time zone database. French Polynesia has three zones; its administration lives on Tahiti's.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rebond.socle.typographie import date_fr


@dataclass(frozen=True)
class Fuseau:
    """`heure` is how people name this time: « heure de La Réunion »."""

    zone: ZoneInfo
    heure: str


OUTRE_MER = {
    "971": Fuseau(ZoneInfo("America/Guadeloupe"), "heure de la Guadeloupe"),
    "972": Fuseau(ZoneInfo("America/Martinique"), "heure de la Martinique"),
    "973": Fuseau(ZoneInfo("America/Cayenne"), "heure de la Guyane"),
    "974": Fuseau(ZoneInfo("Indian/Reunion"), "heure de La Réunion"),
    "975": Fuseau(ZoneInfo("America/Miquelon"), "heure de Saint-Pierre-et-Miquelon"),
    "976": Fuseau(ZoneInfo("Indian/Mayotte"), "heure de Mayotte"),
    "977": Fuseau(ZoneInfo("America/St_Barthelemy"), "heure de Saint-Barthélemy"),
    "978": Fuseau(ZoneInfo("America/Marigot"), "heure de Saint-Martin"),
    "986": Fuseau(ZoneInfo("Pacific/Wallis"), "heure de Wallis-et-Futuna"),
    "987": Fuseau(ZoneInfo("Pacific/Tahiti"), "heure de Tahiti"),
    "988": Fuseau(ZoneInfo("Pacific/Noumea"), "heure de la Nouvelle-Calédonie"),
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
