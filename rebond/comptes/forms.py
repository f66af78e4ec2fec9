"""What an administrateur types of roles and organismes."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms

from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.texte.noms import alphabetique
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role, TypeOrganisme
from territoires.forms import ChampSiren
from territoires.models import Departement, Organisme, Region


class HabilitationForm(FormulaireDsfr, forms.Form):
    """Gives a role to someone who already has an account."""

    bouton = "Donner ce rôle"
    vides = {
        "organisme": "Aucun organisme n’est enregistré : ajoutez d’abord celui de cette personne.",
    }
    erreur_compte: ClassVar[str] = (
        "Aucun compte n’a cette adresse. La personne doit d’abord créer le sien sur la page « Se connecter »."
    )

    adresse = forms.EmailField(
        label="Adresse électronique de la personne", help_text="Format attendu : nom@domaine.fr"
    )
    role = forms.TypedChoiceField(label="Rôle", coerce=Role)
    organisme = forms.ModelChoiceField(
        Organisme.objects.order_by(alphabetique("nom"), "pk"), empty_label="Choisir un organisme"
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.value, role.label.capitalize()) for role in Role]
        self.fields["role"].choices = [("", "Choisir un rôle"), *roles]  # type: ignore[attr-defined]

    def disposition(self) -> Layout:
        return Layout("adresse", "role", "organisme", "region", "departement")

    def clean_adresse(self) -> str:
        adresse: str = self.cleaned_data["adresse"]
        personne = Utilisateur.objects.filter(email__iexact=adresse, is_active=True).first()
        if personne is None:
            raise forms.ValidationError(self.erreur_compte)
        self.personne = personne
        return adresse

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if donnees.get("region") and donnees.get("departement"):
            self.add_error("departement", "Choisissez une région ou un département, pas les deux.")
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
