"""A `Cahier` to and from the JSON that a wave keeps."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from candidatures.cahier.definition import (
    Cahier,
    Choix,
    Condition,
    ConditionDeRecevabilite,
    Critere,
    Fait,
    Format,
    Niveau,
    PieceAttendue,
    Question,
    Section,
    Type,
)


def vers_json(cahier: Cahier) -> dict[str, Any]:
    return {
        "format": 1,
        "texte": cahier.texte,
        "sections": [asdict(section) for section in cahier.sections],
        "pieces": [asdict(piece) for piece in cahier.pieces],
        "criteres": [asdict(critere) for critere in cahier.criteres],
        "recevabilite": [asdict(condition) for condition in cahier.recevabilite],
    }


def depuis_json(brut: Mapping[str, Any]) -> Cahier:
    return Cahier(
        texte=brut["texte"],
        sections=tuple(_section(section) for section in brut["sections"]),
        pieces=tuple(_piece(piece) for piece in brut["pieces"]),
        criteres=tuple(_critere(critere) for critere in brut["criteres"]),
        # Specifications of before conditions were written say none.
        recevabilite=tuple(_condition(condition) for condition in brut.get("recevabilite", ())),
    )


def _section(brut: Mapping[str, Any]) -> Section:
    return Section(**{**brut, "questions": tuple(_question(question) for question in brut["questions"])})


def _question(brut: Mapping[str, Any]) -> Question:
    condition = brut["condition"]
    composees = {
        "type": Type(brut["type"]),
        "choix": tuple(Choix(**choix) for choix in brut["choix"]),
        "champs": tuple(_question(champ) for champ in brut["champs"]),
        "condition": Condition(condition["question"], tuple(condition["valeurs"])) if condition else None,
        "formats": tuple(Format(format_) for format_ in brut["formats"]),
    }
    return Question(**{**brut, **composees})


def _piece(brut: Mapping[str, Any]) -> PieceAttendue:
    return PieceAttendue(**{**brut, "formats": tuple(Format(format_) for format_ in brut["formats"])})


def _critere(brut: Mapping[str, Any]) -> Critere:
    # Specifications of before criteria had levels say neither these nor their questions.
    niveaux = tuple(Niveau(**niveau) for niveau in brut.get("niveaux", ()))
    return Critere(**{**brut, "niveaux": niveaux, "questions": tuple(brut.get("questions", ()))})


def _condition(brut: Mapping[str, Any]) -> ConditionDeRecevabilite:
    return ConditionDeRecevabilite(**{**brut, "fait": Fait(brut["fait"]) if brut["fait"] else None})
