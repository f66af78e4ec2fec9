"""Answers written under some specifications, carried over to others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from candidatures.cahier.definition import Cahier, Question, Section, Type

Contenu = Mapping[str, Mapping[str, Any]]
EN_TEXTE = frozenset({Type.TEXTE, Type.TEXTE_LONG, Type.COURRIEL, Type.TELEPHONE, Type.SIREN})

VIDES: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True)
class NonReprise:
    """An answer that did not follow, or not entirely, with the section and the question under which it was given."""

    section: Section
    question: Question


def porter(ancien: Cahier, nouveau: Cahier, contenu: Contenu) -> dict[str, dict[str, Any]]:
    """The answers that the new specifications can hold, by section and question; sections without any are left out.

    An answer follows the keys of its section and of its question, when its type, its unit, its length and its choices
    allow it: nothing is cut short nor reinterpreted.
    """
    portees = {
        section.cle: _porter_section(ancien.section(section.cle), section, contenu.get(section.cle, {}))
        for section in nouveau.sections
        if section.cle in ancien
    }
    return {cle: reponses for cle, reponses in portees.items() if reponses}


def non_reprises(ancien: Cahier, nouveau: Cahier, contenu: Contenu) -> list[NonReprise]:
    """The answers that `porter` leaves behind, in the order of the old specifications."""
    portees = porter(ancien, nouveau, contenu)
    return [
        NonReprise(section, question)
        for section in ancien.sections
        for question in section.saisies
        if (valeur := contenu.get(section.cle, {}).get(question.cle)) not in VIDES
        and not _entiere(valeur, portees.get(section.cle, {}).get(question.cle))
    ]


def _porter_section(ancienne: Section, nouvelle: Section, reponses: Mapping[str, Any]) -> dict[str, Any]:
    portees = _porter_reponses(ancienne.saisies, nouvelle.saisies, reponses)
    return {cle: valeur for cle, valeur in portees.items() if valeur not in VIDES}


def _porter_reponses(
    anciennes: tuple[Question, ...], nouvelles: tuple[Question, ...], reponses: Mapping[str, Any]
) -> dict[str, Any]:
    avant = {question.cle: question for question in anciennes}
    return {
        question.cle: _porter(avant[question.cle], question, reponses[question.cle])
        for question in nouvelles
        if question.cle in avant and question.cle in reponses
    }


def _porter(ancienne: Question, nouvelle: Question, valeur: Any) -> Any:
    """The value as the new question holds it, None when it cannot; an empty one stays as it is."""
    if valeur in VIDES:
        return valeur
    if ancienne.unite != nouvelle.unite:
        return None
    if nouvelle.type in {Type.TEXTE, Type.TEXTE_LONG}:
        return _texte(ancienne, nouvelle, valeur)
    if ancienne.type is nouvelle.type:
        return CONVERSIONS.get(nouvelle.type, _telle_quelle)(ancienne, nouvelle, valeur)
    match ancienne.type, nouvelle.type:
        case Type.CHOIX, Type.CHOIX_MULTIPLE:
            return _choix_multiple(ancienne, nouvelle, [valeur])
        case Type.ENTIER, Type.DECIMAL:
            return str(valeur)
    return None


def _telle_quelle(_ancienne: Question, _nouvelle: Question, valeur: Any) -> Any:
    return valeur


def _texte(ancienne: Question, nouvelle: Question, valeur: Any) -> str | None:
    if ancienne.type not in EN_TEXTE:
        return None
    texte = str(valeur)
    tient = len(texte) <= nouvelle.longueur_max and (nouvelle.type is Type.TEXTE_LONG or "\n" not in texte)
    return texte if tient else None


def _choix(_ancienne: Question, nouvelle: Question, valeur: Any) -> Any:
    return valeur if valeur in nouvelle.libelles else None


def _choix_multiple(_ancienne: Question, nouvelle: Question, valeur: Any) -> list[Any]:
    return [cle for cle in valeur if cle in nouvelle.libelles]


def _bloc(ancienne: Question, nouvelle: Question, valeur: Any) -> list[dict[str, Any]] | None:
    if len(valeur) > nouvelle.maximum:
        return None
    lignes = (_porter_reponses(ancienne.champs, nouvelle.champs, ligne) for ligne in valeur)
    return [ligne for ligne in lignes if _pleins(ligne)]


CONVERSIONS: dict[Type, Callable[[Question, Question, Any], Any]] = {
    Type.CHOIX: _choix,
    Type.CHOIX_MULTIPLE: _choix_multiple,
    Type.BLOC: _bloc,
}


def _entiere(valeur: Any, portee: Any) -> bool:
    """Whether nothing was left behind; a value that only changed its spelling is whole."""
    if isinstance(valeur, list) and isinstance(portee, list):
        return _sans_vides(valeur) == _sans_vides(portee)
    return portee is not None


def _sans_vides(lignes: list[Any]) -> list[Any]:
    nettes = [_pleins(ligne) if isinstance(ligne, dict) else ligne for ligne in lignes]
    return [ligne for ligne in nettes if ligne]


def _pleins(ligne: dict[str, Any]) -> dict[str, Any]:
    return {cle: valeur for cle, valeur in ligne.items() if valeur not in VIDES}
