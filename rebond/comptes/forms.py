"""What an administrateur types of roles and organismes."""

from datetime import datetime, timedelta
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.db.models import Q

from rebond.comptes.regles import FIN_HORS_BORNES, empechement_de_finir
from rebond.socle.formulaires.champs_de_temps import ChampJour
from rebond.socle.formulaires.choix import ChoixParmiBeaucoup
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.horloge.temps import fin_de_journee, jour_de_paris
from rebond.socle.texte.caracteres import identifiant
from rebond.socle.texte.noms import alphabetique
from territoires.etats import Role, TypeOrganisme
from territoires.forms import ChampSiren
from territoires.models import Departement, Organisme, Region
from territoires.regles import DUREE_MAX_D_UN_ROLE


class HabilitationForm(FormulaireDsfr, forms.Form):
    """Gives a role to an address, whether it has an account or not."""

    bouton = "Donner ce rôle"
    vides = {
        "organisme": "Aucun organisme n’est enregistré : ajoutez d’abord celui de cette personne.",
    }

    adresse = forms.EmailField(label="Adresse e-mail de la personne", help_text="Format attendu : nom@domaine.fr")
    role = forms.TypedChoiceField(label="Rôle", coerce=Role)
    organisme = ChoixParmiBeaucoup(
        Organisme.objects.order_by(alphabetique("nom"), "pk"),
        cherche=lambda texte: Q(nom__unaccent__icontains=texte),
        empty_label="Choisir un organisme",
    )
    region = forms.ModelChoiceField(
        Region.objects.order_by(alphabetique("nom")),
        label="Région",
        required=False,
        empty_label="France entière",
        help_text="Pour limiter le rôle à une région.",
    )
    departement = forms.ModelChoiceField(
        Departement.objects.order_by("code"),
        label="Département",
        required=False,
        empty_label="Aucun en particulier",
        help_text="Ou à un département.",
    )
    jusqu_au = ChampJour(
        label="Dernier jour du rôle",
        required=False,
        help_text="Nécessaire pour un rôle qui choisit, signe ou contrôle. Trois ans au plus.",
    )

    def __init__(self, *args: Any, maintenant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maintenant = maintenant
        aujourd_hui = jour_de_paris(maintenant)
        champ_jour: ChampJour = self.fields["jusqu_au"]  # type: ignore[assignment]
        champ_jour.borner(
            minimum=aujourd_hui,
            maximum=jour_de_paris(maintenant + DUREE_MAX_D_UN_ROLE) - timedelta(days=1),
            trop_tot=FIN_HORS_BORNES,
            trop_tard=FIN_HORS_BORNES,
        )
        roles = [(role.value, role.label.capitalize()) for role in Role]
        self.fields["role"].choices = [("", "Choisir un rôle"), *roles]  # type: ignore[attr-defined]

    def disposition(self) -> Layout:
        return Layout("adresse", "role", "organisme", "region", "departement", "jusqu_au")

    def clean_adresse(self) -> str:
        return identifiant(self.cleaned_data["adresse"]).lower()

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("region") and donnees.get("departement"):
            self.add_error("departement", "Choisissez une région ou un département, pas les deux.")
        jour, role = donnees.get("jusqu_au"), donnees.get("role")
        donnees["fin"] = fin_de_journee(jour) if jour else None
        refus = empechement_de_finir(role, donnees["fin"], self.maintenant) if role else None
        if refus and "jusqu_au" not in self.errors:
            self.add_error("jusqu_au", refus)
        return donnees


class OrganismeForm(FormulaireDsfr, forms.ModelForm):
    bouton = "Ajouter l’organisme"

    siren = ChampSiren(label="Numéro SIREN", required=False)

    class Meta:
        model = Organisme
        fields = ["nom", "type", "siren"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [("", "Choisir un type"), *TypeOrganisme.choices]  # type: ignore[attr-defined]
