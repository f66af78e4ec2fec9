"""How a press release rounds: never a false number, always a word that says on which side the truth lies."""

from rebond.socle.typographie import INSECABLE, compte, nombre, pluriel

MILLION = 1_000_000
# Below this many steps, rounding would hide more than it simplifies.
PAS_MINIMUM = 3


def approcher(valeur: int, pas: int) -> tuple[str, int]:
    """`valeur` at the nearest multiple of `pas`, with the word that keeps it true.

    « plus de » when the multiple is strictly below the value, « près de » when strictly above, nothing when exact. A
    value of less than three steps stays exact.

    `approcher(304, 100)` → `("plus de", 300)`; `approcher(396, 100)` → `("près de", 400)`.
    """
    rang, reste = divmod(valeur, pas)
    if rang < PAS_MINIMUM or reste == 0:
        return "", valeur
    return ("plus de", rang * pas) if 2 * reste <= pas else ("près de", (rang + 1) * pas)


def en_millions(montant: int) -> str:
    """Whole euros: « plus de 286 millions d’euros », « 5 millions d’euros », « 750 000 euros »."""
    mot, arrondi = approcher(montant, MILLION)
    if arrondi % MILLION:
        return f"{nombre(arrondi)}{INSECABLE}{pluriel(arrondi, 'euro')}"
    return _avec(mot, f"{compte(arrondi // MILLION, 'million')} d’euros" if arrondi else "0 euro")


def a_la_centaine(valeur: int, singulier: str, au_pluriel: str) -> str:
    """« plus de 300 créations prévisionnelles d’emplois »."""
    mot, arrondi = approcher(valeur, 100)
    return _avec(mot, compte(arrondi, singulier, au_pluriel))


def _avec(mot: str, suite: str) -> str:
    return f"{mot}{INSECABLE}{suite}" if mot else suite
