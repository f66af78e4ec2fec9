"""Forms of the incidents of a wave."""

from datetime import datetime
from typing import Any

from django import forms

from candidatures.cloture.actions.incidents import DEBUT_FUTUR, FIN_AVANT_LE_DEBUT, FIN_FUTURE, TROP_ANCIEN
from candidatures.cloture.etats import NatureIncident
from candidatures.cloture.models.incidents import Incident
from candidatures.cloture.regles import INCIDENT_AVANT_L_OUVERTURE
from candidatures.vagues.models.vagues import Vague
from rebond.socle.formulaires.champs_de_temps import HEURE_DE_PARIS, ChampInstant
from rebond.socle.formulaires.formulaire import FormulaireDsfr


class IncidentForm(FormulaireDsfr, forms.Form):
    bouton = "Déclarer cet incident"

    nature = forms.TypedChoiceField(
        label="Nature de l’incident",
        choices=NatureIncident.choices,
        coerce=NatureIncident,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une nature."},
    )
    debut = ChampInstant(label="Début", help_text=HEURE_DE_PARIS, trop_tot=TROP_ANCIEN, trop_tard=DEBUT_FUTUR)
    fin = ChampInstant(
        label="Fin",
        required=False,
        help_text=f"{HEURE_DE_PARIS} Laissez vide si l’incident n’est pas terminé.",
        trop_tot=TROP_ANCIEN,
        trop_tard=FIN_FUTURE,
    )
    description = forms.CharField(
        label="Description",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text="Ce que les territoires ont pu constater, et ce qui a été fait. Le procès-verbal reprend ce texte.",
    )

    def __init__(self, *args: Any, vague: Vague, maintenant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom in ("debut", "fin"):
            champ: Any = self.fields[nom]
            champ.borner(minimum=vague.ouverture - INCIDENT_AVANT_L_OUVERTURE, maximum=maintenant)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", FIN_AVANT_LE_DEBUT)
        return donnees


class FinIncidentForm(FormulaireDsfr, forms.Form):
    bouton = "Enregistrer la fin"

    fin = ChampInstant(
        label="Fin de l’incident", help_text=HEURE_DE_PARIS, trop_tot=FIN_AVANT_LE_DEBUT, trop_tard=FIN_FUTURE
    )

    def __init__(self, *args: Any, incident: Incident, maintenant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, initial={"fin": maintenant}, **kwargs)
        fin: Any = self.fields["fin"]
        fin.borner(minimum=incident.debut, maximum=maintenant)
