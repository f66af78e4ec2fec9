"""Names laid bare: the one key that they are sorted and searched by, the same in Python and in Postgres.

The collations of databases differ (the embedded one has none for French), so names are compared by this key and its
code points, never by a collation: « Écully » comes after « Dijon » and before « Évian », everywhere.
"""

import re
import unicodedata
from string import ascii_lowercase, ascii_uppercase

from django.db.models import F, Func, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate

from rebond.socle.bdd.jumeaux import jumeau_de

ACCENTS = re.compile("[\u0300-\u036f]")
# What is left of ASCII once letters are small: spaces, controls, punctuation.
PONCTUATION = re.compile("[\u0001-\u002f\u003a-\u0060\u007b-\u007f]+")
# Letters that Unicode does not decompose, and the punctuation that it does not bring down to ASCII.
LETTRES = str.maketrans(
    {"æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ß": "ss", "ẞ": "ss", "þ": "th", "Þ": "th"}
    | dict(zip("øØłŁđĐðÐħĦıŋŊ", "oollddddhhinn", strict=True))
    | dict.fromkeys("‘’‚‛“”„«»‹›‐‒–—―•", " ")
)
MINUSCULES = str.maketrans(ascii_uppercase, ascii_lowercase)


@jumeau_de("postgres:nom_nu")
def nom_nu(texte: str) -> str:
    """Small letters, no accent, one space for any punctuation: « L’Haÿ-les-Roses » → « l hay les roses ».

    What is not Latin is left as it is. Postgres has the same function, `nom_nu(text)`; a test holds them equal.
    """
    nu = ACCENTS.sub("", unicodedata.normalize("NFKD", texte)).translate(LETTRES).translate(MINUSCULES)
    return PONCTUATION.sub(" ", nu).strip(" ")


def alphabetique(champ: str | Combinable) -> Collate:
    """What to order a list of names by, whatever the database: `order_by(alphabetique("nom"), "pk")`.

    By code points, as Python's `sorted(…, key=nom_nu)`.
    """
    nom = F(champ) if isinstance(champ, str) else champ
    return Collate(Func(nom, function="nom_nu", output_field=TextField()), "C")


def par_nom(prefixe: str = "") -> list[Collate | str]:
    """What to order people by: name, first name, then address. `prefixe` leads to them: « utilisateur__ »."""
    return [alphabetique(f"{prefixe}nom"), alphabetique(f"{prefixe}prenom"), f"{prefixe}email"]
