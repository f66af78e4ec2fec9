"""French typography of numbers, amounts and dates, as a printed communiqué wants it.

Source: Imprimerie nationale, *Lexique des règles typographiques*: no-break space inside thousands, before a unit
and before double punctuation; plural from 2; « 1er »; decimal comma.
"""

import re
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal

from rebond.socle.horloge.temps import PARIS

INSECABLE = "\u00a0"
FINE = "\u202f"
UN_POUR_CENT = Decimal("0.01")
# Line ends, and what a slide show leaves in a text that is pasted: no XML document may hold the latter.
CONTROLES = re.compile(r"[\x00-\x1f\x7f]+")

MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def sur_une_ligne(texte: str) -> str:
    """The text that people typed, fit for one line of any document: no line end, no control character."""
    return CONTROLES.sub(" ", texte).strip()


def nombre(valeur: int | Decimal, decimales: int = 0) -> str:
    """`1234.5` → « 1 234,5 » (narrow no-break space between thousands)."""
    # A whole number formatted with decimals goes through a float, which holds no more than sixteen digits.
    exact = Decimal(valeur) if isinstance(valeur, int) else valeur
    texte = f"{exact:,.{decimales}f}"
    return texte.replace(",", FINE).replace(".", ",")


def decimal_fr(texte: str) -> str:
    """A number kept as text, as it was typed: "1234.50" → « 1 234,50 »."""
    _, _, decimales = texte.partition(".")
    return nombre(Decimal(texte), len(decimales))


def euros(montant: int | Decimal) -> str:
    """Whole euros: `5000000` → « 5 000 000 € »; cents only where there are some."""
    decimales = 0 if montant == int(montant) else 2
    return f"{nombre(montant, decimales)}{INSECABLE}€"


def millions(montant: int | Decimal, *, unite: str = "M€") -> str:
    """Truncated to whole millions, so that « plus de » in front of it stays true: `286340000` → « 286 M€ »."""
    entier = (Decimal(montant) / 1_000_000).quantize(Decimal(1), rounding=ROUND_DOWN)
    return f"{nombre(entier)}{INSECABLE}{unite}"


def pourcentage(part: float | Decimal, decimales: int = 2) -> str:
    """Truncated, so that « 100 % » means the whole: `0.99996` → « 99,99 % »."""
    if part == 1:
        return f"100{INSECABLE}%"
    valeur = (Decimal(part) * 100).quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_DOWN)
    return f"{nombre(valeur, decimales)}{INSECABLE}%"


def part_fr(morceau: int, total: int) -> str:
    """Of a whole, truncated: `part_fr(3, 5)` → « 60 % »; « moins de 1 % » rather than nothing."""
    part = Decimal(morceau) / Decimal(total)
    return pourcentage(part, 0) if part >= UN_POUR_CENT else f"moins de {pourcentage(UN_POUR_CENT, 0)}"


def pluriel(quantite: int | Decimal, singulier: str, au_pluriel: str | None = None) -> str:
    """In French the plural begins at 2: `pluriel(0, "projet")` is « projet »."""
    if -2 < quantite < 2:
        return singulier
    return au_pluriel if au_pluriel is not None else f"{singulier}s"


def compte(quantite: int, singulier: str, au_pluriel: str | None = None) -> str:
    """« 88 projets », number and noun never parted at the end of a line."""
    return f"{nombre(quantite)}{INSECABLE}{pluriel(quantite, singulier, au_pluriel)}"


def date_fr(jour: date) -> str:
    """« 1er octobre 2023 », « 28 août 2023 »."""
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme}{INSECABLE}{MOIS[jour.month - 1]}{INSECABLE}{jour.year}"


def periode_fr(du: date, au: date) -> str:
    """From a day to another, what they share said once: « le 3 mai 2026 », « du 3 au 5 mai 2026 », « du 3 mai au 1er
    juin 2026 », « du 3 mai 2026 au 1er juin 2027 »."""
    if du == au:
        return f"le {date_fr(du)}"
    debut = date_fr(du)
    if du.year == au.year:
        debut = debut.removesuffix(f"{INSECABLE}{du.year}")
        if du.month == au.month:
            debut = debut.removesuffix(f"{INSECABLE}{MOIS[du.month - 1]}")
    return f"du {debut} au {date_fr(au)}"


def instant_fr(instant: datetime, *, secondes: bool = False) -> str:
    """Paris time: « 1er octobre 2023 à 12 h 00 », with seconds « 12:00:00 » where the second matters."""
    local = instant.astimezone(PARIS)
    heure = f"{local:%H:%M:%S}" if secondes else f"{local:%H}{INSECABLE}h{INSECABLE}{local:%M}"
    return f"{date_fr(local.date())} à {heure}"


def limite_fr(instant: datetime) -> str:
    """A deadline as people say it, in Paris time: « 1er octobre 2023, midi », « 1er octobre 2023 à 18 h 00 »; with its
    seconds where it has some, for a deposit one second late is late.
    """
    local = instant.astimezone(PARIS)
    if (local.second, local.microsecond) != (0, 0):
        return instant_fr(instant, secondes=True)
    return f"{date_fr(local.date())}, midi" if (local.hour, local.minute) == (12, 0) else instant_fr(instant)


def siren_fr(siren: str) -> str:
    """« 200 068 500 »."""
    return INSECABLE.join((siren[:3], siren[3:6], siren[6:]))
