"""What a file needs before it can be deposited."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from candidatures.cahier import TYPES_A_CHOIX, Cahier, PieceAttendue, Question, Type


@dataclass(frozen=True)
class Manque:
    """Something that a file needs before it can be deposited; `ancre` leads to it on the page of its section."""

    section: str
    cle: str
    libelle: str
    ancre: str


@dataclass(frozen=True)
class Jointe:
    """An attachment as completeness sees it. `membre` is the key of the authority that it comes from; `saine` is False
    once the antivirus has refused it.
    """

    nature: str
    membre: int | None = None
    saine: bool = True


@dataclass(frozen=True)
class Composition:
    """Everything that completeness depends on. `membres` are the authorities by key, the lead first."""

    cahier: Cahier
    contenu: Mapping[str, Mapping[str, Any]]
    jointes: Collection[Jointe] = ()
    membres: Mapping[int, str] = field(default_factory=dict)


PIECES = "pieces"


def est_vide(valeur: Any) -> bool:
    return valeur is None or valeur in ("", [])


def manques(composition: Composition) -> list[Manque]:
    """What is missing from a file, in the order of the form; empty when it may be deposited."""
    absents = []
    for section in composition.cahier.sections:
        reponses = composition.contenu.get(section.cle, {})
        absents += [
            Manque(section.cle, question.cle, question.libelle, ancre(question))
            for question in section.saisies
            if question.posee(reponses) and not _repondue(question, reponses.get(question.cle))
        ]
    return absents + [
        manque for attendue in pieces_demandees(composition) for manque in _pieces_absentes(composition, attendue)
    ]


def ancre(question: Question) -> str:
    """Where a link to the question leads: boxes have no single control."""
    return f"id_{question.cle}_groupe" if question.type in TYPES_A_CHOIX else f"id_{question.cle}"


def pieces_demandees(composition: Composition) -> list[PieceAttendue]:
    """The kinds of attachment that the file may hold, given its answers."""
    return [piece for piece in composition.cahier.pieces_attendues if _piece_posee(composition, piece)]


def membres_attendus(composition: Composition, piece: PieceAttendue) -> list[tuple[int | None, str]]:
    """Of whom one `piece` is expected, by key and name; `(None, "")` when it is of the file as a whole."""
    if piece.par_membre and len(composition.membres) > 1:
        return list(composition.membres.items())
    return [(None, "")]


def intitule(piece: PieceAttendue, membre: str = "") -> str:
    return f"{piece.libelle} – {membre}" if membre else piece.libelle


def ancre_de_piece(piece: str, membre: int | None = None) -> str:
    return f"piece-{piece}-{membre}" if membre else f"piece-{piece}"


def _piece_posee(composition: Composition, piece: PieceAttendue) -> bool:
    if not piece.section:
        return True
    question = composition.cahier.section(piece.section).question(piece.cle)
    return question.posee(composition.contenu.get(piece.section, {}))


def _pieces_absentes(composition: Composition, piece: PieceAttendue) -> Iterator[Manque]:
    if not piece.obligatoire:
        return
    saines = [jointe for jointe in composition.jointes if jointe.nature == piece.cle and jointe.saine]
    chef = next(iter(composition.membres), None)
    for membre, nom in membres_attendus(composition, piece):
        # What was attached before the grouping grew is the lead's.
        acceptees = {membre, None} if membre == chef else {membre}
        if not any(membre is None or jointe.membre in acceptees for jointe in saines):
            yield Manque(PIECES, piece.cle, intitule(piece, nom), ancre_de_piece(piece.cle, membre))


def _repondue(question: Question, valeur: Any) -> bool:
    if est_vide(valeur):
        return not question.obligatoire
    if question.type is Type.BLOC:
        return all(_repondue(champ, ligne.get(champ.cle)) for ligne in valeur for champ in question.champs)
    return True
