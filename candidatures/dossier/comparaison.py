"""Two states of a section side by side, with what changes inside the texts marked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from candidatures.cahier import Question, Section
from candidatures.dossier.lecture import Reponse, lire_reponse

MOTS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Morceau:
    """A run of words. `genre`: « commun », « retire » (only in the first), « ajoute » (only in the second)."""

    texte: str
    genre: str

    @property
    def est_retire(self) -> bool:
        return self.genre == "retire"

    @property
    def est_ajoute(self) -> bool:
        return self.genre == "ajoute"


@dataclass(frozen=True)
class Ligne:
    """One question in both states; `morceaux` is empty for tables and for answers that are the same."""

    libelle: str
    avant: Reponse
    apres: Reponse
    change: bool
    morceaux: tuple[Morceau, ...] = ()
    cle: str = ""


def comparer(section: Section, avant: Mapping[str, Any], apres: Mapping[str, Any]) -> list[Ligne]:
    """Every question of the section, in its order."""
    return [
        comparer_les_reponses(question, avant.get(question.cle), apres.get(question.cle))
        for question in section.saisies
    ]


def comparer_les_reponses(question: Question, avant: Any, apres: Any) -> Ligne:
    une, autre = lire_reponse(question, avant), lire_reponse(question, apres)
    textes = une != autre and not (une.colonnes or autre.colonnes)
    morceaux = tuple(differences(une.texte, autre.texte)) if textes else ()
    return Ligne(question.libelle, une, autre, une != autre, morceaux, question.cle)


def differences(avant: str, apres: str) -> Iterator[Morceau]:
    """The second text with what it lost and what it gained, word by word."""
    mots_avant, mots_apres = MOTS.findall(avant), MOTS.findall(apres)
    for genre, debut, fin, autre_debut, autre_fin in SequenceMatcher(
        a=mots_avant, b=mots_apres, autojunk=False
    ).get_opcodes():
        if genre == "equal":
            yield Morceau("".join(mots_avant[debut:fin]), "commun")
            continue
        if fin > debut:
            yield Morceau("".join(mots_avant[debut:fin]), "retire")
        if autre_fin > autre_debut:
            yield Morceau("".join(mots_apres[autre_debut:autre_fin]), "ajoute")
