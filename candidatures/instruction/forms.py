"""Forms of the instruction. Their fields bear the names of the arguments of the action that they feed."""

from typing import Any

from django import forms

from candidatures.dossier.etats import SensDecision
from candidatures.instruction.models import Proposition
from rebond.socle.formulaires.formulaire import FormulaireDsfr


class TexteLong(forms.CharField):
    """A text of several lines; what is typed is kept as it is, but for the spaces around it."""

    def __init__(self, *, lignes: int = 6, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": lignes}), max_length=5000, **options)


class PropositionForm(FormulaireDsfr, forms.Form):
    """`revision` is that of the proposal which the page shows, 0 when there is none; `faite` was made before."""

    bouton = "Enregistrer la proposition"

    sens = forms.TypedChoiceField(
        label="Que proposez-vous au valideur ?",
        choices=SensDecision.choices,
        coerce=SensDecision,
        widget=forms.RadioSelect,
    )
    motif = TexteLong(label="Motif", lignes=4, help_text="Le valideur le lit ; le territoire ne le lit pas.")
    revision = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, faite: Proposition | None = None, **kwargs: Any) -> None:
        if faite is not None:
            kwargs["initial"] = {"sens": faite.sens, "motif": faite.motif, "revision": faite.revision}
        super().__init__(*args, **kwargs)

    def clean_revision(self) -> int:
        return self.cleaned_data["revision"] or 0


class MienneForm(PropositionForm):
    """The same, beside that of a colleague, which it would replace."""

    bouton = "Remplacer par la mienne"


class InteretForm(FormulaireDsfr, forms.Form):
    bouton = "Déclarer le conflit et quitter ce dossier"

    motif = forms.CharField(
        label="Nature du conflit d’intérêts",
        max_length=500,
        help_text="En une phrase, par exemple « mandat dans une commune membre ».",
    )
