"""Forms of the evaluation. Their fields bear the names of the arguments of the action that they feed."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms

from candidatures.cahier import Cahier, Critere
from candidatures.evaluation import regles
from candidatures.evaluation.actions.evaluations import Saisie
from candidatures.evaluation.candidats import Candidat
from candidatures.instruction.forms import TexteLong
from rebond.socle.formulaires.formulaire import Bouton, FormulaireDsfr
from rebond.socle.texte.typographie import compte
from rebond.socle.utilisateur import Utilisateur

RENDRE, BROUILLON = "rendre", "brouillon"
LU = re.compile(r"([0-9]+)\.([0-9]*)")
CHOIX = re.compile(r"([0-9]{1,18}):([0-9]{1,18}(?:-[0-9]{1,18})*)")


class EvaluationForm(FormulaireDsfr, forms.Form):
    """One note and one reason a criterion of the grid. Saved as a draft nothing is required; rendered, everything is.

    `depuis` is the draft, or what it replaces (`requetes.evaluations_lues`); `lu`, the deposit and the correction
    that the page shows.
    """

    bouton = ""
    marquer_optionnels = False

    revision = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    lu = forms.CharField(required=False, max_length=50, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        cahier: Cahier,
        depuis: Any,
        remplace: bool,
        lu: tuple[int | None, int | None],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cahier, self.criteres, self.remplace = cahier, cahier.criteres, remplace
        notees = {note["critere"]: note for note in depuis.notees} if depuis else {}
        for critere in self.criteres:
            self._ajouter(critere, notees.get(critere.cle))
        self.fields["commentaire"] = TexteLong(
            label="Commentaire d’ensemble (optionnel)", required=False, initial=depuis.commentaire if depuis else ""
        )
        en_cours = depuis is not None and depuis.rendue_le is None
        if remplace:
            self.fields["motif"] = TexteLong(
                label="Pourquoi remplacez-vous votre évaluation\u00a0?",
                required=False,
                lignes=3,
                initial=depuis.motif if depuis and en_cours else "",
            )
        revision = depuis.revision if depuis and en_cours else 0
        self.initial = {**self.initial, "revision": revision, "lu": _ecrire_lu(lu)}

    def _ajouter(self, critere: Critere, note: Any) -> None:
        plancher = f" Minimum attendu\u00a0: {critere.plancher}." if critere.plancher is not None else ""
        self.fields[f"note_{critere.cle}"] = forms.TypedChoiceField(
            label="Note",
            help_text=f"{critere.aide}{plancher}{self._reponses(critere)}".strip(),
            choices=[(niveau.valeur, f"{niveau.valeur} – {niveau.phrase}") for niveau in critere.echelle],
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            initial=note["valeur"] if note else None,
        )
        self.fields[f"motif_{critere.cle}"] = TexteLong(
            label="Raison de cette note",
            help_text="Obligatoire pour la note la plus basse, la plus haute ou sous le minimum.",
            required=False,
            lignes=3,
            initial=note["motif"] if note else "",
        )

    def _reponses(self, critere: Critere) -> str:
        """The questions whose answers bear on the criterion."""
        paires = [tuple(adresse.split("/", 1)) for adresse in critere.questions]
        libelles = [
            question.libelle
            for cle, voulue in paires
            if cle in self.cahier
            for question in self.cahier.section(cle).questions
            if question.cle == voulue
        ]
        return f" Réponses à lire\u00a0: {', '.join(libelles)}." if libelles else ""

    def disposition(self) -> Layout:
        grille = [
            Fieldset(f"{critere.libelle} ({critere.poids}\u00a0%)", f"note_{critere.cle}", f"motif_{critere.cle}")
            for critere in self.criteres
        ]
        return Layout(*grille, "commentaire", *(["motif"] if self.remplace else []))

    @property
    def helper(self) -> FormHelper:
        """The draft first: it is what the Enter key sends."""
        helper = super().helper
        helper.add_input(Bouton("Enregistrer le brouillon", name=BROUILLON, secondaire=True))
        helper.add_input(Bouton("Remplacer mon évaluation" if self.remplace else "Rendre mon évaluation", name=RENDRE))
        return helper

    @property
    def rend(self) -> bool:
        return RENDRE in self.data

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if self.rend:
            for critere in self.criteres:
                self._exiger(critere, donnees)
            if self.remplace and not donnees.get("motif") and "motif" not in self.errors:
                self.add_error("motif", regles.RAISON_DU_REMPLACEMENT)
        return donnees

    def _exiger(self, critere: Critere, donnees: dict[str, Any]) -> None:
        nom, raison = f"note_{critere.cle}", f"motif_{critere.cle}"
        note = donnees.get(nom)
        if note is None:
            if nom not in self.errors:
                self.add_error(nom, f"Choisissez une note pour «\u00a0{critere.libelle}\u00a0».")
        elif critere.demande_des_raisons(note) and not donnees.get(raison) and raison not in self.errors:
            self.add_error(raison, f"Écrivez pourquoi vous donnez {note} à «\u00a0{critere.libelle}\u00a0».")

    @property
    def saisie(self) -> Saisie:
        """What could be read of what was typed, right or not; a reason that is too long leaves what was kept."""
        lues = self.cleaned_data
        notes = {
            critere.cle: (lues.get(f"note_{critere.cle}"), lues.get(f"motif_{critere.cle}") or "")
            for critere in self.criteres
            if f"motif_{critere.cle}" in lues or not self[f"motif_{critere.cle}"].data
        }
        return Saisie(
            notes=notes,
            commentaire=lues.get("commentaire", self.initial.get("commentaire", "")),
            motif=lues.get("motif", ""),
            revision=lues.get("revision") or 0,
            lu=_lire_lu(lues.get("lu") or ""),
        )

    def porter(self, *, revision: int | None = None, lu: tuple[int | None, int | None] | None = None) -> None:
        """What the page is shown again with: the draft as it is kept, the file as it is now."""
        donnees = self.data.copy()  # type: ignore[attr-defined]
        if revision is not None:
            donnees["revision"] = str(revision)
        if lu is not None:
            donnees["lu"] = _ecrire_lu(lu)
        self.data = donnees


def _ecrire_lu(lu: tuple[int | None, int | None]) -> str:
    depot, correction = lu
    return f"{depot or ''}.{correction or ''}"


def _lire_lu(texte: str) -> tuple[int | None, int | None]:
    lus = LU.fullmatch(texte)
    if lus is None:
        return None, None
    return int(lus.group(1)), int(lus.group(2)) if lus.group(2) else None


class AbstentionForm(FormulaireDsfr, forms.Form):
    bouton = "Confirmer mon abstention"

    motif = TexteLong(
        label="Pourquoi ne notez-vous pas ce dossier\u00a0?",
        help_text="Lu avec les autres évaluations. Votre brouillon sera effacé.",
        lignes=4,
    )


class _Candidats(forms.TypedMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class ConfierForm(FormulaireDsfr, forms.Form):
    """`candidats`: who may, the first to be proposed first; `manquent` of them are chosen already."""

    bouton = "Confier l’évaluation"

    personnes = _Candidats(
        label="À qui confier l’évaluation\u00a0?",
        coerce=int,
        help_text="Les moins chargés d’abord. Chacun est prévenu par e-mail.",
    )

    def __init__(self, *args: Any, candidats: list[Candidat], manquent: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["personnes"]
        champ.choices = [(candidat.personne.pk, _nommer(candidat)) for candidat in candidats]
        libres = [candidat.personne.pk for candidat in candidats if not candidat.suit_le_dossier]
        champ.initial = libres[:manquent]
        self._gens = {candidat.personne.pk: candidat.personne for candidat in candidats}

    def clean_personnes(self) -> list[Utilisateur]:
        return [self._gens[cle] for cle in self.cleaned_data["personnes"]]


def _nommer(candidat: Candidat) -> str:
    suit = "\u00a0; suit ce dossier, et le proposera" if candidat.suit_le_dossier else ""
    charge = compte(candidat.charge, "dossier à évaluer dans cette vague", "dossiers à évaluer dans cette vague")
    return f"{candidat.personne} ({charge}{suit})"


class RetraitForm(FormulaireDsfr, forms.Form):
    bouton = "Retirer cette évaluation"

    motif = TexteLong(
        label="Pourquoi cette personne n’évalue-t-elle plus ce dossier\u00a0?",
        help_text="Une absence, par exemple. Ce qu’elle a pu en dire ne comptera pas.",
        lignes=3,
    )


class _ChoixLus(forms.MultipleChoiceField):
    """« dossier:personne-personne », as the page proposed them: what has changed since is refused by the act."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        return CHOIX.fullmatch(value) is not None


class LotForm(FormulaireDsfr, forms.Form):
    """`proposes`: of each file its key, its name and the people who would evaluate it."""

    bouton = "Confier les dossiers cochés"

    choix = _ChoixLus(label="Dossiers et évaluateurs proposés")

    def __init__(self, *args: Any, proposes: list[tuple[int, str, list[Utilisateur]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["choix"]
        champ.choices = [
            (f"{cle}:{'-'.join(str(une.pk) for une in gens)}", f"{nom}\u00a0: {' et '.join(map(str, gens))}")
            for cle, nom, gens in proposes
        ]
        champ.initial = [valeur for valeur, _ in champ.choices]

    def clean_choix(self) -> dict[int, list[int]]:
        paires = (valeur.split(":") for valeur in self.cleaned_data["choix"])
        return {int(dossier): [int(personne) for personne in gens.split("-")] for dossier, gens in paires}
