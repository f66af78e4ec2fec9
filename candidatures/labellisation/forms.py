"""What a valideur types: the decisions of a wave and the instant of their announcement."""

from datetime import datetime
from typing import Any

from django import forms

from candidatures.dossier.etats import SensDecision
from candidatures.dossier.models.dossiers import Candidature
from candidatures.labellisation.regles import EMBARGO_TROP_LONG
from candidatures.vagues.regles import PREMIERE_OUVERTURE, UN_AN_AU_PLUS
from rebond.socle.formulaires.champs_de_temps import ChampInstant
from rebond.socle.formulaires.formulaire import FormulaireDsfr


class DecisionsForm(FormulaireDsfr, forms.Form):
    """One select a file, already on what the instruction proposes; and the revision of the proposal that is shown."""

    confirmation = forms.BooleanField(
        label="Je prends ces décisions pour toute la vague ; elles ne pourront plus changer."
    )

    def __init__(self, *args: Any, dossiers: list[Candidature], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossiers = dossiers
        for dossier in dossiers:
            self.fields[f"dossier_{dossier.pk}"] = forms.TypedChoiceField(
                label=f"Décision pour {dossier.territoire} ({dossier.reference})",
                choices=SensDecision.choices,
                coerce=SensDecision,
                initial=dossier.proposition.sens,
            )
            self.fields[f"revision_{dossier.pk}"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        self.order_fields([*(f"dossier_{dossier.pk}" for dossier in dossiers), "confirmation"])

    @property
    def lignes(self) -> list[tuple[Candidature, forms.BoundField]]:
        return [(dossier, self[f"dossier_{dossier.pk}"]) for dossier in self.dossiers]

    @property
    def decisions(self) -> dict[int, SensDecision]:
        return {dossier.pk: self.cleaned_data[f"dossier_{dossier.pk}"] for dossier in self.dossiers}

    @property
    def lues(self) -> dict[int, int]:
        return {dossier.pk: self.cleaned_data[f"revision_{dossier.pk}"] or 0 for dossier in self.dossiers}


class AnnonceForm(FormulaireDsfr, forms.Form):
    bouton = "Annoncer les résultats de la vague"

    quand = forms.ChoiceField(
        label="Quand les résultats deviennent-ils publics ?",
        choices=[("maintenant", "Tout de suite"), ("embargo", "À la fin d’un embargo")],
        widget=forms.RadioSelect,
        initial="maintenant",
    )
    publique_a = ChampInstant(
        label="Fin de l’embargo",
        required=False,
        trop_tard=EMBARGO_TROP_LONG,
        help_text="Heure de Paris. Jusque-là, les territoires et le public ne lisent rien ; aucun courriel ne part.",
    )
    confirmation = forms.BooleanField(label="J’annonce tous les résultats de cette vague, en une seule fois.")

    def __init__(self, *args: Any, maintenant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        publique_a: Any = self.fields["publique_a"]
        publique_a.borner(minimum=PREMIERE_OUVERTURE, maximum=maintenant + UN_AN_AU_PLUS)

    @property
    def fin_de_l_embargo(self) -> datetime | None:
        """None when the results become public at once, whatever date was left in the field."""
        return self.cleaned_data["publique_a"] if self.cleaned_data["quand"] == "embargo" else None

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("quand") == "embargo" and not donnees.get("publique_a") and "publique_a" not in self.errors:
            self.add_error("publique_a", "Indiquez la date et l’heure de la fin de l’embargo.")
        return donnees
