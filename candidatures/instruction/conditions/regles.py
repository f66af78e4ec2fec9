"""What the findings of each condition lead to: pure predicates on the conditions of a file and what is said of them.

Findings are kept as JSON, `{condition: {"constat": …, "mot": …}}`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from candidatures.cahier import ConditionDeRecevabilite
from candidatures.instruction.conditions.etats import Constat
from rebond.socle.bdd.jumeaux import jumeau_de

MOT_MAX = 1000
QUALITE_MAX = 160
Constats = Mapping[str, Mapping[str, str]]
A_SIGNER = (
    "Une irrecevabilité est proposée sur ce dossier\u00a0: un valideur la signera, ou la renverra en disant pourquoi."
)
PLUS_PROPOSEE = "Aucune irrecevabilité n’attend de signature sur ce dossier."
A_UN_AUTRE = "Vous avez instruit ce dossier\u00a0: un autre valideur signera ou renverra cette irrecevabilité."
UN_VALIDEUR = "Seul un valideur signe ou renvoie une irrecevabilité."
TOUTES = "Un dossier n’est recevable que si toutes les conditions du cahier des charges sont remplies."
AUCUNE = "Un dossier n’est irrecevable que si une condition du cahier des charges n’est pas remplie."


@dataclass(frozen=True)
class ConditionLue:
    """A condition, with what was found of it; `constat` is empty as long as nothing was."""

    condition: ConditionDeRecevabilite
    constat: str
    mot: str

    @property
    def libelle_du_constat(self) -> str:
        return Constat(self.constat).label if self.constat else "À vérifier"

    @property
    def genre(self) -> str:
        """Of the DSFR's badges."""
        genres = {Constat.REMPLIE: "success", Constat.NON_REMPLIE: "error", Constat.A_PRECISER: "warning"}
        return genres[Constat(self.constat)] if self.constat else "info"

    @property
    def remplie(self) -> bool:
        return self.constat == Constat.REMPLIE


def lire(conditions: Iterable[ConditionDeRecevabilite], constats: Constats) -> list[ConditionLue]:
    """Each condition, in its order, with what `constats` says of it."""
    dits = ((une, constats.get(une.cle, {})) for une in conditions)
    return [ConditionLue(une, dit.get("constat", ""), dit.get("mot", "")) for une, dit in dits]


def toutes_remplies(conditions: Iterable[ConditionDeRecevabilite]) -> dict[str, dict[str, str]]:
    return {une.cle: {"constat": Constat.REMPLIE.value, "mot": ""} for une in conditions}


@jumeau_de("postgres:recevable_par_ses_conditions")
def empechement_de_recevoir(lues: Sequence[ConditionLue]) -> str | None:
    """Why these findings do not make a file admissible; None when they do, or when nothing is asked."""
    return None if all(lue.remplie for lue in lues) else TOUTES


@jumeau_de("postgres:irrecevabilite_par_une_condition")
def empechement_de_rejeter(lues: Sequence[ConditionLue]) -> str | None:
    """Why these findings do not make a file inadmissible; None when they do, or when nothing is asked."""
    return None if not lues or any(lue.constat == Constat.NON_REMPLIE for lue in lues) else AUCUNE


def sans_mot(lues: Sequence[ConditionLue]) -> list[ConditionLue]:
    """Those of which it is said, without a word, that they are not met."""
    return [lue for lue in lues if lue.constat == Constat.NON_REMPLIE and not lue.mot.strip()]


def motif_compose(lues: Sequence[ConditionLue], precision: str) -> str:
    """What the territory will read: each condition that is not met, why, then what was added."""
    manques = [f"{lue.condition.libelle} {lue.mot.strip()}" for lue in lues if lue.constat == Constat.NON_REMPLIE]
    manques = [f"Condition non remplie\u00a0: {manque}" for manque in manques]
    return "\n".join([*manques, *([precision.strip()] if precision.strip() else [])])


def qui_a_signe(nom: str, qualite: str, service: str) -> str:
    """« Claire Dumas, directrice, pour la DGE »; empty for what was found before inadmissibilities were signed."""
    return f"{nom}, {qualite}, pour {service}" if nom else ""
