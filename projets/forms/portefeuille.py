"""Forms of the portfolio. Their fields bear the names of the arguments of the action that they feed."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from candidatures.forms.champs import ChampDate, ChampTexteLong
from projets.etats import NatureProjet, Voie
from projets.forms.filtres import epcis_de
from projets.forms.missions import PAS_DANS_L_AVENIR
from projets.models import Enveloppe, Industriel, Mission, Projet
from rebond.socle.formulaires import Avec, EntierFr, FormulaireDsfr, Layout
from rebond.socle.noms import alphabetique
from territoires.models import Epci

# Far above any industrial project, far below what the columns hold.
INVESTISSEMENT_MAX = 100_000_000_000
EMPLOIS_MAX = 1_000_000
PAS_STRUCTURANT = (
    "Ce projet n’est pas noté comme structurant. L’enveloppe est d’ordinaire réservée aux projets structurants ; "
    "vous pouvez tout de même l’y orienter."
)


class DescriptionForm(FormulaireDsfr, forms.Form):
    """What describes a project, and may be corrected."""

    intitule = forms.CharField(label="Intitulé du projet", max_length=200)
    description = ChampTexteLong(label="Description", max_length=5000, required=False)
    nature = forms.ChoiceField(label="Nature du projet", choices=[("", "Choisir une nature"), *NatureProjet.choices])
    epci = forms.ModelChoiceField(
        Epci.objects.none(), label="Intercommunalité du projet", empty_label="Choisir une intercommunalité"
    )
    structurant = forms.BooleanField(
        label="Projet structurant",
        required=False,
        help_text="Un projet structurant peut être orienté vers l’enveloppe d’aides de la mission.",
    )

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["epci"].queryset = epcis_de(mission)  # type: ignore[attr-defined]

    @staticmethod
    def saisie_de(projet: Projet) -> dict[str, Any]:
        """What the form starts from."""
        return {champ: getattr(projet, champ) for champ in DescriptionForm.base_fields}


class MesuresForm(FormulaireDsfr, forms.Form):
    """Amounts in whole euros, jobs in persons."""

    investissement = EntierFr(
        label="Investissement en euros",
        min_value=0,
        max_value=INVESTISSEMENT_MAX,
        help_text="En euros entiers, par exemple « 1 250 000 ».",
    )
    emplois_potentiels = EntierFr(
        label="Créations potentielles d’emplois",
        min_value=0,
        max_value=EMPLOIS_MAX,
        help_text="Les emplois que créerait le projet s’il aboutissait.",
    )
    emplois_previsionnels = EntierFr(
        label="Créations prévisionnelles d’emplois",
        min_value=0,
        max_value=EMPLOIS_MAX,
        required=False,
        help_text="À remplir lorsque le projet est orienté vers l’enveloppe. Ce nombre ne s’ajoute pas au précédent.",
    )


MESURES = (Avec("investissement", unite="€"), "emplois_potentiels", "emplois_previsionnels")


class ProjetForm(MesuresForm, DescriptionForm):
    """A project to list: who carries it, what it is, its first estimate."""

    bouton = "Ajouter ce projet"

    industriel = forms.ModelChoiceField(
        Industriel.objects.none(),
        label="Industriel",
        empty_label="Choisir une entreprise",
        help_text="Une entreprise de la mission. Ajoutez-la d’abord si elle n’y est pas encore.",
    )
    recense_le = ChampDate(label="Recensé le")

    def __init__(self, *args: Any, mission: Mission, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, mission=mission, **kwargs)
        self.fields["industriel"].queryset = mission.industriels.order_by(alphabetique("nom"), "pk")  # type: ignore[attr-defined]
        self.fields["recense_le"].validators.append(MaxValueValidator(aujourd_hui, PAS_DANS_L_AVENIR))

    def disposition(self) -> Layout:
        description = ("intitule", "description", "nature", "epci", "structurant")
        return Layout("industriel", *description, "recense_le", *MESURES)


class ModificationForm(DescriptionForm):
    bouton = "Enregistrer les modifications"


class EstimationForm(MesuresForm):
    bouton = "Enregistrer cette estimation"

    au = ChampDate(label="À compter du", help_text="Les chiffres des jours précédents ne changent pas.")

    def __init__(self, *args: Any, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["au"].validators.append(MaxValueValidator(aujourd_hui, PAS_DANS_L_AVENIR))

    def disposition(self) -> Layout:
        return Layout("au", *MESURES)


class OrientationForm(FormulaireDsfr, forms.Form):
    """Where a project goes; the envelope is named if, and only if, it goes there."""

    bouton = "Orienter ce projet"

    voie = forms.TypedChoiceField(
        label="Vers quoi le projet est-il orienté ?", choices=Voie.choices, coerce=Voie, widget=forms.RadioSelect
    )
    enveloppe = forms.ModelChoiceField(
        Enveloppe.objects.none(),
        label="Enveloppe",
        required=False,
        empty_label="Aucune",
        help_text="Seulement si le projet est orienté vers l’enveloppe de la mission.",
    )
    oriente_le = ChampDate(label="Orienté le")

    def __init__(self, *args: Any, mission: Mission, structurant: bool, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not structurant:
            self.fields["voie"].help_text = PAS_STRUCTURANT
        self.fields["enveloppe"].queryset = mission.enveloppes.order_by("pk")  # type: ignore[attr-defined]
        self.fields["oriente_le"].validators.append(MaxValueValidator(aujourd_hui, PAS_DANS_L_AVENIR))

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        vers_l_enveloppe = donnees.get("voie") == Voie.ENVELOPPE
        if vers_l_enveloppe and not donnees.get("enveloppe") and "enveloppe" not in self.errors:
            self.add_error("enveloppe", "Choisissez l’enveloppe vers laquelle le projet est orienté.")
        if donnees.get("voie") and not vers_l_enveloppe:
            donnees["enveloppe"] = None
        return donnees
