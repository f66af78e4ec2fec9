"""The acts that may be done on many files at once: each room declares its own, with the action that does one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.lots.models import ActeGroupe
from candidatures.vagues.models.vagues import Vague
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.utilisateur import Utilisateur


class FormulaireDeLot(FormulaireDsfr, forms.Form):
    """What is asked once for many files of `vague` by `par`, then read again for each of them."""

    bouton = ""
    avec_balise = False
    #: Words that its field proposes, to be read beside it.
    proposees: Sequence[str] = ()

    def __init__(self, *args: Any, vague: Vague, par: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vague, self.par = vague, par


@dataclass(frozen=True)
class Election:
    dit: Mapping[int, str]
    garde: Mapping[str, list[str]]


#: By key of file, why it cannot be done, in a sentence.
Refus = Mapping[int, str]


@dataclass(frozen=True)
class Acte:
    """`cle` names it for good: rows bear it. `libelle` is what is chosen in a list (« Déclarer recevables »),
    `fait` what is said of so many files (« déclarés recevables »).

    `faire` is the action that does one, in its own transaction, with its guards and its entry in the journal: it is
    given `candidature`, `auteur`, `maintenant`, and what the form has read.
    `refus` says beforehand of many what would be refused, in a constant number of statements, with the form's clean
    data and, as `par`, who asks. `formulaire` asks what all of them share. `dit` says what the act writes of those
    that will be done.

    `elire` says, with the same data, whom each file that can be done goes to: what is read over (`dit`, by key of
    file), and what is kept with what was typed for the form to read again (`garde`). `conclure` is called once, when
    the last of its files is over, in that very transaction: letters that are one a person.
    """

    cle: str
    libelle: str
    fait: str
    faire: Callable[..., object]
    refus: Callable[[Collection[Candidature], Mapping[str, Any]], Refus]
    dit: Callable[[Collection[Candidature]], Sequence[str]] | None = None
    formulaire: type[FormulaireDeLot] | None = None
    elire: Callable[[Collection[Candidature], Mapping[str, Any]], Election] | None = None
    conclure: Callable[[ActeGroupe, Collection[int], datetime], object] | None = None


ACTES: dict[str, Acte] = {}


def declarer(acte: Acte) -> Acte:
    """To be called once, when the apps are ready. Raises `ValueError` for a key that is taken."""
    if ACTES.get(acte.cle, acte) is not acte:
        raise ValueError(acte.cle)
    ACTES[acte.cle] = acte
    return acte
