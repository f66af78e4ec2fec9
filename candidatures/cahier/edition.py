"""Changes to a `Cahier`, each of which gives another one.

Keys are made from labels when something is created and never change afterwards: an answer keeps its question when
the question is worded differently.
"""

from collections.abc import Container, Iterable
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Protocol, TypeVar

from django.utils.text import slugify

from candidatures.cahier.definition import TYPES_A_CHOIX, Cahier, Choix, Critere, Question, Section, Type

LONGUEUR_CLE = 40
# What the addresses and the forms of a file use beside the keys of its sections and questions.
CLES_RESERVEES = frozenset(
    {
        "base",
        "contenu",
        "csrfmiddlewaretoken",
        "deposer",
        "dossier",
        "groupement",
        "lire",
        "pieces",
        "prefix",
        "questions",
        "remplissage",
        "retirer",
        "revision",
        "suite",
    }
)
# Below this, a line that replaces another one is another choice, not the same one worded better.
RESSEMBLANCE = 0.55


class ACle(Protocol):
    @property
    def cle(self) -> str: ...


Element = TypeVar("Element", bound=ACle)


def nouvelle_cle(libelle: str, prises: Container[str], defaut: str) -> str:
    """« Date du choc » → `date_du_choc`; numbered when it is taken, `defaut` when the label has no letter."""
    racine = slugify(libelle).replace("-", "_")[:LONGUEUR_CLE].strip("_") or defaut
    cle, rang = racine, 1
    while cle in prises or cle in CLES_RESERVEES:
        rang += 1
        cle = f"{racine}_{rang}"
    return cle


def avec_section(cahier: Cahier, section: Section) -> Cahier:
    """`section` in the place of the one that has its key, or else last."""
    return replace(cahier, sections=_avec(cahier.sections, section))


def sans_section(cahier: Cahier, cle: str) -> Cahier:
    return _sans_question_disparue(replace(cahier, sections=_sans(cahier.sections, cle)))


def deplacer_section(cahier: Cahier, cle: str, pas: int) -> Cahier:
    """One place up (-1) or down (1); unchanged at either end."""
    return replace(cahier, sections=_deplacer(cahier.sections, cle, pas))


def avec_question(cahier: Cahier, section: str, question: Question) -> Cahier:
    lieu = cahier.section(section)
    return avec_section(cahier, replace(lieu, questions=_avec(lieu.questions, question)))


def sans_question(cahier: Cahier, section: str, cle: str) -> Cahier:
    lieu = cahier.section(section)
    return _sans_question_disparue(avec_section(cahier, replace(lieu, questions=_sans(lieu.questions, cle))))


def deplacer_question(cahier: Cahier, section: str, cle: str, pas: int) -> Cahier:
    lieu = cahier.section(section)
    return avec_section(cahier, replace(lieu, questions=_deplacer(lieu.questions, cle, pas)))


def avec_critere(cahier: Cahier, critere: Critere) -> Cahier:
    """`critere` in the place of the one that has its key, or else last."""
    return replace(cahier, criteres=_avec(cahier.criteres, critere))


def _sans_question_disparue(cahier: Cahier) -> Cahier:
    # A criterion stops bearing on what is no longer asked.
    posees = cahier.adresses_des_questions
    restants = (
        replace(critere, questions=tuple(adresse for adresse in critere.questions if adresse in posees))
        for critere in cahier.criteres
    )
    return replace(cahier, criteres=tuple(restants))


def cles_de_section(cahier: Cahier) -> set[str]:
    return {section.cle for section in cahier.sections}


def cles_de_question(cahier: Cahier, section: str, type_: Type) -> set[str]:
    """The keys that a new question of `section` may not take; attachments have theirs in common."""
    prises = {question.cle for question in cahier.section(section).questions}
    return prises | {piece.cle for piece in cahier.pieces_attendues} if type_ is Type.PIECE else prises


def conditions_possibles(section: Section, cle: str = "") -> tuple[Question, ...]:
    """The choices on which the question `cle`, or a new one, may depend: those put before it."""
    rang = next((rang for rang, question in enumerate(section.questions) if question.cle == cle), None)
    return tuple(question for question in section.questions[:rang] if question.type in TYPES_A_CHOIX)


def ecrire_choix(choix: Iterable[Choix]) -> str:
    """One a line: « libellé », or « libellé | aide »."""
    return "\n".join(f"{un.libelle} | {un.aide}" if un.aide else un.libelle for un in choix)


def lire_choix(texte: str, anciens: tuple[Choix, ...] = ()) -> tuple[Choix, ...]:
    """The choices that `ecrire_choix` writes, once corrected.

    A choice keeps its key with its label, wherever it goes; a label that takes the place of one like it inherits it.
    """
    lignes = [(libelle.strip(), aide.strip()) for libelle, _, aide in (li.partition("|") for li in texte.splitlines())]
    lignes = [ligne for ligne in lignes if ligne[0]]
    restants = {slugify(choix.libelle): choix.cle for choix in reversed(anciens)}
    cles = [restants.pop(slugify(libelle), "") for libelle, _ in lignes]
    for rang, (libelle, _) in enumerate(lignes):
        if not cles[rang] and (proche := _le_plus_proche(slugify(libelle), restants)):
            cles[rang] = restants.pop(proche)
    prises = {choix.cle for choix in anciens}
    for rang, (libelle, _) in enumerate(lignes):
        cles[rang] = cles[rang] or nouvelle_cle(libelle, prises, "choix")
        prises.add(cles[rang])
    return tuple(Choix(cle, *ligne) for cle, ligne in zip(cles, lignes, strict=True))


def _le_plus_proche(libelle: str, restants: Iterable[str]) -> str:
    note, ancien = max(((_ressemblance(libelle, ancien), ancien) for ancien in restants), default=(0.0, ""))
    return ancien if note >= RESSEMBLANCE else ""


def _ressemblance(un: str, autre: str) -> float:
    if un.startswith(f"{autre}-") or autre.startswith(f"{un}-"):
        return 1.0
    return SequenceMatcher(None, un, autre).ratio()


def _avec(elements: tuple[Element, ...], nouveau: Element) -> tuple[Element, ...]:
    if any(element.cle == nouveau.cle for element in elements):
        return tuple(nouveau if element.cle == nouveau.cle else element for element in elements)
    return (*elements, nouveau)


def _sans(elements: tuple[Element, ...], cle: str) -> tuple[Element, ...]:
    return tuple(element for element in elements if element.cle != cle)


def _deplacer(elements: tuple[Element, ...], cle: str, pas: int) -> tuple[Element, ...]:
    suite = list(elements)
    rang = next(rang for rang, element in enumerate(suite) if element.cle == cle)
    suite.insert(max(rang + pas, 0), suite.pop(rang))
    return tuple(suite)
