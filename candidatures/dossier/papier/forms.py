"""What comes in: the document, then the choices made on its preview."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files import File
from django.utils.functional import cached_property

from candidatures.cahier import Format
from candidatures.dossier.papier.comprehension import Recu, Rejet, ReponseLue
from candidatures.dossier.papier.propositions import DU_DOCUMENT, GARDER, Proposition
from candidatures.dossier.pieces.verification import VIDE, verifier_piece
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.champs_fichiers import ChampFichier
from rebond.socle.formulaires.entrees import EntreesNettes
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.texte.caracteres import nettoyer

if TYPE_CHECKING:
    from rebond.socle.documents.formats import Contenu

INCOMPLETE = "La page reçue était incomplète\u00a0: reprenez le document depuis le début. Rien n’a été changé."
NOM_RECU_MAX = 1000
# Beyond what any block of the specifications takes, or any question offers.
ELEMENTS_MAX = 1000


class DocumentForm(FormulaireDsfr, forms.Form):
    """A form that comes back, judged by its content like an attachment; `contenu` once it is valid."""

    bouton = "Voir ce qui sera repris"

    fichier = ChampFichier(
        label="Document rempli",
        help_text="Word (.docx) ou LibreOffice (.odt). Rien n’est enregistré avant que vous ne l’ayez relu.",
        max_length=NOM_RECU_MAX,
        error_messages={"empty": VIDE, "required": "Choisissez le document rempli."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fichier"].widget.attrs["accept"] = ".docx,.odt"
        self.contenu: Contenu | None = None

    def refuser(self, message: str) -> None:
        """Say beside the file why it is not read."""
        self.add_error("fichier", message)

    def clean_fichier(self) -> File:
        fichier: File = self.cleaned_data["fichier"]
        try:
            self.contenu = verifier_piece(fichier, (Format.TEXTE,)).contenu
        except RegleEnfreinte as erreur:
            raise forms.ValidationError(erreur.message) from erreur
        return fichier


class LuForm(EntreesNettes, forms.Form):
    """What was read of the document, carried by its preview, and the versions of the sections that were shown there.

    Whoever alters it has typed something else in the form of a section: it is judged again.
    """

    lu = forms.JSONField(widget=forms.HiddenInput)
    # Of a file in which nothing is saved yet, there are none.
    revisions = forms.JSONField(widget=forms.HiddenInput, required=False)

    @cached_property
    def recu(self) -> Recu:
        """Raises RegleEnfreinte when the page that was received makes no sense."""
        try:
            if self.is_valid():
                return _depuis_json(self.cleaned_data["lu"])
        # RecursionError: JSON that opens more brackets than Python follows.
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as erreur:
            raise RegleEnfreinte(INCOMPLETE) from erreur
        raise RegleEnfreinte(INCOMPLETE)

    @property
    def montrees(self) -> dict[str, int]:
        recues = self.cleaned_data["revisions"] or {}
        if not isinstance(recues, dict) or not all(type(une) is int and 0 <= une < 2**31 for une in recues.values()):
            raise RegleEnfreinte(INCOMPLETE)
        return recues


class ChoixForm(EntreesNettes, forms.Form):
    """Whose answer is kept, for each proposition; without an answer, the saved one."""

    def __init__(self, *args: Any, propositions: Iterable[Proposition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.propositions = list(propositions)
        for proposition in self.propositions:
            choix = [(DU_DOCUMENT, ""), (GARDER, "")]
            self.fields[proposition.nom] = forms.ChoiceField(choices=choix, required=False)

    @property
    def choisies(self) -> dict[str, dict[str, Any]]:
        """The answers to take, by section and question."""
        self.is_valid()
        choisies: dict[str, dict[str, Any]] = {}
        for proposition in self.propositions:
            if self.cleaned_data.get(proposition.nom) == DU_DOCUMENT:
                choisies.setdefault(proposition.section.cle, {})[proposition.question.cle] = proposition.du_document
        return choisies


def en_json(recu: Recu) -> dict[str, Any]:
    return {
        "reponses": {
            section: {cle: [lue.revision, lue.brut] for cle, lue in lues.items()}
            for section, lues in recu.reponses.items()
        },
        "rejets": [[rejet.ou, rejet.texte, rejet.raison] for rejet in recu.rejets],
        "ailleurs": recu.ailleurs,
    }


def _depuis_json(brut: Mapping[str, Any]) -> Recu:
    """Raises what a shape of another kind raises: KeyError, TypeError, ValueError, AttributeError."""
    return Recu(
        reponses={
            section: {cle: ReponseLue(_brut(texte), _revision(revision)) for cle, (revision, texte) in lues.items()}
            for section, lues in brut["reponses"].items()
        },
        rejets=[Rejet(_mots(ou), _mots(texte), _mots(raison)) for ou, texte, raison in _liste(brut["rejets"])],
        ailleurs=[_mots(une) for une in _liste(brut["ailleurs"])],
    )


def _brut(texte: Any) -> Any:
    """Words, choices, or rows of words: what `comprehension` makes, and nothing deeper."""
    if not isinstance(texte, list):
        return _mots(texte)
    return [
        {_mots(cle): _choix(un) for cle, un in x.items()} if isinstance(x, dict) else _mots(x) for x in _liste(texte)
    ]


def _choix(brut: Any) -> Any:
    return [_mots(un) for un in _liste(brut)] if isinstance(brut, list) else _mots(brut)


def _liste(brut: Any) -> list[Any]:
    """Raises ValueError for more than `comprehension` makes."""
    if not isinstance(brut, list) or len(brut) > ELEMENTS_MAX:
        raise ValueError(type(brut))
    return brut


def _mots(brut: Any) -> str:
    """Cleaned here: what JSON escapes, no form sees. A lone surrogate goes neither into a page nor into Postgres."""
    if not isinstance(brut, str):
        raise TypeError(brut)
    return nettoyer(brut)


def _revision(revision: Any) -> int | None:
    if revision is not None and not (type(revision) is int and 0 <= revision < 10**9):
        raise ValueError(revision)
    return revision
