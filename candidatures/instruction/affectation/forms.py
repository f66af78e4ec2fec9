"""What an instructeur chooses: who holds a file, and a word with it."""

from typing import Any

from django import forms

from candidatures.instruction.affectation.propositions import Proposee, Proposition
from candidatures.instruction.affectation.regles import SANS_MOT
from candidatures.instruction.forms import TexteLong
from rebond.comptes.requetes import nomme
from rebond.socle.formulaires.choix import ChoixParmiBeaucoup
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.texte.noms import par_nom
from rebond.socle.utilisateur import Utilisateur

PREFIXE, VUE = "dossier_", "vue_"


class ConfierForm(FormulaireDsfr, forms.Form):
    """`vue` is the assignment that the page shows, 0 for none."""

    bouton = "Confier ce dossier"
    vides = {
        "instructeur": "Personne d’autre ne peut suivre ce dossier\u00a0: aucun autre instructeur n’a ce territoire "
        "dans son périmètre sans y avoir d’intérêt.",
    }

    instructeur = ChoixParmiBeaucoup(
        Utilisateur.objects.none(),
        cherche=nomme,
        label="À qui",
        empty_label="Choisir une personne",
        help_text="Si ce n’est pas vous, cette personne sera prévenue par e-mail.",
    )
    mot = TexteLong(
        label="Un mot pour la suite",
        help_text="Où en est le dossier, ce qui reste à faire. Le service le lira dans le dossier.",
        required=False,
        lignes=4,
    )
    vue = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, candidats: Any, vue: int, **kwargs: Any) -> None:
        """`candidats`: keys of those who may hold the file. A word is needed once somebody holds it."""
        super().__init__(*args, initial={"vue": vue}, **kwargs)
        champ: Any = self.fields["instructeur"]
        champ.queryset = Utilisateur.objects.filter(pk__in=candidats).order_by(*par_nom())
        if vue:
            self.fields["mot"].required = True
            self.fields["mot"].error_messages["required"] = SANS_MOT


class RendreForm(FormulaireDsfr, forms.Form):
    bouton = "Rendre ce dossier"

    mot = TexteLong(
        label="Un mot pour qui le reprendra",
        help_text="Où en est le dossier, et pourquoi vous le rendez. Le service le lira dans le dossier.",
        lignes=4,
        error_messages={"required": SANS_MOT},
    )
    vue = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class RepartitionForm(FormulaireDsfr, forms.Form):
    """One choice a file, already on what is proposed; empty to leave it as it is. With `cede`, files leave whoever
    holds them, and a word goes with them."""

    bouton = ""

    mot = TexteLong(
        label="Un mot pour la suite",
        help_text="Pourquoi ces dossiers changent de mains. Chacun le lira, et le service dans chaque dossier.",
        lignes=3,
        error_messages={"required": SANS_MOT},
    )

    def __init__(self, *args: Any, proposition: Proposition, cede: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposition = proposition
        if not cede:
            del self.fields["mot"]
        for proposee in proposition.proposees:
            cle = proposee.suivi.pk
            self.fields[f"{PREFIXE}{cle}"] = forms.TypedChoiceField(
                label=f"Instructeur du dossier {proposee.suivi.candidature.reference}",
                choices=[("", "Personne d’autre" if cede else "Personne pour l’instant"), *proposee.choix],
                coerce=int,
                empty_value=None,
                required=False,
                initial=proposee.elu,
            )
            self.fields[f"{VUE}{cle}"] = forms.IntegerField(
                min_value=0, required=False, initial=proposee.vue, widget=forms.HiddenInput
            )

    @property
    def rangees(self) -> list[tuple[Proposee, forms.BoundField, forms.BoundField]]:
        return [
            (proposee, self[f"{PREFIXE}{proposee.suivi.pk}"], self[f"{VUE}{proposee.suivi.pk}"])
            for proposee in self.proposition.proposees
        ]

    @property
    def mot_a_ecrire(self) -> forms.BoundField | None:
        return self["mot"] if "mot" in self.fields else None

    @property
    def choix(self) -> dict[int, int]:
        """Whom each file goes to, once the form is valid; without those that are left as they are."""
        return {cle: personne for cle, personne in self._lus(PREFIXE) if personne}

    @property
    def vues(self) -> dict[int, int]:
        return {cle: vue or 0 for cle, vue in self._lus(VUE)}

    def _lus(self, prefixe: str) -> list[tuple[int, Any]]:
        return [
            (int(nom.removeprefix(prefixe)), valeur)
            for nom, valeur in self.cleaned_data.items()
            if nom.startswith(prefixe)
        ]
