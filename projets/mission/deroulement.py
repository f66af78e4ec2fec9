"""The six stages of a mission, from its launch to its restitution: which are done, which is under way, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils.text import capfirst

from projets.mission.etats import EtatMission
from rebond.socle.texte.typographie import date_fr, periode_fr

E = EtatMission


class Avancement(Enum):
    """Its words, and the kind of badge that shows it."""

    FAITE = ("Faite", "success")
    EN_COURS = ("En cours", "info")
    A_VENIR = ("À venir", "")

    @property
    def libelle(self) -> str:
        return self.value[0]

    @property
    def genre(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Etape:
    """`quand` may be empty: nobody has said when."""

    titre: str
    avancement: Avancement
    quand: str


#: A stage is under way from the step `des` on, and done once the mission has come to `faite`.
ETAPES = (
    ("COPIL de lancement et état des lieux", E.ETAT_DES_LIEUX, E.RENCONTRES),
    ("Entretiens avec les industriels", E.RENCONTRES, E.PORTEFEUILLE),
    ("Portefeuille de projets", E.RENCONTRES, E.PORTEFEUILLE),
    ("Priorisation des projets", E.PORTEFEUILLE, E.FEUILLE_DE_ROUTE),
    ("Feuille de route", E.PORTEFEUILLE, E.FEUILLE_DE_ROUTE),
    ("Restitution", E.FEUILLE_DE_ROUTE, E.RESTITUEE),
)


def etapes_de(
    etat: str, passages: Mapping[EtatMission, date], *, debut: date | None, fin: date | None, restituee_le: date | None
) -> list[Etape]:
    """`passages` are the days of each step that are known; the launch and the restitution have dates of their own."""
    dates = {**passages}
    if debut is not None:
        dates[E.ETAT_DES_LIEUX] = debut
    if restituee_le is not None:
        dates[E.RESTITUEE] = restituee_le
    rang = _rang(etat)
    etapes = []
    for titre, des, faite in ETAPES:
        avancement = _avancement(rang, des, faite)
        quand = _quand(avancement, dates.get(des), dates.get(faite))
        if titre == ETAPES[0][0] and avancement is Avancement.A_VENIR and debut is not None:
            quand = f"Prévue le {date_fr(debut)}"
        if faite is E.RESTITUEE:
            quand = _restitution(avancement, restituee_le, fin)
        etapes.append(Etape(titre, avancement, quand))
    return etapes


def _rang(etat: str) -> int:
    return list(EtatMission).index(EtatMission(etat))


def _avancement(rang: int, des: EtatMission, faite: EtatMission) -> Avancement:
    if rang >= _rang(faite):
        return Avancement.FAITE
    return Avancement.EN_COURS if rang >= _rang(des) else Avancement.A_VENIR


def _quand(avancement: Avancement, debut: date | None, fin: date | None) -> str:
    """« Depuis le 3 avril 2023 », « Du 3 avril au 5 juillet 2023 », « Le 5 juillet 2023 »."""
    if avancement is Avancement.EN_COURS:
        return f"Depuis le {date_fr(debut)}" if debut else ""
    if avancement is Avancement.A_VENIR or fin is None:
        return ""
    return capfirst(periode_fr(fin if debut is None else min(debut, fin), fin))


def _restitution(avancement: Avancement, restituee_le: date | None, fin: date | None) -> str:
    if avancement is Avancement.FAITE:
        return f"Le {date_fr(restituee_le)}" if restituee_le else ""
    return f"Fin de la mission prévue le {date_fr(fin)}" if fin else ""
