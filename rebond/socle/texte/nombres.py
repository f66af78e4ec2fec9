"""The one reader of the numbers that people type in French, and the writer whose output it reads back.

A text is read only when one reading of it makes sense where it was typed. With two, it is refused and both are written
out; nothing is ever rounded, nor « cleaned » into another number. What is understood: digits alone or grouped by three
(any space, apostrophe, dot), one decimal mark, the unit that the field awaits and, for amounts, « € », « k€ », « M€ »
and their words.

A comma is the decimal mark. A dot before exactly three digits may be one or may part a group: « 1.250 » in a field of
whole numbers is 1 250, for 1,25 is none; « 12.000 » might be either, and is refused.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from rebond.socle.texte.caracteres import en_une_ligne
from rebond.socle.texte.typographie import decimal_fr, euros, nombre

EURO = "€"
LONGUEUR_MAX = 80
CHIFFRES_MAX = 18
DECIMALES_MAX = 6
# Below this, a fraction without a unit is rather of millions than of euros.
MILLIONS_SOUS_ENTENDUS = 1_000
# It shows the digits in the reverse order.
INVERSION = "\u202e"
APOSTROPHES = str.maketrans("’‘ʼ", "'''")
MOINS = str.maketrans("−‐‑–—", "-----")

MORCEAUX = re.compile(r"(?P<signe>[-+]?) ?(?P<corps>[0-9](?:[0-9 .,']*[0-9])?) ?(?P<suite>[^0-9]*)")
SIMPLE = "[0-9]+"
GROUPES = tuple(rf"[1-9][0-9]{{0,2}}(?:{separateur}[0-9]{{3}})+" for separateur in (" ", "'", r"\.", ","))
ENTIERS = re.compile("|".join((SIMPLE, *GROUPES)))
GROUPES_MELES = re.compile(r"[1-9][0-9]{0,2}(?:[ '.,][0-9]{3})+")
DECIMAUX = re.compile(rf"(?P<entier>{'|'.join((SIMPLE, *GROUPES))})(?P<marque>[.,])(?P<decimales>[0-9]+)")
SEPARATEURS = re.compile(r"[^0-9]+")

MONNAIE = re.compile(r" ?(?:d'|de )?(?:€|euros?|eur)$", re.IGNORECASE)
MULTIPLES = {"k": 3, "M": 6, "Md": 9, "Mds": 9, "md": 9, "mds": 9}
MULTIPLES |= {"mille": 3, "millier": 3, "milliers": 3}
MULTIPLES |= {"million": 6, "millions": 6, "mio": 6, "milliard": 9, "milliards": 9}
SANS_REPONSE = re.compile(
    r"[-?.…/]+|x|n\.?[cdar]\.?|n/[acd]|nsp|inconnue?|non (communiquée?|connue?|renseignée?|déterminée?|applicable)"
    r"|[àa] (préciser|definir|définir|déterminer|venir|compléter)|sans objet|so|s\.o\.?",
    re.IGNORECASE,
)
ZERO_EN_LETTRES = re.compile(r"aucune?|n[ée]ant|z[ée]ro|rien", re.IGNORECASE)


EXEMPLES_EUROS = (
    "par exemple «\u00a01\u202f500\u202f000\u00a0», «\u00a01\u202f500\u00a0k€\u00a0» ou «\u00a01,5\u00a0M€\u00a0»"
)


@dataclass(frozen=True)
class Attente:
    """What a field awaits: whole numbers only or not, and the unit that may be written behind (« ha »)."""

    entier: bool = False
    unite: str = ""

    @property
    def en_euros(self) -> bool:
        return self.unite == EURO

    @property
    def exemples(self) -> str:
        if self.en_euros:
            return EXEMPLES_EUROS
        exemple = "1\u202f250" if self.entier else "12,5"
        return f"par exemple «\u00a0{exemple}\u00a0»"


ENTIER = Attente(entier=True)
DECIMAL = Attente()
EUROS = Attente(entier=True, unite=EURO)


@dataclass(frozen=True)
class Lu:
    """A number that was read. `a_montrer`: its writing let the reader multiply, or choose what a mark meant."""

    valeur: Decimal
    a_montrer: bool = False


class NombreIllisible(ValueError):
    """The message is a French sentence for whoever typed; `sans_reponse` when the text says that there is none."""

    def __init__(self, message: str, *, sans_reponse: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.sans_reponse = sans_reponse


def lire(saisie: str, attente: Attente = DECIMAL) -> Lu:
    """« 1 234,5 k€ » → 1234500. Raises `NombreIllisible` for what is no number, several, or not what is awaited."""
    texte = _nettoyer(saisie)
    morceaux = MORCEAUX.fullmatch(texte) if len(texte) <= LONGUEUR_MAX else None
    if morceaux is None:
        raise _pas_un_nombre(texte, attente)
    puissance, dite = _unite(morceaux["suite"], morceaux["corps"], attente)
    signe = -1 if morceaux["signe"] == "-" else 1

    def ecrire_lecture(valeur: Decimal) -> str:
        return _avec_unite(signe * valeur, puissance, dite, attente)

    valeur, devinee = _choisir(morceaux["corps"], puissance, attente, ecrire_lecture)
    _verifier_la_taille(valeur, puissance, attente)
    valeur = signe * valeur.scaleb(puissance) if puissance else signe * valeur
    _verifier_l_entier(valeur, morceaux["corps"], dite, attente)
    return Lu(valeur + 0, a_montrer=devinee or puissance > 0)


def en_une_ligne_tel_qu_on_le_voit(saisie: str) -> str:
    """`en_une_ligne`, which leaves in its place what shows the digits in another order: `lire` refuses it."""
    return INVERSION.join(en_une_ligne(morceau) for morceau in saisie.split(INVERSION))


def lire_machine(texte: str) -> Decimal | None:
    """A number as programs write it (JSON: no group, a dot, no exponent), or None."""
    return Decimal(texte) if re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,12})?", texte) else None


def entier_de_machine(texte: str, *, maximum: int) -> int | None:
    """A whole number as programs write it in addresses and headers, from 0 to `maximum`; None for anything else.

    Python reads digits of every script, and raises beyond 4,300 of them.
    """
    chiffres = re.fullmatch(f"[0-9]{{1,{len(str(maximum))}}}", texte)
    lu = int(texte) if chiffres else None
    return lu if lu is not None and lu <= maximum else None


def verifier(valeur: Decimal, attente: Attente) -> Decimal:
    """A number that nobody typed, held to the same demands. Raises `NombreIllisible`."""
    _verifier_la_taille(valeur, 0, attente)
    _verifier_l_entier(valeur, "", True, attente)
    return valeur


def ecrire(valeur: int | Decimal) -> str:
    """As `lire` reads it back: `Decimal("1234.50")` → « 1 234,50 »."""
    return nombre(valeur) if isinstance(valeur, int) else decimal_fr(f"{valeur:f}")


def ecrire_avec_unite(valeur: int | Decimal, attente: Attente) -> str:
    """`ecrire`, then « € » for an amount: what a number that was read is shown back as."""
    return euros(valeur) if attente.en_euros else ecrire(valeur)


def _nettoyer(saisie: str) -> str:
    """Invisible characters away, one kind of space, of apostrophe and of minus."""
    if INVERSION in saisie:
        raise NombreIllisible("Un caractère invisible inverse l’ordre des chiffres\u00a0: tapez ce nombre à la main.")
    visibles = (signe for signe in saisie.strip() if unicodedata.category(signe) != "Cf")
    espaces = "".join(" " if unicodedata.category(signe) == "Zs" else signe for signe in visibles)
    return re.sub(" +", " ", espaces.translate(APOSTROPHES).translate(MOINS)).strip()


def _choisir(
    corps: str, puissance: int, attente: Attente, ecrire_lecture: Callable[[Decimal], str]
) -> tuple[Decimal, bool]:
    """The only sensible reading of digits and separators, and whether a mark had to be interpreted."""
    decimal = _avec_decimales(corps)
    groupe = Decimal(SEPARATEURS.sub("", corps)) if GROUPES_MELES.fullmatch(corps) else None
    if decimal is None:
        if not ENTIERS.fullmatch(corps):
            raise NombreIllisible(
                f"«\u00a0{corps}\u00a0» ne se lit pas\u00a0: groupez les chiffres par trois et n’écrivez qu’une "
                f"virgule, {attente.exemples}."
            )
        return Decimal(SEPARATEURS.sub("", corps)), "." in corps or "," in corps
    fraction = Decimal(f"{SEPARATEURS.sub('', decimal['entier'])}.{decimal['decimales']}")
    devinee = decimal["marque"] == "." or "." in decimal["entier"] or "," in decimal["entier"]
    if groupe is None:
        return fraction, devinee and attente.entier
    if decimal["marque"] == "," and (puissance or not attente.entier):
        return fraction, False
    seul_entier = attente.entier and not puissance and not _est_entier(fraction)
    if seul_entier and decimal["marque"] == "." and ENTIERS.fullmatch(corps):
        return groupe, True
    raise _deux_lectures(corps, ecrire_lecture(groupe), ecrire_lecture(fraction))


def _avec_decimales(corps: str) -> re.Match[str] | None:
    """A mark that already parts the groups is no decimal mark."""
    trouve = DECIMAUX.fullmatch(corps)
    return trouve if trouve and trouve["marque"] not in trouve["entier"] else None


def _unite(suite: str, corps: str, attente: Attente) -> tuple[int, bool]:
    """The power of ten that the unit stands for, and whether one was written. Raises for an unknown one."""
    if not suite:
        return 0, False
    if not attente.en_euros:
        if not attente.unite or _singulier(suite) != _singulier(attente.unite):
            raise NombreIllisible(f"Écrivez le nombre seul, sans «\u00a0{suite}\u00a0», {attente.exemples}.")
        return 0, True
    multiple = MONNAIE.sub("", suite).strip()
    if multiple == "m":
        raise _deux_lectures(f"{corps} {suite}", f"{corps}\u00a0k€", f"{corps}\u00a0M€")
    puissance = MULTIPLES.get(multiple, MULTIPLES.get(multiple.lower())) if multiple else 0
    if puissance is None:
        raise NombreIllisible(
            f"«\u00a0{suite}\u00a0» n’est pas compris\u00a0: écrivez le montant en euros, en k€ (milliers) ou en M€ "
            f"(millions), {attente.exemples}."
        )
    return puissance, True


def _verifier_la_taille(valeur: Decimal, puissance: int, attente: Attente) -> None:
    decimales = max(0, -int(valeur.as_tuple().exponent))
    if valeur.adjusted() + 1 + puissance > CHIFFRES_MAX:
        raise NombreIllisible(f"Ce nombre est trop grand\u00a0: vérifiez-le. {_attendu(attente)}")
    if decimales > DECIMALES_MAX + puissance:
        raise NombreIllisible(f"Ce nombre a trop de décimales\u00a0: {DECIMALES_MAX} au plus après la virgule.")


def _verifier_l_entier(valeur: Decimal, corps: str, dite: bool, attente: Attente) -> None:
    if not attente.entier:
        return
    decimales = _avec_decimales(corps)
    nue = attente.en_euros and not dite and decimales is not None and abs(valeur) < MILLIONS_SOUS_ENTENDUS
    if nue and decimales and (not _est_entier(valeur) or len(decimales["decimales"]) == 1):
        lue = decimal_fr(f"{valeur:f}")
        raise _deux_lectures(corps, f"{lue}\u00a0€", f"{lue}\u00a0M€", suite=" Écrivez l’unité, ou des euros entiers.")
    if _est_entier(valeur):
        return
    dessous = valeur.to_integral_value(ROUND_FLOOR)
    choix = " ou ".join(ecrire_avec_unite(int(entier), attente) for entier in (dessous, dessous + 1))
    debut = "Les montants sont en euros entiers" if attente.en_euros else "Un nombre entier est attendu, sans virgule"
    raise NombreIllisible(f"{debut}\u00a0: {choix}\u00a0?")


def _pas_un_nombre(texte: str, attente: Attente) -> NombreIllisible:
    if SANS_REPONSE.fullmatch(texte):
        return NombreIllisible(f"«\u00a0{texte}\u00a0» n’est pas un nombre.", sans_reponse=True)
    if ZERO_EN_LETTRES.fullmatch(texte):
        return NombreIllisible("S’il n’y en a pas, écrivez 0 en chiffre.")
    return NombreIllisible(_attendu(attente))


def _attendu(attente: Attente) -> str:
    quoi = "un seul montant" if attente.en_euros else "un seul nombre entier" if attente.entier else "un seul nombre"
    return f"Il faut {quoi}, en chiffres et sans autre mot, {attente.exemples}."


def _deux_lectures(saisie: str, une: str, autre: str, suite: str = "") -> NombreIllisible:
    return NombreIllisible(f"«\u00a0{saisie}\u00a0» peut se lire de deux façons\u00a0: {une} ou {autre}\u00a0?{suite}")


def _avec_unite(valeur: Decimal, puissance: int, dite: bool, attente: Attente) -> str:
    lue = decimal_fr(f"{valeur.normalize():f}")
    unite = {0: EURO, 3: "k€", 6: "M€", 9: "Md€"}[puissance] if attente.en_euros else ""
    return f"{lue}\u00a0{unite}" if unite and dite else lue


def _est_entier(valeur: Decimal) -> bool:
    return valeur == valeur.to_integral_value()


def _singulier(unite: str) -> str:
    """« emplois », « Emploi » and « emploi(s) » are one unit."""
    return " ".join(mot.removesuffix("(s)").removesuffix("s") for mot in unite.lower().split())
