"""The one input that names an intercommunalité, on whatever page: suggestions where scripts run, a list to choose from
where they do not.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from rebond.socle.texte.typographie import siren_fr
from territoires.appellations import epci_fr
from territoires.propositions import Proposition, Rang
from territoires.recherche import SAISIE_MAX, chercher
from territoires.regles import siren_compact, siren_valide

CHOIX_MAX = 8


class SaisieEpci(forms.TextInput):
    """A combobox (`static/rebond/intercommunalites.js`).

    What the server proposes because the text names none for sure is chosen by a radio button, which counts as long as
    the text is the one that it was proposed for.
    """

    template_name = "composants/saisie_epci.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        adresse = reverse_lazy("territoires:recherche_epci")
        super().__init__({"autocomplete": "off", "spellcheck": "false", "data-epci": adresse} | (attrs or {}))
        self.propositions: Sequence[Proposition] = ()
        self.introuvable = False

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        texte, choix = data.get(name), data.get(f"{name}-choix")
        return choix if choix and texte == data.get(f"{name}-pour") else texte

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {
            "propositions": self.propositions,
            "introuvable": self.introuvable,
        }


class ChampEpci(forms.CharField):
    """An intercommunalité by its SIREN, or by a name that only one bears; kept as `{"siren", "nom"}`.

    Whatever else is typed, be it found by one look-alike alone, is asked about and never chosen. With `par_commune`,
    a commune that is part of one alone names it too, and `appartenance` says so: for what engages nobody.
    """

    def __init__(self, *, par_commune: bool = False, **options: Any) -> None:
        self.par_commune = par_commune
        super().__init__(widget=SaisieEpci(), max_length=SAISIE_MAX, **options)

    def clean(self, value: Any) -> dict[str, str] | None:
        saisie: str = super().clean(value)
        if not saisie:
            return None
        reponse = chercher(saisie, au_plus=CHOIX_MAX)
        if epci := reponse.designee:
            return {"siren": epci.siren, "nom": epci.nom}
        seule = reponse.trouvees[0] if len(reponse.trouvees) == 1 else None
        if self.par_commune and seule and seule.rang == Rang.COMMUNE:
            return {"siren": seule.siren, "nom": seule.epci.nom, "appartenance": seule.appartenance}
        self.widget.propositions = reponse.trouvees or reponse.ressemblantes
        self.widget.introuvable = reponse.introuvable
        if len(reponse.trouvees) > 1:
            message = "Plusieurs intercommunalités correspondent\u00a0: choisissez la bonne dans la liste."
            raise ValidationError(message, code="ambigue")
        if reponse.trouvees:
            raise ValidationError("Est-ce bien celle-ci\u00a0? Choisissez-la, ou précisez le nom.", code="a_confirmer")
        raise ValidationError(reponse.phrase or "Saisissez le nom d’une intercommunalité.", code="inconnue")

    def prepare_value(self, value: Any) -> Any:
        return epci_fr(value) if isinstance(value, Mapping) else value


class ChampSiren(forms.CharField):
    """Nine digits with their check digit, typed with or without spaces."""

    def __init__(self, **options: Any) -> None:
        # What people paste is longer than nine characters: the check comes after the spaces are gone.
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **options)

    def clean(self, value: Any) -> str:
        siren = siren_compact(super().clean(value))
        if siren and not siren_valide(siren):
            raise ValidationError(
                "Ce numéro SIREN n’est pas valable : vérifiez ses neuf chiffres.", code="siren_invalide"
            )
        return siren

    def prepare_value(self, value: Any) -> Any:
        return siren_fr(value) if isinstance(value, str) and siren_valide(value) else value
