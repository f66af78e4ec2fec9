"""The form of one axis of the roadmap, with its actions."""

from typing import Any

from django import forms

from projets.feuille_de_route.models import Axe
from projets.mission.filtres import epcis_de
from projets.mission.forms.lignes import FormulaireAvecLignes
from projets.mission.models import Mission
from projets.mission.regles import DERNIER_JOUR, PREMIER_JOUR
from rebond.socle.formulaires.champs_de_temps import ChampJour
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.formulaires.lignes import LignesDsfr, fabrique_de_lignes
from territoires.models import Epci


class ActionForm(FormulaireDsfr, forms.Form):
    avec_balise = False
    bouton = ""

    intitule = forms.CharField(label="Intitulé", max_length=200)
    pilote = forms.CharField(
        label="Pilote", max_length=200, required=False, help_text="La structure qui conduit l’action."
    )
    echeance = ChampJour(label="Échéance", required=False, minimum=PREMIER_JOUR, maximum=DERNIER_JOUR)


class LignesActions(LignesDsfr):
    libelle_ligne = "Action"
    libelle_ajout = "Ajouter une action"


class AxeForm(FormulaireAvecLignes):
    classe_lignes = fabrique_de_lignes(ActionForm, lignes=LignesActions, max_num=30, validate_max=True)
    prefixe_lignes = "actions"

    titre = forms.CharField(label="Titre de l’axe", max_length=200)
    description = forms.CharField(
        label="Description", widget=forms.Textarea(attrs={"rows": 5}), max_length=5000, required=False
    )
    epcis = forms.ModelMultipleChoiceField(
        Epci.objects.none(),
        label="Territoires concernés",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sans choix de votre part, l’axe concerne tout le territoire de la mission.",
    )

    def __init__(self, *args: Any, mission: Mission, axe: Axe | None = None, **kwargs: Any) -> None:
        """`axe`: what is already written, shown to be changed."""
        if axe is not None:
            kwargs["initial"] = {"titre": axe.titre, "description": axe.description, "epcis": axe.epcis.all()}
            kwargs["lignes"] = axe.actions.values("intitule", "pilote", "echeance")
        super().__init__(*args, **kwargs)
        self.fields["epcis"].queryset = epcis_de(mission)  # type: ignore[attr-defined]
