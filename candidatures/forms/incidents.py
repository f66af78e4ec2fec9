"""Forms of the incidents of a wave."""

from datetime import datetime
from typing import Any

from django import forms

from candidatures.etats import NatureIncident
from candidatures.models import Incident
from rebond.socle.formulaires import FormulaireDsfr

AIDE_PARIS = "Heure de Paris."


class IncidentForm(FormulaireDsfr, forms.Form):
    bouton = "Déclarer cet incident"

    nature = forms.TypedChoiceField(
        label="Nature de l’incident",
        choices=NatureIncident.choices,
        coerce=NatureIncident,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une nature."},
    )
    debut = forms.DateTimeField(label="Début", help_text=AIDE_PARIS)
    fin = forms.DateTimeField(
        label="Fin", required=False, help_text=f"{AIDE_PARIS} Laissez vide si l’incident n’est pas terminé."
    )
    description = forms.CharField(
        label="Description",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text="Ce que les territoires ont pu constater, et ce qui a été fait. Le procès-verbal reprend ce texte.",
    )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "L’incident finit avant d’avoir commencé.")
        return donnees


class FinIncidentForm(FormulaireDsfr, forms.Form):
    bouton = "Enregistrer la fin"

    fin = forms.DateTimeField(label="Fin de l’incident", help_text=AIDE_PARIS)

    def __init__(self, *args: Any, incident: Incident, maintenant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, initial={"fin": maintenant}, **kwargs)
        self.incident = incident

    def clean_fin(self) -> datetime:
        fin: datetime = self.cleaned_data["fin"]
        if fin < self.incident.debut:
            raise forms.ValidationError("L’incident finit avant d’avoir commencé.")
        return fin
