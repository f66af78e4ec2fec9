"""The dates of the instruction of a wave, as an administrateur types them: by day, both included."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from candidatures.calendrier.actions.phases import AVANT_LA_CLOTURE, REFUS
from candidatures.vagues.etats import NatureDePhase
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import UN_AN_AU_PLUS
from candidatures.vagues.requetes import PhaseProposee
from rebond.socle.formulaires.champs_de_temps import ChampJour
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.horloge.temps import jour_de_paris

FIN_AVANT_LE_DEBUT = "Une phase finit le jour où elle commence, ou après."
UN_JOUR_MANQUE = "Donnez les deux jours, ou aucun."


class PhasesForm(FormulaireDsfr, forms.Form):
    """A group of fields a phase; without days, the wave has no such phase. `vues`: what the page showed.

    `proposees` are what it shows; `encore` a nature that comes once more.
    """

    bouton = "Enregistrer ces dates"
    marquer_optionnels = False

    vues = forms.CharField(required=False, widget=forms.HiddenInput, max_length=400)

    def __init__(
        self, *args: Any, vague: Vague, proposees: Sequence[PhaseProposee], encore: str, vues: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"vues": vues}, **kwargs)
        cloture = jour_de_paris(vague.cloture)
        self.groupes: list[tuple[str, NatureDePhase, str]] = []
        for nature in NatureDePhase:
            siennes: list[PhaseProposee | None] = [phase for phase in proposees if phase.nature == nature]
            siennes += [None] * (not siennes or nature == encore)
            for rang, phase in enumerate(siennes):
                suite = f", période {rang + 1}" if len(siennes) > 1 else ""
                self._ajouter(f"{nature}_{rang}", nature, f"{nature.label}{suite}", phase)
                for bout in ("du", "au"):
                    champ: Any = self.fields[f"{nature}_{rang}_{bout}"]
                    champ.borner(
                        minimum=cloture, maximum=cloture + 2 * timedelta(UN_AN_AU_PLUS.days), trop_tot=AVANT_LA_CLOTURE
                    )

    def _ajouter(self, cle: str, nature: NatureDePhase, titre: str, phase: PhaseProposee | None) -> None:
        self.groupes.append((cle, nature, titre))
        self.fields[f"{cle}_du"] = ChampJour(label="Du", required=False, initial=phase and phase.du)
        self.fields[f"{cle}_au"] = ChampJour(label="Au (inclus)", required=False, initial=phase and phase.au)
        self.fields[f"{cle}_dite"] = forms.BooleanField(
            label="Montrer ces dates aux territoires qui ont déposé",
            required=False,
            initial=phase.dite if phase else False,
        )

    def disposition(self) -> Layout:
        return Layout(
            "vues",
            *(
                Fieldset(
                    titre,
                    Div(
                        Div(f"{cle}_du", css_class="fr-col-12 fr-col-sm-6"),
                        Div(f"{cle}_au", css_class="fr-col-12 fr-col-sm-6"),
                        css_class="fr-grid-row fr-grid-row--gutters",
                    ),
                    Div(f"{cle}_dite", css_class="fr-mt-2w"),
                )
                for cle, _, titre in self.groupes
            ),
        )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        posees: list[PhaseProposee] = []
        for cle, nature, _ in self.groupes:
            du, au = donnees.get(f"{cle}_du"), donnees.get(f"{cle}_au")
            if {f"{cle}_du", f"{cle}_au"} & set(self.errors) or (du is None and au is None):
                continue
            if du is None or au is None:
                self.add_error(f"{cle}_{'du' if du is None else 'au'}", UN_JOUR_MANQUE)
            elif au < du:
                self.add_error(f"{cle}_au", FIN_AVANT_LE_DEBUT)
            elif any(autre.nature == nature and autre.du <= au and du <= autre.au for autre in posees):
                self.add_error(f"{cle}_du", REFUS["phase_sans_chevauchement"])
            else:
                posees.append(PhaseProposee(nature, du, au, donnees[f"{cle}_dite"]))
        self.posees = {"phases": posees, "vues": donnees.get("vues", "")}
        return donnees
