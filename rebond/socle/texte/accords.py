"""French words around a number or a name: number words, agreement, elision, articles, lists, periods.

Source: Imprimerie nationale, *Lexique des règles typographiques* (numbers in words), and Grevisse, *Le bon usage*
(elision: none before « huit », « onze » and numbers in digits).
"""

import re
from collections.abc import Sequence
from datetime import date

from rebond.socle.texte.typographie import INSECABLE, MOIS, nombre, pluriel

LETTRES = ("", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
VOYELLES = "aàâeéèêëiîïoôuùûAÀÂEÉÈÊËIÎÏOÔUÙÛ"
SANS_ELISION = re.compile(r"(?:onze|onzième|oui|ouate|yaourt)\b", re.IGNORECASE)
# What public funders and authorities are called, by the gender of their first word.
FEMININS = (
    "agence|banque|caisse|chambre|collectivité|commune|communauté|compagnie|direction|eurométropole|fondation|"
    "métropole|mission|préfecture|région|société|ville"
)
MASCULINS = "centre|comité|conseil|département|fonds|groupement|ministère|pays|pôle|secrétariat|syndicat"
PLURIELS = "collectivités|communautés|communes|départements|régions|services|villes"
# People type « Etat » where the keyboard has no « É ».
ELIDES = "[ée]tat|[ée]tablissement|office|union"
GENRES = tuple(
    (re.compile(rf"(?:{mots})\b", re.IGNORECASE), article)
    for mots, article in ((FEMININS, "la"), (MASCULINS, "le"), (PLURIELS, "les"), (ELIDES, "l’"))
)
# Whose capital belongs to the name.
NOMS_PROPRES = re.compile(r"(?:région|banque|caisse|direction)\b", re.IGNORECASE)


def en_lettres(quantite: int, *, feminin: bool = False) -> str:
    """« un » or « une » to « dix » in words; beyond, and for 0, in digits: `12` → « 12 »."""
    if not 0 < quantite < len(LETTRES):
        return nombre(quantite)
    return "une" if feminin and quantite == 1 else LETTRES[quantite]


def denombrer(
    quantite: int, singulier: str, au_pluriel: str | None = None, *, feminin: bool = False, lettres: bool = False
) -> str:
    """« un nouveau territoire », « 88 projets », « aucune région »: a sentence has no figure « 1 », nor « 0 ».

    With `lettres`, small numbers are words too: « trois axes ». The number and its noun are never parted.
    """
    if quantite == 0:
        mot = "aucune" if feminin else "aucun"
    else:
        mot = en_lettres(quantite, feminin=feminin) if lettres or quantite == 1 else nombre(quantite)
    return f"{mot}{INSECABLE}{pluriel(quantite, singulier, au_pluriel)}"


def elider(mot: str, suite: str) -> str:
    """`("de", "un projet")` → « d’un projet »; `("de", "12 projets")` → « de 12 projets ». `mot` ends with « e »."""
    if suite[:1] in tuple(VOYELLES) and not SANS_ELISION.match(suite):
        return f"{mot[:-1]}’{suite}"
    return f"{mot} {suite}"


def de(suite: str) -> str:
    """« d’un nouveau territoire », « de 12 nouveaux territoires », « d’avril »."""
    return elider("de", suite)


def avec_article(nom: str) -> str:
    """« l’État », « la communauté d’agglomération de Cambrai »; « Bpifrance » and what is not known stay as they are.

    A common noun at its head loses its capital inside a sentence, but where it is part of a proper name.
    """
    for motif, article in GENRES:
        if not motif.match(nom):
            continue
        if article == "l’":
            return f"l’{majuscule(nom)}"
        return f"{article} {nom if NOMS_PROPRES.match(nom) else minuscule(nom)}"
    return nom


def majuscule(texte: str) -> str:
    """At the head of a sentence."""
    return f"{texte[:1].upper()}{texte[1:]}"


def minuscule(texte: str) -> str:
    """A title that goes on a sentence; initials (« PME ») keep their capitals."""
    return texte if texte[1:2].isupper() else f"{texte[:1].lower()}{texte[1:]}"


def enumerer(elements: Sequence[str], *, liaison: str = "et") -> str:
    """« a », « a et b », « a, b et c »."""
    if len(elements) < 2:
        return "".join(elements)
    return f"{', '.join(elements[:-1])} {liaison} {elements[-1]}"


def mois_fr(jour: date, *, annee: bool = True) -> str:
    """« avril 2023 »."""
    mois = MOIS[jour.month - 1]
    return f"{mois}{INSECABLE}{jour.year}" if annee else mois


def periode(debut: date, fin: date) -> str:
    """« en mai 2023 », « d’avril à juin 2023 », « de novembre 2022 à janvier 2023 »; by whole months."""
    if (debut.year, debut.month) == (fin.year, fin.month):
        return f"en {mois_fr(fin)}"
    return f"{de(mois_fr(debut, annee=debut.year != fin.year))} à {mois_fr(fin)}"
