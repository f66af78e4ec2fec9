"""What the specifications of a wave are made of.

Answers are stored by section and question as `{section: {question: value}}`; values are JSON: text, integer, decimal
number as text, ISO date, list of keys, or list of objects for a block. Forms, completeness, receipts and reading pages
are all made from a `Cahier`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any


class Type(StrEnum):
    TEXTE = "texte"
    TEXTE_LONG = "texte_long"
    ENTIER = "entier"
    DECIMAL = "decimal"
    MONTANT = "montant"
    DATE = "date"
    CHOIX = "choix"
    CHOIX_MULTIPLE = "choix_multiple"
    COURRIEL = "courriel"
    TELEPHONE = "telephone"
    EPCI = "epci"
    SIREN = "siren"
    PIECE = "piece"
    BLOC = "bloc"


LIBELLES_TYPES = {
    Type.TEXTE: "Texte court",
    Type.TEXTE_LONG: "Texte long",
    Type.ENTIER: "Nombre entier",
    Type.DECIMAL: "Nombre à virgule",
    Type.MONTANT: "Montant en euros",
    Type.DATE: "Date",
    Type.CHOIX: "Un choix dans une liste",
    Type.CHOIX_MULTIPLE: "Plusieurs choix dans une liste",
    Type.COURRIEL: "Adresse e-mail",
    Type.TELEPHONE: "Numéro de téléphone",
    Type.EPCI: "Intercommunalité",
    Type.SIREN: "Entreprise, par son numéro SIREN",
    Type.PIECE: "Pièce jointe",
    Type.BLOC: "Bloc qui se répète",
}
TYPES_A_CHOIX = frozenset({Type.CHOIX, Type.CHOIX_MULTIPLE})


class Format(StrEnum):
    """What an attachment may be, judged by its content."""

    PDF = "pdf"
    IMAGE = "image"
    TEXTE = "texte"
    TABLEUR = "tableur"


LIBELLES_FORMATS = {
    Format.PDF: "PDF",
    Format.IMAGE: "image (JPEG ou PNG)",
    Format.TEXTE: "texte (Word ou LibreOffice)",
    Format.TABLEUR: "tableur (Excel ou LibreOffice)",
}


# What is signed on paper comes back scanned, or photographed page by page.
FORMATS_PAR_DEFAUT = (Format.PDF, Format.IMAGE)


@dataclass(frozen=True)
class Choix:
    cle: str
    libelle: str
    aide: str = ""


@dataclass(frozen=True)
class Condition:
    """The question is put only when `question`, a choice of the same section, has one of `valeurs`."""

    question: str
    valeurs: tuple[str, ...]

    def remplie(self, reponses: Mapping[str, Any]) -> bool:
        donnee = reponses.get(self.question)
        choisies = donnee if isinstance(donnee, list) else [donnee]
        return any(valeur in self.valeurs for valeur in choisies)


@dataclass(frozen=True)
class Question:
    """One question. `unite` is shown beside numbers; `champs` are the columns of a block, `maximum` its most rows,
    `ligne` what one of them is called. `formats` are those of an attachment.
    """

    cle: str
    libelle: str
    type: Type = Type.TEXTE
    aide: str = ""
    obligatoire: bool = True
    longueur_max: int = 200
    choix: tuple[Choix, ...] = ()
    unite: str = ""
    champs: tuple["Question", ...] = ()
    maximum: int = 30
    ligne: str = "Ligne"
    # autocomplete token of HTML for data about the person who fills in (WCAG 2.1, 1.3.5).
    remplissage: str = ""
    condition: Condition | None = None
    formats: tuple[Format, ...] = FORMATS_PAR_DEFAUT

    def posee(self, reponses: Mapping[str, Any]) -> bool:
        """Whether the question is put, given the answers of its section."""
        return self.condition is None or self.condition.remplie(reponses)

    @property
    def libelles(self) -> dict[str, str]:
        """Labels of the choices by key."""
        return {choix.cle: choix.libelle for choix in self.choix}


@dataclass(frozen=True)
class Section:
    cle: str
    titre: str
    introduction: str = ""
    questions: tuple[Question, ...] = ()

    def question(self, cle: str) -> Question:
        return next(question for question in self.questions if question.cle == cle)

    @property
    def saisies(self) -> tuple[Question, ...]:
        """The questions whose answer is typed; attachments have their own page."""
        return tuple(question for question in self.questions if question.type is not Type.PIECE)


@dataclass(frozen=True)
class PieceAttendue:
    """A kind of attachment. `par_membre`: one of each authority of the grouping."""

    cle: str
    libelle: str
    aide: str = ""
    obligatoire: bool = False
    par_membre: bool = False
    formats: tuple[Format, ...] = FORMATS_PAR_DEFAUT
    # Set for an attachment asked in the middle of a section, which may depend on its answers.
    section: str = ""


@dataclass(frozen=True)
class Niveau:
    """One of the notes that a criterion may receive: `phrase` says what a file that deserves it shows."""

    valeur: int
    phrase: str


# Those of a grid written before criteria had levels of their own.
NIVEAUX_PAR_DEFAUT = (
    Niveau(0, "Le dossier n’en dit rien, ou le contredit."),
    Niveau(1, "Le dossier y répond en partie, sans faits qui le montrent."),
    Niveau(2, "Le dossier y répond pour l’essentiel, avec des faits."),
    Niveau(3, "Le dossier y répond entièrement, avec des faits précis et datés."),
)


@dataclass(frozen=True)
class Critere:
    """A line of the grid on which files are graded; weights (`poids`) are percentages.

    `niveaux` go from the lowest to the highest. `plancher` is the value of one of them: a note below it is told to
    the committee, whatever the score. `questions` are those on which the criterion bears, as `section/question`.
    """

    cle: str
    libelle: str
    poids: int
    aide: str = ""
    niveaux: tuple[Niveau, ...] = ()
    plancher: int | None = None
    questions: tuple[str, ...] = ()

    @property
    def echelle(self) -> tuple[Niveau, ...]:
        """The levels on which it is graded: its own, or those of every criterion that has none."""
        return self.niveaux or NIVEAUX_PAR_DEFAUT

    def niveau(self, valeur: int) -> Niveau | None:
        """None for a note that the criterion cannot receive."""
        return next((niveau for niveau in self.echelle if niveau.valeur == valeur), None)

    def demande_des_raisons(self, valeur: int) -> bool:
        """Whether this note must say why: the lowest, the highest, and any below the floor."""
        return valeur in {self.echelle[0].valeur, self.echelle[-1].valeur} or self.sous_le_plancher(valeur)

    def sous_le_plancher(self, valeur: int) -> bool:
        return self.plancher is not None and valeur < self.plancher


class Fait(StrEnum):
    """What the portal knows by itself of a deposited file, told beside a condition to whoever checks it."""

    DEPOSANT = "deposant"
    DELAI = "delai"
    CHOC = "choc"
    PIECES = "pieces"


LIBELLES_FAITS = {
    Fait.DEPOSANT: "Les collectivités du dossier",
    Fait.DELAI: "La date de réception et la date limite",
    Fait.CHOC: "Le choc décrit et sa date",
    Fait.PIECES: "Les pièces obligatoires, jointes ou non",
}


@dataclass(frozen=True)
class ConditionDeRecevabilite:
    """What a file must meet to be instructed: `libelle` is the sentence, `aide` tells whoever checks it how,
    `a_faire` tells a territory what it asks of it. `fait` is shown beside it, and decides nothing."""

    cle: str
    libelle: str
    aide: str = ""
    a_faire: str = ""
    fait: Fait | None = None


def adresse_de_question(section: str, question: str) -> str:
    """How a criterion names a question, whose key is its own in its section alone."""
    return f"{section}/{question}"


@dataclass(frozen=True)
class Cahier:
    """The whole: `texte` is the call itself, as people read it before they apply."""

    sections: tuple[Section, ...]
    pieces: tuple[PieceAttendue, ...] = ()
    criteres: tuple[Critere, ...] = ()
    texte: str = ""
    recevabilite: tuple[ConditionDeRecevabilite, ...] = ()
    _par_cle: dict[str, Section] = field(init=False, repr=False, compare=False, hash=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._par_cle.update({section.cle: section for section in self.sections})

    def __contains__(self, cle: str) -> bool:
        return cle in self._par_cle

    def section(self, cle: str) -> Section:
        """Raises `KeyError` for a section that the call does not have."""
        return self._par_cle[cle]

    @cached_property
    def pieces_attendues(self) -> tuple[PieceAttendue, ...]:
        """Those of the sections, in their order, then the others."""
        posees = tuple(
            PieceAttendue(
                question.cle,
                question.libelle,
                question.aide,
                obligatoire=question.obligatoire,
                formats=question.formats,
                section=section.cle,
            )
            for section in self.sections
            for question in section.questions
            if question.type is Type.PIECE
        )
        return posees + self.pieces

    def critere(self, cle: str) -> Critere | None:
        return next((critere for critere in self.criteres if critere.cle == cle), None)

    @cached_property
    def adresses_des_questions(self) -> dict[str, tuple[Section, Question]]:
        """Every question by the name that a criterion gives it, in their order."""
        return {
            adresse_de_question(section.cle, question.cle): (section, question)
            for section in self.sections
            for question in section.questions
        }

    def criteres_de(self, section: str, question: str) -> tuple[Critere, ...]:
        """The criteria that bear on a question, in the order of the grid."""
        return self._criteres_par_question.get(adresse_de_question(section, question), ())

    @cached_property
    def _criteres_par_question(self) -> dict[str, tuple[Critere, ...]]:
        adresses = {adresse for critere in self.criteres for adresse in critere.questions}
        return {a: tuple(critere for critere in self.criteres if a in critere.questions) for a in adresses}

    def piece(self, cle: str) -> PieceAttendue | None:
        return next((piece for piece in self.pieces_attendues if piece.cle == cle), None)
