"""What people type to ask for a report."""

from datetime import date
from typing import Any

from django import forms

from projets.mission.forms.missions import jour_passe
from rebond.socle.formulaires.formulaire import FormulaireDsfr


class DateDesChiffresForm(FormulaireDsfr, forms.Form):
    """The day whose figures one wants, today at the latest: tomorrow's are not known."""

    au = jour_passe("Chiffres au", help_text="Ce jour est compté en entier, à l’heure de Paris.")

    def __init__(self, *args: Any, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["au"].borner(maximum=aujourd_hui)  # type: ignore[attr-defined]


class DemandeDeRapportForm(DateDesChiffresForm):
    bouton = "Fabriquer le rapport"
