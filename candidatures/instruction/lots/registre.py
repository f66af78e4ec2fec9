"""The acts that may be done on many files at once: each room declares its own, with the action that does one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from candidatures.dossier.models.dossiers import Candidature
from rebond.socle.formulaires.formulaire import FormulaireDsfr

#: By key of file, why it cannot be done, in a sentence.
Refus = Mapping[int, str]


@dataclass(frozen=True)
class Acte:
    """`cle` names it for good: rows bear it. `libelle` is what is chosen in a list (« Déclarer recevables »),
    `fait` what is said of so many files (« déclarés recevables »).

    `faire` is the action that does one, in its own transaction, with its guards and its entry in the journal: it is
    given `candidature`, `auteur`, `maintenant`, and what the form has read.
    `refus` says beforehand of many what would be refused, in a constant number of statements, with the form's clean
    data. `formulaire` asks what all of them share. `dit` says what the act writes of those that will be done.
    """

    cle: str
    libelle: str
    fait: str
    faire: Callable[..., object]
    refus: Callable[[Collection[Candidature], Mapping[str, Any]], Refus]
    formulaire: type[FormulaireDsfr] | None = None
    dit: Callable[[Collection[Candidature]], Sequence[str]] | None = None


ACTES: dict[str, Acte] = {}


def declarer(acte: Acte) -> Acte:
    """To be called once, when the apps are ready. Raises `ValueError` for a key that is taken."""
    if ACTES.get(acte.cle, acte) is not acte:
        raise ValueError(acte.cle)
    ACTES[acte.cle] = acte
    return acte
