"""How a press release rounds: never a false number, never a vague one, always on the side that its word says.

« Plus de » is said of a round number strictly below the value and within 5 % of it, « près de » of one strictly above
and within 3 %; an exact number takes no word. Where the coarsest round number is too far, it takes one digit more.
"""

from rebond.socle.texte.accords import denombrer
from rebond.socle.texte.typographie import INSECABLE, nombre, pluriel

MILLIER, MILLION, MILLIARD = 1_000, 1_000_000, 1_000_000_000
# Percent of the value.
BORNE_PLUS_DE, BORNE_PRES_DE = 5, 3
# Below this many hundreds of jobs, rounding would hide more than it simplifies.
CENTAINES_MIN = 3
# An amount of no more significant digits is short enough to be exact: « 1,25 milliard ».
CHIFFRES_COURTS = 3


def approcher(valeur: int, pas: int) -> tuple[str, int]:
    """`valeur` at a multiple of `pas` (a power of ten), or of a tenth of it as often as the bounds ask.

    `approcher(304, 100)` → `("plus de", 300)`; `approcher(351, 100)` → `("plus de", 350)`; `approcher(396, 100)` →
    `("près de", 400)`; `approcher(300, 100)` → `("", 300)`.
    """
    while pas > 1:
        bas = valeur - valeur % pas
        if bas == valeur:
            return "", valeur
        candidats = [
            (abs(arrondi - valeur), mot, arrondi)
            for mot, arrondi, borne in (("plus de", bas, BORNE_PLUS_DE), ("près de", bas + pas, BORNE_PRES_DE))
            if arrondi and abs(arrondi - valeur) * 100 <= borne * valeur
        ]
        if candidats:
            _, mot, arrondi = min(candidats)
            return mot, arrondi
        pas //= 10
    return "", valeur


def en_millions(montant: int) -> str:
    """Whole euros: « plus de 286 millions d’euros », « 1,25 milliard d’euros », « 750 000 euros »."""
    court = len(str(montant).rstrip("0")) <= CHIFFRES_COURTS
    pas = next((pas for pas in (MILLIARD, MILLION, MILLIER) if montant >= pas), 1)
    mot, arrondi = ("", montant) if court else approcher(montant, pas)
    for unite, nom in ((MILLIARD, "milliard"), (MILLION, "million")):
        if arrondi >= unite:
            return _avec(mot, f"{_decimal(arrondi, unite)}{INSECABLE}{pluriel(arrondi // unite, nom)} d’euros")
    return _avec(mot, f"{nombre(arrondi)}{INSECABLE}{pluriel(arrondi, 'euro')}")


def a_la_centaine(valeur: int, singulier: str, au_pluriel: str) -> str:
    """« plus de 300 créations prévisionnelles d’emplois », « une création … » (feminine); exact below 300."""
    mot, arrondi = approcher(valeur, 100) if valeur >= CENTAINES_MIN * 100 else ("", valeur)
    return _avec(mot, denombrer(arrondi, singulier, au_pluriel, feminin=True))


def _decimal(valeur: int, unite: int) -> str:
    """At most two decimals, none for nothing: `1_250_000_000` milliards → « 1,25 »."""
    entier, reste = divmod(valeur, unite)
    decimales = f"{reste * 100 // unite:02d}".rstrip("0")
    return f"{nombre(entier)},{decimales}" if decimales else nombre(entier)


def _avec(mot: str, suite: str) -> str:
    return f"{mot}{INSECABLE}{suite}" if mot else suite
