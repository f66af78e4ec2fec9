"""The one reader of days and instants that people type, in French or in ISO 8601: forms, imports and commands use it.

Two readings are never chosen between: the text is refused, with both written out. Bounds are included.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum

from rebond.socle.horloge.temps import PARIS
from rebond.socle.texte.caracteres import en_une_ligne
from rebond.socle.texte.typographie import MOIS, date_fr, instant_fr

# Nothing that this portal speaks of lies outside. Bounds of their own come from whoever asks.
PREMIER_JOUR = date(1900, 1, 1)
DERNIER_JOUR = date(2100, 12, 31)
# « 22 » is 2022 and « 73 » is 1973; between these two years, nobody knows without asking.
SIECLE_SUR = {"20": range(50), "19": range(70, 100)}

EXEMPLE_JOUR = "Écrivez-la comme 01/10/2022 ou «\u00a01er octobre 2022\u00a0»."
EXEMPLE_INSTANT = "Écrivez-les comme 01/10/2022 12:00 ou «\u00a01er octobre 2022 à 12\u00a0h\u00a000\u00a0»."
ANNEE = "Vérifiez l’année de cette date."

TRAITS = str.maketrans("‐‑‒–—−⁄∕", "------//")
ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
CHIFFRES = re.compile(r"([0-9]{1,2})( ?[-/.] ?| )([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
LETTRES = re.compile(r"(?:le )?(?:([a-z]+)[ ,]+)?([0-9]{1,2})(?:er)?[ -]([a-zûéèô]+)\.?[ -]([0-9]{4}|[0-9]{2})")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS_LUS = {nom: rang for rang, nom in enumerate(MOIS, start=1)} | {
    abrege: rang
    for rang, abreges in enumerate(
        ("janv jan", "févr fév fevrier fevr fev", "", "avr", "", "", "juil", "aout", "sept sep", "oct", "nov",
         "déc decembre dec"),
        start=1,
    )
    for abrege in abreges.split()
}  # fmt: skip
HEURE = re.compile(
    r"(?P<jour>.+?)(?:t| à | a |, ?| )(?P<heures>[0-9]{1,2}) ?[h:] ?(?P<minutes>[0-9]{2})?"
    r"(?::(?P<secondes>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,6})[0-9]*)?)?"
    r" ?(?P<decalage>z|[+-][0-9]{2}:?[0-9]{2})?(?: ?\(?(?P<passage>avant|apr[eè]s)\b.*)?"
)


class Illisible(ValueError):
    """What was typed is no day or no instant, or could be two; `message` says why in French."""

    def __init__(self, message: str, code: str = "invalid") -> None:
        super().__init__(message)
        self.message, self.code = message, code


class HeureDouble(Illisible):
    """In autumn clocks in Paris read the same hour twice; whoever typed it says which by `Passage`."""


class Passage(StrEnum):
    """Which of the two hours that read alike."""

    AVANT = "avant"
    APRES = "apres"


def lire_jour(texte: str, *, minimum: date | None = None, maximum: date | None = None) -> date:
    """The day that `texte` names, between bounds. Raises `Illisible`.

    ISO, « 1/10/2022 », « 1.10.22 », « samedi 1er octobre 2022 », « 1 oct. 22 ». A year of two figures is that of the
    bounds when only one fits them.
    """
    propre = en_une_ligne(texte).translate(TRAITS).casefold()
    lectures = list(dict.fromkeys(_lectures(" ".join(propre.split()))))
    if not lectures:
        raise Illisible(f"Ce n’est pas une date. {EXEMPLE_JOUR}")
    dans_les_bornes = [jour for jour in lectures if _dans(jour, minimum, maximum)]
    if len(dans_les_bornes) > 1:
        dites = " ou ".join(date_fr(jour) for jour in dans_les_bornes)
        raise Illisible(f"Cette date se lit de deux façons\u00a0: {dites}. Écrivez l’année en entier.", "ambigue")
    if not dans_les_bornes:
        raise _hors_bornes(lectures[0], minimum, maximum)
    return dans_les_bornes[0]


def lire_instant(texte: str, *, minimum: datetime | None = None, maximum: datetime | None = None) -> datetime:
    """The instant that `texte` names in Paris, in UTC and between bounds. Raises `Illisible`, or `HeureDouble`.

    What `lire_jour` reads, then « 12:00 », « à 12 h », « 12:00:00 » or ISO with its offset. « (avant) » or « (après) »
    tells the two apart when the hour comes twice.
    """
    naif, decalage, passage = _decouper(texte)
    instant = naif.replace(tzinfo=_fuseau(decalage)).astimezone(UTC) if decalage else situer(naif, passage)
    if minimum is not None and instant < minimum:
        raise Illisible(f"Choisissez un instant à partir du {instant_fr(minimum)}.", "trop_tot")
    if maximum is not None and instant > maximum:
        raise Illisible(f"Choisissez un instant jusqu’au {instant_fr(maximum)}.", "trop_tard")
    return instant


def situer(naif: datetime, passage: Passage | None = None) -> datetime:
    """What the clocks of Paris read, in UTC: two instants of Paris are compared by their figures, whatever the season.

    Raises `Illisible` for an hour that the spring skips, `HeureDouble` for one that comes twice unless `passage`
    tells.
    """
    premier, second = (naif.replace(tzinfo=PARIS, fold=fois).astimezone(UTC) for fois in (0, 1))
    if premier < second and passage is None:
        raise HeureDouble(
            f"Le {date_fr(naif.date())}, on lit deux fois {_heure(naif)}\u00a0: à 3\u00a0h, les montres reviennent à "
            "2\u00a0h. Est-ce avant ou après le changement d’heure\u00a0?",
            "heure_double",
        )
    if premier > second:
        raise Illisible(
            f"Le {date_fr(naif.date())}, {_heure(naif)} n’existe pas\u00a0: à 2\u00a0h, les montres passent à "
            "3\u00a0h. Choisissez une autre heure.",
            "heure_absente",
        )
    return second if passage is Passage.APRES else premier


def lire_montre(texte: str) -> tuple[datetime, Passage | None] | None:
    """What was typed as clocks show it, and which of two like hours if it says so; None when it cannot be read."""
    try:
        naif, _, passage = _decouper(texte)
    except Illisible:
        return None
    return naif, passage


def heure_double(naif: datetime) -> bool:
    """Whether clocks in Paris read this twice."""
    premier, second = (naif.replace(tzinfo=PARIS, fold=fois).utcoffset() for fois in (0, 1))
    return premier is not None and second is not None and premier > second


def _lectures(propre: str) -> Iterator[date]:
    """Every day that the text may mean. Raises `Illisible` when it names one that is in no calendar."""
    if trouve := ISO.fullmatch(propre):
        yield _date(int(trouve[1]), int(trouve[3]), int(trouve[4]))
    elif trouve := CHIFFRES.fullmatch(propre):
        yield from _en_chiffres(trouve[1], trouve[2].strip(), trouve[3], trouve[4])
    elif (trouve := LETTRES.fullmatch(propre)) and trouve[3] in MOIS_LUS and trouve[1] in {None, *JOURS}:
        for annee in _annees(trouve[4]):
            jour = _date(annee, MOIS_LUS[trouve[3]], int(trouve[2]))
            if trouve[1] and JOURS[jour.weekday()] != trouve[1]:
                raise Illisible(f"Le {date_fr(jour)} est un {JOURS[jour.weekday()]}, pas un {trouve[1]}.")
            yield jour


def _en_chiffres(premier: str, separateur: str, mois: str, dernier: str) -> Iterator[date]:
    for annee in _annees(dernier):
        yield _date(annee, int(mois), int(premier))
    if separateur == "-" and len(premier) == len(dernier) == 2:
        # « 22-10-01 » is how some software writes the first of October 2022.
        for annee in _annees(premier):
            try:
                yield date(annee, int(mois), int(dernier))
            except ValueError:
                continue


def _annees(ecrite: str) -> list[int]:
    """The year as it is written, or those that its two figures stand for."""
    if len(ecrite) == 4:
        return [int(ecrite)]
    surs = [int(siecle + ecrite) for siecle, rangs in SIECLE_SUR.items() if int(ecrite) in rangs]
    return surs or [int("19" + ecrite), int("20" + ecrite)]


def _date(annee: int, mois: int, jour: int) -> date:
    if not 1 <= mois <= 12:
        raise Illisible(f"Il n’y a pas de mois {mois}\u00a0: écrivez le jour, puis le mois, puis l’année.")
    try:
        return date(annee, mois, jour)
    except ValueError:
        raise Illisible(f"Cette date n’existe pas\u00a0: {jour} {MOIS[mois - 1]} {annee}.") from None


def _dans(jour: date, minimum: date | None, maximum: date | None) -> bool:
    return max(minimum or PREMIER_JOUR, PREMIER_JOUR) <= jour <= min(maximum or DERNIER_JOUR, DERNIER_JOUR)


def _hors_bornes(jour: date, minimum: date | None, maximum: date | None) -> Illisible:
    if not PREMIER_JOUR <= jour <= DERNIER_JOUR:
        return Illisible(ANNEE, "annee")
    if minimum is not None and jour < minimum:
        return Illisible(f"Choisissez une date à partir du {date_fr(minimum)}.", "trop_tot")
    return Illisible(f"Choisissez une date jusqu’au {date_fr(maximum or DERNIER_JOUR)}.", "trop_tard")


def _decouper(texte: str) -> tuple[datetime, str, Passage | None]:
    """Date and time as they read, the offset if one is written, and which of two like hours."""
    propre = " ".join(en_une_ligne(texte).translate(TRAITS).casefold().split())
    trouve = HEURE.fullmatch(propre)
    if trouve is None:
        raise Illisible(f"Ce n’est pas une date avec son heure. {EXEMPLE_INSTANT}")
    jour = lire_jour(trouve["jour"])
    heures, minutes, secondes = (int(trouve[nom] or 0) for nom in ("heures", "minutes", "secondes"))
    try:
        heure = time(heures, minutes, secondes, int((trouve["fraction"] or "").ljust(6, "0")))
    except ValueError:
        raise Illisible(f"Il n’y a pas d’heure {heures:02d}:{minutes:02d}\u00a0: de 00:00 à 23:59.") from None
    passage = Passage(trouve["passage"].replace("è", "e")) if trouve["passage"] else None
    return datetime.combine(jour, heure), trouve["decalage"] or "", passage


def _fuseau(decalage: str) -> tzinfo | None:
    return datetime.strptime("+00:00" if decalage == "z" else decalage, "%z").tzinfo


def _heure(naif: datetime) -> str:
    return f"{naif:%H}\u00a0h\u00a0{naif:%M}"
