"""The answers of a file as they were deposited, each correction marked where it stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from candidatures.cahier import Cahier, Question, Section
from candidatures.dossier.lecture import Reponse, lire_reponse
from candidatures.instruction.correction.models import DemandeDeCorrection


class Version(StrEnum):
    """What a page shows of an answer that was corrected."""

    LES_DEUX = "les-deux", "Les deux"
    DEPOSEE = "deposee", "Telles que déposées"
    CORRIGEE = "corrigee", "Telles que corrigées"

    libelle: str

    def __new__(cls, valeur: str, libelle: str) -> Self:
        membre = str.__new__(cls, valeur)
        membre._value_ = valeur
        membre.libelle = libelle
        return membre

    @property
    def compare(self) -> bool:
        return self is Version.LES_DEUX

    @property
    def corrige(self) -> bool:
        return self is Version.CORRIGEE

    @classmethod
    def demandee(cls, valeur: str) -> "Version":
        """Both, for an address that names none."""
        return next((membre for membre in cls if membre.value == valeur), cls.LES_DEUX)


@dataclass(frozen=True)
class ReponseCorrigee:
    """What one correction gave back says of an answer; the same as was deposited when nothing was changed."""

    demande: DemandeDeCorrection
    reponse: Reponse
    change: bool


@dataclass(frozen=True)
class QuestionLue:
    """`cle` is « section.question », as demands of correction and notes name it. `corrigees`: oldest first."""

    cle: str
    deposee: Reponse
    corrigees: tuple[ReponseCorrigee, ...] = ()
    attendue: DemandeDeCorrection | None = None

    @property
    def ancre(self) -> str:
        return ancre_de(self.cle)

    @property
    def libelle(self) -> str:
        return self.deposee.libelle

    @property
    def changees(self) -> tuple[ReponseCorrigee, ...]:
        return tuple(corrigee for corrigee in self.corrigees if corrigee.change)

    @property
    def derniere(self) -> ReponseCorrigee | None:
        """The correction that says what the answer has become."""
        return self.changees[-1] if self.changees else None

    @property
    def inchangee(self) -> bool:
        """Whether a correction was asked of it, and came back as it was."""
        return bool(self.corrigees) and not self.changees


@dataclass(frozen=True)
class RubriqueLue:
    cle: str
    titre: str
    questions: tuple[QuestionLue, ...]

    @property
    def ancre(self) -> str:
        return f"rubrique-{self.cle}"

    @property
    def corrigees(self) -> int:
        return sum(bool(question.changees) for question in self.questions)


Sections = Mapping[str, Mapping[str, Any]]


def ancre_de(cle: str) -> str:
    """Where an answer stands in the page of its file."""
    return f"reponse-{cle.replace('.', '-')}"


def lire_sur_place(cahier: Cahier, deposees: Sections, demandes: Iterable[DemandeDeCorrection]) -> list[RubriqueLue]:
    """Every question that was put in the deposit, or that a correction gave back has put since."""
    toutes = list(demandes)
    rendues = [demande for demande in toutes if demande.rendue_le]
    attendues = [demande for demande in toutes if not demande.rendue_le and not demande.fermee_le]
    return [
        RubriqueLue(
            section.cle,
            section.titre,
            tuple(_questions(section, deposees.get(section.cle, {}), rendues, attendues)),
        )
        for section in cahier.sections
    ]


def _questions(
    section: Section,
    deposees: Mapping[str, Any],
    rendues: list[DemandeDeCorrection],
    attendues: list[DemandeDeCorrection],
) -> Iterator[QuestionLue]:
    for question in section.saisies:
        cle = f"{section.cle}.{question.cle}"
        siennes = [demande for demande in rendues if cle in demande.questions]
        if not siennes and not question.posee(deposees):
            continue
        avant = deposees.get(question.cle)
        yield QuestionLue(
            cle,
            lire_reponse(question, avant),
            tuple(_corrigee(section, question, avant, demande) for demande in siennes),
            next((demande for demande in attendues if cle in demande.questions), None),
        )


def _corrigee(section: Section, question: Question, avant: Any, demande: DemandeDeCorrection) -> ReponseCorrigee:
    apres = demande.reponses.get(section.cle, {}).get(question.cle, avant)
    reponse = lire_reponse(question, apres)
    return ReponseCorrigee(demande, reponse, reponse != lire_reponse(question, avant))
