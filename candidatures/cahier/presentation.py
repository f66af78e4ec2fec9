"""A `Cahier` in words, for those who read it and do not fill it in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from candidatures.cahier.definition import (
    LIBELLES_FORMATS,
    LIBELLES_TYPES,
    TYPES_A_CHOIX,
    Cahier,
    Choix,
    Condition,
    Critere,
    Format,
    PieceAttendue,
    Question,
    Section,
    Type,
    adresse_de_question,
)
from rebond.socle.texte.typographie import compte


@dataclass(frozen=True)
class QuestionPresentee:
    """`type` is the kind of answer, `precisions` are sentences, `choix` what a list offers, or a block's columns."""

    question: Question
    type: str
    precisions: tuple[str, ...]
    choix: tuple[Choix, ...]


@dataclass(frozen=True)
class SectionPresentee:
    section: Section
    questions: tuple[QuestionPresentee, ...]


@dataclass(frozen=True)
class PiecePresentee:
    """`condition` is that of the question that asks for it, if one does."""

    piece: PieceAttendue
    precisions: tuple[str, ...]
    condition: Condition | None


@dataclass(frozen=True)
class CriterePresente:
    """`plancher` is a sentence, or empty; `questions` are those on which it bears, by title of their section."""

    critere: Critere
    plancher: str
    questions: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def niveaux(self) -> list[tuple[str, str]]:
        return [(f"Niveau {niveau.valeur}", niveau.phrase) for niveau in self.critere.echelle]


def presenter(cahier: Cahier) -> list[SectionPresentee]:
    return [
        SectionPresentee(
            section,
            tuple(_question(question, section, phrases) for question in section.questions),
        )
        for section in cahier.sections
        for phrases in [comptent(cahier, section)]
    ]


def presenter_pieces(cahier: Cahier) -> list[PiecePresentee]:
    """All of them: those that a section asks for say which one."""
    return [_presentee(piece, cahier) for piece in cahier.pieces_attendues]


def presenter_grille(cahier: Cahier, section: str = "") -> list[CriterePresente]:
    """The criteria of the grid, those alone that bear on `section` when it is said."""
    return [
        CriterePresente(critere, _plancher(critere), tuple(_questions_du_critere(critere, cahier)))
        for critere in cahier.criteres
        if not section or any(adresse.startswith(adresse_de_question(section, "")) for adresse in critere.questions)
    ]


def comptent(cahier: Cahier, section: Section) -> Mapping[str, str]:
    """For each question of `section` on which a criterion bears, the sentence that says so to whoever answers it."""
    par_question = {question.cle: cahier.criteres_de(section.cle, question.cle) for question in section.questions}
    return {
        question.cle: _compte_pour(question, par_question[question.cle])
        for question in section.questions
        if par_question[question.cle]
    }


def _compte_pour(question: Question, criteres: tuple[Critere, ...]) -> str:
    quoi = "Cette pièce" if question.type is Type.PIECE else "Cette réponse"
    noms = [f"« {critere.libelle} »" for critere in criteres]
    if len(noms) == 1:
        return f"{quoi} compte pour le critère {noms[0]}."
    return f"{quoi} compte pour les critères {', '.join(noms[:-1])} et {noms[-1]}."


def _plancher(critere: Critere) -> str:
    if critere.plancher is None:
        return ""
    return (
        f"Minimum attendu : niveau {critere.plancher}. Une note plus basse est signalée au comité, quel que soit le "
        "score du dossier."
    )


def _questions_du_critere(critere: Critere, cahier: Cahier) -> Iterator[tuple[str, tuple[str, ...]]]:
    for section in cahier.sections:
        libelles = tuple(
            question.libelle
            for question in section.questions
            if adresse_de_question(section.cle, question.cle) in critere.questions
        )
        if libelles:
            yield section.titre, libelles


def _presentee(piece: PieceAttendue, cahier: Cahier) -> PiecePresentee:
    question = cahier.section(piece.section).question(piece.cle) if piece.section else None
    return PiecePresentee(piece, tuple(_piece(piece, cahier)), question.condition if question else None)


def _question(question: Question, section: Section, phrases: Mapping[str, str]) -> QuestionPresentee:
    # A column of a block is shown as a choice is: its label, then what kind of answer it awaits.
    colonnes = tuple(Choix(champ.cle, champ.libelle, _colonne(champ)) for champ in question.champs)
    precisions = _precisions(question, section, phrases.get(question.cle, ""))
    return QuestionPresentee(question, LIBELLES_TYPES[question.type], tuple(precisions), question.choix + colonnes)


def _precisions(question: Question, section: Section, compte_pour: str) -> Iterator[str]:
    if question.condition is not None:
        yield f"Posée seulement si {_condition(question.condition, section)}."
    if not question.obligatoire:
        yield "Réponse optionnelle."
    if question.type in {Type.TEXTE, Type.TEXTE_LONG}:
        yield f"{compte(question.longueur_max, 'caractère')} au plus."
    if question.unite:
        yield f"En {question.unite}."
    if question.type is Type.PIECE:
        yield _formats(question.formats)
    if compte_pour:
        yield compte_pour
    if question.type is Type.BLOC:
        yield f"Au plus {compte(question.maximum, 'ligne')} « {question.ligne} », avec :"


def _condition(condition: Condition, section: Section) -> str:
    mere = section.question(condition.question)
    attendues = " ou ".join(f"« {mere.libelles[valeur]} »" for valeur in condition.valeurs)
    return f"la réponse à « {mere.libelle} » est {attendues}"


def _colonne(champ: Question) -> str:
    mots = [LIBELLES_TYPES[champ.type].lower().replace("siren", "SIREN")]
    if champ.type in TYPES_A_CHOIX:
        mots.append(f"({', '.join(choix.libelle for choix in champ.choix)})")
    if not champ.obligatoire:
        mots.append("(optionnel)")
    return " ".join(mots)


def _piece(piece: PieceAttendue, cahier: Cahier) -> Iterator[str]:
    yield "Obligatoire." if piece.obligatoire else "Optionnelle."
    if piece.par_membre:
        yield "Une de chaque collectivité du groupement."
    if piece.section:
        section = cahier.section(piece.section)
        condition = section.question(piece.cle).condition
        si = f", si {_condition(condition, section)}" if condition else ""
        yield f"Demandée dans la rubrique « {section.titre} »{si}."
    yield _formats(piece.formats)
    if piece.section and (compte_pour := comptent(cahier, section).get(piece.cle)):
        yield compte_pour


def _formats(formats: Iterable[Format]) -> str:
    acceptes = [LIBELLES_FORMATS[format_] for format_ in formats]
    return f"{'Formats acceptés' if len(acceptes) > 1 else 'Format accepté'} : {', '.join(acceptes)}."
