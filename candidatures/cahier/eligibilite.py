"""May a territory apply? What its four answers say, before it writes anything.

The one place of these rules. What a wave asks (the kinds of shock, the paper of each member) is read in its
specifications; nothing here is a decision, which only the admissibility of a deposited file is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from candidatures.cahier.definition import Cahier, Choix, PieceAttendue, Type
from candidatures.cahier.modele import MODELE

#: Where the specifications ask which shock it is.
SECTION, QUESTION = "choc", "nature"
#: The kind of shock that the specifications do not name.
AUTRE = "autre"
#: Beside those of the specifications.
AUCUN = Choix("aucun", "Aucun pour le moment")


class Verdict(IntEnum):
    """The worst of several is the greatest."""

    OUI = 0
    A_VERIFIER = 1
    NON = 2

    @property
    def titre(self) -> str:
        return TITRES[self]

    @property
    def mot(self) -> str:
        """Before the sentence of a point that is not a plain yes."""
        return {Verdict.OUI: "", Verdict.A_VERIFIER: "À vérifier.", Verdict.NON: "Non."}[self]

    @property
    def genre(self) -> str:
        """Of the DSFR's alerts. A « no » is no fault of who asks."""
        return {Verdict.OUI: "success", Verdict.A_VERIFIER: "warning", Verdict.NON: "info"}[self]

    @property
    def mene_au_dossier(self) -> bool:
        return self is not Verdict.NON


TITRES = {
    Verdict.OUI: "À première vue, votre territoire peut candidater",
    Verdict.A_VERIFIER: "Votre territoire peut sans doute candidater\u00a0: un point est à vérifier",
    Verdict.NON: "À première vue, votre territoire ne peut pas candidater ainsi",
}


class Deposant(StrEnum):
    SEULE = "seule"
    GROUPEMENT = "groupement"
    PETR = "petr"
    COMMUNE = "commune"
    AUTRE = "autre"


DEPOSANTS = {
    Deposant.SEULE: "Notre intercommunalité, seule",
    Deposant.GROUPEMENT: "Plusieurs intercommunalités ensemble",
    Deposant.PETR: "Un pôle d’équilibre territorial et rural (PETR)",
    Deposant.COMMUNE: "Une commune",
    Deposant.AUTRE: "Une entreprise, une association ou un autre organisme",
}


class Deliberation(StrEnum):
    OUI = "oui"
    PAS_SUR = "pas_sur"
    NON = "non"


DELIBERATIONS = {
    Deliberation.OUI: "Oui",
    Deliberation.PAS_SUR: "Je ne sais pas encore",
    Deliberation.NON: "Non",
}


@dataclass(frozen=True)
class Point:
    """What one answer says: its verdict, in sentences."""

    verdict: Verdict
    texte: str


@dataclass(frozen=True)
class Avis:
    """What the four answers say together."""

    points: tuple[Point, ...]

    @property
    def verdict(self) -> Verdict:
        return max(point.verdict for point in self.points)


def natures_du_choc(cahier: Cahier) -> tuple[Choix, ...]:
    """The kinds of shock that the specifications name; those of the first ones when they no longer ask it."""
    for lu in (cahier, MODELE):
        if SECTION in lu:
            for question in lu.section(SECTION).questions:
                if question.cle == QUESTION and question.type is Type.CHOIX:
                    return question.choix
    return ()


def piece_de_chaque_membre(cahier: Cahier) -> PieceAttendue | None:
    """The paper without which nothing is deposited, and that each authority votes or signs."""
    return next((piece for piece in cahier.pieces if piece.obligatoire and piece.par_membre), None)


def examiner(
    cahier: Cahier,
    *,
    epci: str,
    laureats: Sequence[str],
    nature: str,
    deposant: Deposant,
    deliberation: Deliberation,
) -> Avis:
    """`epci` is the name of the intercommunalité, `laureats` the names of the public laureates that it is part of."""
    return Avis(
        (
            _du_territoire(epci, laureats),
            _du_choc(cahier, nature),
            _du_deposant(deposant),
            _de_la_deliberation(cahier, deliberation),
        )
    )


def _du_territoire(epci: str, laureats: Sequence[str]) -> Point:
    if laureats:
        noms = ", ".join(f"«\u00a0{nom}\u00a0»" for nom in laureats)
        return Point(
            Verdict.A_VERIFIER,
            f"{epci} fait déjà partie d’un territoire lauréat\u00a0: {noms}. Un même territoire n’est labellisé "
            "qu’une fois. Parlez-en à votre contact avant de commencer.",
        )
    return Point(Verdict.OUI, f"{epci} est une intercommunalité\u00a0: elle peut candidater, seule ou avec d’autres.")


def _du_choc(cahier: Cahier, nature: str) -> Point:
    if nature == AUCUN.cle:
        return Point(
            Verdict.NON,
            "L’appel s’adresse aux territoires qui subissent un choc industriel, constaté ou annoncé. Revenez vers "
            "nous dès qu’il se précise\u00a0: une période de dépôt ouvre tous les quatre mois.",
        )
    libelle = next(choix.libelle for choix in natures_du_choc(cahier) if choix.cle == nature)
    if nature == AUTRE:
        return Point(
            Verdict.A_VERIFIER,
            "Ce choc n’est pas de ceux que nous citons. Vous pouvez le décrire dans votre dossier\u00a0: les services "
            "de l’État l’apprécieront.",
        )
    return Point(Verdict.OUI, f"«\u00a0{libelle}\u00a0»\u00a0: c’est un des chocs pour lesquels l’appel existe.")


def _du_deposant(deposant: Deposant) -> Point:
    if deposant is Deposant.COMMUNE:
        return Point(
            Verdict.NON,
            "Une commune ne dépose pas elle-même\u00a0: c’est son intercommunalité qui candidate. Montrez-lui cette "
            "page.",
        )
    if deposant is Deposant.AUTRE:
        return Point(
            Verdict.NON,
            "Le dossier est déposé par une intercommunalité. Prenez contact avec celle de votre territoire\u00a0: "
            "vous pouvez préparer le dossier avec elle.",
        )
    if deposant is Deposant.SEULE:
        return Point(Verdict.OUI, "Une intercommunalité peut candidater seule. C’est elle qui dépose.")
    if deposant is Deposant.PETR:
        return Point(Verdict.OUI, "Un PETR peut candidater au nom de ses intercommunalités.")
    return Point(
        Verdict.OUI, "Plusieurs intercommunalités peuvent candidater ensemble. L’une d’elles, chef de file, dépose."
    )


def _de_la_deliberation(cahier: Cahier, deliberation: Deliberation) -> Point:
    piece = piece_de_chaque_membre(cahier)
    if piece is None:
        return Point(Verdict.OUI, "Aucune délibération n’est exigée au dépôt.")
    if deliberation is Deliberation.OUI:
        return Point(
            Verdict.OUI, f"Vous joindrez la pièce «\u00a0{piece.libelle}\u00a0», une par collectivité du groupement."
        )
    phrases = (
        f"La pièce «\u00a0{piece.libelle}\u00a0» est obligatoire pour déposer.",
        piece.aide,
        "Sinon, déposez à la période suivante\u00a0: le brouillon se recopie.",
    )
    return Point(Verdict.A_VERIFIER, " ".join(filter(None, phrases)))
