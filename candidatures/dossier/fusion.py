"""Two people in one section: whose answer is kept, question by question.

A three-way merge (as in `diff3`): what only one of them changed since `base` is taken, what both changed alike too;
what both changed differently is a conflict, which only a person settles.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from candidatures.cahier import Question, Type
from candidatures.dossier.completude import est_vide

Reponses = Mapping[str, Any]


@dataclass(frozen=True)
class Conflit:
    """One question, answered differently by both since they read the same page."""

    cle: str
    enregistree: Any
    mienne: Any


@dataclass(frozen=True)
class Fusion:
    """`reponses` hold mine wherever there is a conflict; `des_autres` are the questions taken from the others."""

    reponses: dict[str, Any]
    conflits: tuple[Conflit, ...]
    des_autres: frozenset[str]


def fusionner(cles: Iterable[str], *, base: Reponses, enregistrees: Reponses, miennes: Reponses) -> Fusion:
    """`base` is what both started from, `enregistrees` what is saved now, `miennes` what is being saved."""
    reponses: dict[str, Any] = {}
    conflits = []
    des_autres = set()
    for cle in cles:
        depart, leur, mienne = base.get(cle), enregistrees.get(cle), miennes.get(cle)
        reponses[cle] = mienne
        if egales(leur, mienne) or egales(leur, depart):
            continue
        if egales(mienne, depart):
            reponses[cle] = leur
            des_autres.add(cle)
        else:
            conflits.append(Conflit(cle, leur, mienne))
    return Fusion(reponses, tuple(conflits), frozenset(des_autres))


def reunir(question: Question, une: Any, autre: Any) -> Any:
    """Both answers in one, the first first; None where one must be chosen, or where both do not fit together."""
    if est_vide(une) or est_vide(autre):
        return None
    match question.type:
        case Type.TEXTE_LONG:
            return _textes_reunis(str(une), str(autre))
        case Type.CHOIX_MULTIPLE:
            return [cle for cle in question.libelles if cle in {*une, *autre}]
        case Type.BLOC:
            lignes = [*une, *(ligne for ligne in autre if ligne not in une)]
            return lignes if len(lignes) <= question.maximum else None
    return None


def _textes_reunis(un: str, autre: str) -> str:
    if un in autre or autre in un:
        return max(un, autre, key=len)
    return f"{un}\n\n{autre}"


def egales(une: Any, autre: Any) -> bool:
    """An answer left empty is none, whatever it is written with."""
    return bool(une == autre) or (est_vide(une) and est_vide(autre))
