"""Forms of the admissibility: each condition with what is found of it, then the signature or the sending back."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.http import QueryDict

from candidatures.cahier import ConditionDeRecevabilite
from candidatures.instruction.conditions.etats import Constat
from candidatures.instruction.conditions.regles import (
    MOT_MAX,
    QUALITE_MAX,
    ConditionLue,
    empechement_de_recevoir,
    empechement_de_rejeter,
    lire,
    sans_mot,
    toutes_remplies,
)
from candidatures.instruction.forms import TexteLong
from candidatures.instruction.recevabilite.faits import Faits
from rebond.socle.formulaires.formulaire import Avec, Bouton, EntreesNettes, FormulaireDsfr

BROUILLON, TOUTES = "brouillon", "toutes"
AU_DOSSIER = "Au dossier\u00a0:"
A_DIRE = "Dites si cette condition est remplie."
POURQUOI = "Dites pourquoi cette condition n’est pas remplie\u00a0: le territoire le lira."
ENCORE_A_PRECISER = (
    "Une condition reste à préciser\u00a0: enregistrez le brouillon, demandez une correction au territoire s’il le "
    "faut, puis concluez."
)


class VoieForm(EntreesNettes, forms.Form):
    """What is to be done with what was typed."""

    brouillon = forms.CharField(required=False)
    toutes = forms.CharField(required=False)
    suite = forms.CharField(required=False)

    def _dit(self, nom: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(nom) or "")

    @property
    def est_un_brouillon(self) -> bool:
        # « ici » is what `static/rebond/saisie.js` sends again of what it had kept.
        return bool(self._dit(BROUILLON)) or self._dit("suite") == "ici"

    @property
    def dit_toutes(self) -> bool:
        return bool(self._dit(TOUTES))


class ExamenForm(FormulaireDsfr, forms.Form):
    """Each condition, with a word. Kept as a draft (not `conclut`) nothing is required; else each is said. `faits`:
    what the portal shows beside each. Without any condition, the file is said admissible or not, and why."""

    avec_balise = False
    bouton = "Conclure la vérification"
    marquer_optionnels = False

    revision = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        conditions: Sequence[ConditionLue],
        conclut: bool = True,
        faits: Faits | None = None,
        motif: str = "",
        revision: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.conclut = conclut
        self.conditions = [lue.condition for lue in conditions]
        for lue in conditions:
            self._ajouter(lue, (faits or {}).get(lue.condition.cle, []))
        if not conditions:
            self.fields["recevable"] = forms.ChoiceField(
                label="Le dossier remplit-il les conditions de l’appel\u00a0?",
                choices=[("oui", "Oui, il est recevable"), ("non", "Non, il est irrecevable")],
                widget=forms.RadioSelect,
                required=False,
            )
        self.fields["motif"] = TexteLong(
            label="Autres précisions" if conditions else "Motif",
            required=False,
            lignes=3,
            initial=motif,
            help_text="Si le dossier est irrecevable\u00a0: le territoire les lira avec les résultats.",
        )
        self.initial = {**self.initial, "revision": revision}

    def _ajouter(self, lue: ConditionLue, faits: Sequence[str]) -> None:
        une = lue.condition
        self.fields[f"constat_{une.cle}"] = forms.ChoiceField(
            label="Votre constat",
            help_text=" ".join(filter(None, [une.aide, AU_DOSSIER if faits else "", *faits])),
            choices=Constat.choices,
            widget=forms.RadioSelect,
            required=False,
            initial=lue.constat,
        )
        self.fields[f"mot_{une.cle}"] = forms.CharField(
            label="Pourquoi",
            help_text="Obligatoire si la condition n’est pas remplie.",
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=MOT_MAX,
            required=False,
            initial=lue.mot,
        )

    def disposition(self) -> Layout:
        parties: list[Any] = [
            Fieldset(une.libelle, Avec(f"constat_{une.cle}", en_ligne=True), f"mot_{une.cle}")
            for une in self.conditions
        ]
        return Layout(*parties, *([] if self.conditions else ["recevable"]), "motif")

    @property
    def helper(self) -> FormHelper:
        """The draft first: it is what the Enter key sends."""
        helper = super().helper
        helper.inputs.insert(0, Bouton("Enregistrer le brouillon", name=BROUILLON, secondaire=True))
        return helper

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if not self.conclut:
            return donnees
        if not self.conditions:
            self._exiger_la_conclusion(donnees)
            return donnees
        lues = lire(self.conditions, self.constats)
        for lue in lues:
            if not lue.constat and f"constat_{lue.condition.cle}" not in self.errors:
                self.add_error(f"constat_{lue.condition.cle}", A_DIRE)
        for lue in sans_mot(lues):
            if f"mot_{lue.condition.cle}" not in self.errors:
                self.add_error(f"mot_{lue.condition.cle}", POURQUOI)
        if not self.errors and empechement_de_recevoir(lues) and empechement_de_rejeter(lues):
            self.add_error(None, ENCORE_A_PRECISER)
        return donnees

    def _exiger_la_conclusion(self, donnees: dict[str, Any]) -> None:
        if not donnees.get("recevable"):
            self.add_error("recevable", "Dites si le dossier est recevable.")
        elif donnees["recevable"] == "non" and not donnees.get("motif") and "motif" not in self.errors:
            self.add_error("motif", "Écrivez pourquoi le dossier est irrecevable.")

    @property
    def constats(self) -> dict[str, dict[str, str]]:
        """What could be read of what was typed."""
        lus = self.cleaned_data
        dits = {
            une.cle: {"constat": lus.get(f"constat_{une.cle}") or "", "mot": lus.get(f"mot_{une.cle}") or ""}
            for une in self.conditions
        }
        return {cle: dit for cle, dit in dits.items() if dit["constat"] or dit["mot"]}

    @property
    def recevable(self) -> bool:
        """Once it is valid."""
        if not self.conditions:
            return str(self.cleaned_data["recevable"]) == "oui"
        return empechement_de_recevoir(lire(self.conditions, self.constats)) is None

    @property
    def ecrit(self) -> dict[str, Any]:
        """The arguments of the acts."""
        lus = self.cleaned_data
        return {"constats": self.constats, "motif": lus.get("motif") or "", "revision": lus.get("revision") or 0}


def dire_toutes(donnees: QueryDict, conditions: Sequence[ConditionDeRecevabilite]) -> QueryDict:
    """What was sent, every condition being met."""
    suite = donnees.copy()
    for cle, dit in toutes_remplies(conditions).items():
        suite[f"constat_{cle}"] = dit["constat"]
        suite.setdefault(f"mot_{cle}", "")
    if not conditions:
        suite["recevable"] = "oui"
    return suite


class _LueForm(FormulaireDsfr, forms.Form):
    """`lue` is the key of the inadmissibility that the page shows."""

    lue = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SignatureForm(_LueForm):
    bouton = "Signer l’irrecevabilité"

    qualite = forms.CharField(
        label="En quelle qualité signez-vous\u00a0?",
        max_length=QUALITE_MAX,
        help_text="Par exemple «\u00a0directrice générale\u00a0». Le territoire la lira, avec vos nom et service.",
    )


class RenvoiForm(_LueForm):
    bouton = "Renvoyer à l’instruction"

    mot = TexteLong(
        label="Pourquoi la renvoyez-vous\u00a0?",
        lignes=4,
        help_text="La personne qui l’a proposée le lira, et reprendra la vérification.",
    )
