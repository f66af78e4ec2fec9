"""How people name an intercommunalité, a commune or a number of theirs. Pure: the search itself is `recherche`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.texte.noms import nom_nu
from rebond.socle.texte.typographie import siren_fr
from territoires.etats import Nature
from territoires.regles import siren_valide, siret_valide

# Written or left out as one pleases.
MOTS_VIDES = frozenset({"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les"})
# They say what an authority is, not which one it is.
MOTS_DE_NATURE = frozenset(
    {"agglo", "agglomeration", "ca", "cc", "communaute", "communes", "cu", "ept", "metropole", "urbaine"}
)
EQUIVALENTS = {
    "saint": "st",
    "sainte": "ste",
    "saints": "sts",
    "saintes": "stes",
    "deux": "2",
    "trois": "3",
    "quatre": "4",
    "cinq": "5",
    "six": "6",
    "sept": "7",
}
# As they are spelled out, and as names of the reference begin.
NATURES_EN_TOUTES_LETTRES = (
    ("communaute d agglomeration", "ca"),
    ("communaute agglomeration", "ca"),
    ("communaute d agglo", "ca"),
    ("communaute de communes", "cc"),
    ("communaute des communes", "cc"),
    ("communaute communes", "cc"),
    ("com com", "cc"),
    ("comcom", "cc"),
    ("communaute urbaine", "cu"),
    ("etablissement public territorial", "ept"),
)
NATURES_ANNONCEES = {
    "ca": {Nature.CA},
    "agglo": {Nature.CA},
    "agglomeration": {Nature.CA},
    "cc": {Nature.CC},
    "cu": {Nature.CU},
    "ept": {Nature.EPT},
    "metropole": {Nature.METROPOLE, Nature.METROPOLE_LYON},
}
LONGS = tuple(mot for mot in MOTS_DE_NATURE if len(mot) > 3)
DEPARTEMENT = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-5]|2[ab]|97[1-6])")
# Nine or fourteen digits among other words, in groups or not, as pages and documents print them.
NUMERO = re.compile(r"(?<![0-9])[0-9]{3}(?:[ .\u00a0\u202f]?[0-9]{3}){2}(?:[ .\u00a0\u202f]?[0-9]{5})?(?![0-9])")
# « GPSO », « CA2C »: a letter that comes twice may be written so.
SIGLE = re.compile(r"(?=.*[a-z])[a-z0-9]{3,8}")
NOMBRE_DE_FOIS = re.compile(r"([2-9])([a-z])")
SIGLES_DE_NATURE = ("ca", "cc", "cu", "ept")
ESPACES = re.compile(r"[\s.\u00a0\u202f]|\u200b|\ufeff")
SIREN, SIRET, CODE_POSTAL = 9, 14, 5
COMPACTE_MIN = 6


@dataclass(frozen=True, slots=True)
class Lecture:
    """What a text asks for: a number, or words. Its empty parts ask for nothing.

    `nu` is the whole name with its nature in short; `cle` leaves out what does not tell authorities apart; `mots` may
    each be the beginning of a word. `alerte`: what is wrong with a number, in French.
    """

    siren: str = ""
    debut_de_siren: str = ""
    code_postal: str = ""
    nu: str = ""
    cle: str = ""
    mots: tuple[str, ...] = ()
    compacte: str = ""
    natures: tuple[str, ...] = ()
    departement: str = ""
    alerte: str = ""
    incertain: bool = False

    @property
    def sigles(self) -> list[tuple[str, set[Nature]]]:
        """What it may be the initials of: those of a name, and the natures that they say (none: any)."""
        if not SIGLE.fullmatch(self.nu):
            return []
        lettres = NOMBRE_DE_FOIS.sub(lambda fois: fois[2] * int(fois[1]), self.nu)
        sans_nature = [
            (lettres.removeprefix(dite), NATURES_ANNONCEES[dite])
            for dite in SIGLES_DE_NATURE
            if lettres.startswith(dite) and len(lettres) > len(dite) + 1
        ]
        return [(lettres, set()), *sans_nature]


@jumeau_de("postgres:cle_de_nom")
def cle_de_nom(nom: str) -> str:
    """What tells a name apart: « CA de Saint-Dizier Der et Blaise » → « st dizier der blaise ».

    Postgres has the same function, `cle_de_nom(text)`; a test holds them equal over the whole reference.
    """
    return " ".join(_propres(nom_nu(nom).split()))


def lire(saisie: str) -> Lecture:
    """Reads what was typed or pasted: SIREN, SIRET, postcode, or a name in any of its spellings."""
    chiffres = ESPACES.sub("", saisie)
    if chiffres.isascii() and chiffres.isdigit():
        return _lire_numero(chiffres)
    for trouve in NUMERO.finditer(saisie):
        if (lue := _lire_numero(ESPACES.sub("", trouve.group()))) and not lue.alerte:
            return lue
    return _lire_nom(saisie)


# Those that take an article in a sentence.
AVEC_ARTICLE = ("CC ", "CA ", "CU ", "Communauté ", "Métropole ")


def l_epci(nom: str) -> str:
    """« La CC des Trois Rivières », « Metz Métropole »: where a sentence begins."""
    return f"La {nom}" if nom.startswith(AVEC_ARTICLE) else nom


def de_l_epci(nom: str) -> str:
    """« de la CC des Trois Rivières », « de Metz Métropole », « d’Angers Loire Métropole »: after « fait partie »."""
    if nom.startswith(AVEC_ARTICLE):
        return f"de la {nom}"
    return f"d’{nom}" if nom_nu(nom)[:1] in set("aeiouy") else f"de {nom}"


def epci_fr(valeur: Mapping[str, str]) -> str:
    """« CA de Cambrai (200 068 500) », which `lire` reads back by its number."""
    return f"{valeur['nom']} ({siren_fr(valeur['siren'])})"


def _lire_numero(chiffres: str) -> Lecture:
    if len(chiffres) == SIRET:
        siren = chiffres[:SIREN]
        if siret_valide(chiffres):
            return Lecture(siren=siren)
        if siren_valide(siren):
            alerte = "Ce numéro SIRET contient une erreur : vérifiez ses quatorze chiffres."
            return Lecture(siren=siren, alerte=alerte, incertain=True)
        return Lecture(alerte="Ce numéro SIRET n’est pas valable : vérifiez ses quatorze chiffres.")
    if len(chiffres) == SIREN:
        if siren_valide(chiffres):
            return Lecture(siren=chiffres)
        return Lecture(alerte="Ce numéro SIREN n’est pas valable : vérifiez ses neuf chiffres.")
    if len(chiffres) > SIREN:
        return Lecture(alerte="Un numéro SIREN a neuf chiffres, un numéro SIRET quatorze : vérifiez celui-ci.")
    return Lecture(debut_de_siren=chiffres, code_postal=chiffres if len(chiffres) == CODE_POSTAL else "")


def _lire_nom(saisie: str) -> Lecture:
    nu = nom_nu(saisie)
    for longue, courte in NATURES_EN_TOUTES_LETTRES:
        nu = re.sub(rf"\b{longue}\b", courte, nu)
    mots = nu.split()
    lieux: dict[str, list[str]] = {"code_postal": [], "departement": []}
    if len(mots) > 1:
        for mot in mots:
            if mot.isascii() and mot.isdigit() and len(mot) == CODE_POSTAL:
                lieux["code_postal"].append(mot)
            elif DEPARTEMENT.fullmatch(mot) and mot == mots[-1]:
                lieux["departement"].append(mot)
    noms = [mot for mot in mots if not any(mot in lus for lus in lieux.values())]
    propres = _propres(noms)
    natures = sorted({nature for mot in noms for nature in NATURES_ANNONCEES.get(mot, ())})
    return Lecture(
        nu=nu,
        cle=" ".join(propres),
        mots=tuple(_commences(propres) or noms),
        compacte=compacter(nu) if len(nu) >= COMPACTE_MIN else "",
        natures=tuple(natures),
        code_postal=next(iter(lieux["code_postal"]), ""),
        departement=next(iter(lieux["departement"]), "").upper(),
    )


def compacter(nu: str) -> str:
    """A bare name in one piece, for spaces and apostrophes forgotten: « vallee dessai »."""
    return nu.replace(" ", "")


def _propres(mots: list[str]) -> list[str]:
    return [EQUIVALENTS.get(mot, mot) for mot in mots if mot not in MOTS_VIDES and mot not in MOTS_DE_NATURE]


def _commences(propres: list[str]) -> list[str]:
    """Without a last word that is the beginning of « agglomération », « communauté »…: it is being typed."""
    *debut, dernier = propres or [""]
    en_cours = len(dernier) >= 3 and any(mot.startswith(dernier) for mot in LONGS)
    return debut if debut and en_cours else propres
