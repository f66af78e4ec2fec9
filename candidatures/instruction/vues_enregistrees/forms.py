"""The name of a view, and with whom it is shared."""

from typing import Any

from django import forms

from candidatures.instruction.vues_enregistrees.models import DEMANDE_MAX, NOM_MAX, VueEnregistree
from candidatures.instruction.vues_enregistrees.requetes import organismes_de
from rebond.socle.bdd.contraintes import phrases_de
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.utilisateur import Utilisateur

NOMMEE = "vue_enregistree_nommee"


class VueForm(FormulaireDsfr, forms.Form):
    bouton = ""
    avec_balise = False

    nom = forms.CharField(
        label="Nom de la vue",
        max_length=NOM_MAX,
        help_text="Par exemple «\u00a0Avis en retard, Bretagne\u00a0».",
        error_messages={"required": phrases_de(VueEnregistree, NOMMEE)[NOMMEE]},
    )
    partage = forms.ChoiceField(label="Qui d’autre peut l’ouvrir\u00a0?", required=False)
    demande = forms.CharField(widget=forms.HiddenInput, required=False, max_length=DEMANDE_MAX)

    def __init__(self, *args: Any, personne: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organismes = {str(organisme.pk): organisme for organisme in organismes_de(personne)}
        avec = [(cle, f"Les agents de {organisme.nom}") for cle, organisme in self.organismes.items()]
        self.fields["partage"].choices = [("", "Personne d’autre"), *avec]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        donnees["partagee_avec"] = self.organismes.get(donnees.pop("partage", ""))
        return donnees
