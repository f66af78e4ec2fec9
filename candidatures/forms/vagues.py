"""Forms of the administration: the calendar of waves and the rights of people."""

from datetime import date, datetime
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms

from candidatures.actions.vagues import CONFLITS
from candidatures.models import Vague
from rebond.socle.formulaires import FormulaireDsfr
from rebond.socle.models import Utilisateur
from rebond.socle.noms import alphabetique
from rebond.socle.temps import fin_de_journee, jour_de_paris
from rebond.socle.typographie import instant_fr
from territoires.etats import Role, TypeOrganisme
from territoires.models import Departement, Organisme, Region

ANNEES_MAX = 5


class CalendrierForm(FormulaireDsfr, forms.Form):
    bouton = "Ajouter les vagues suivantes"

    jusqu_au = forms.DateField(
        label="Programmer jusqu’au",
        help_text="Une vague tous les quatre mois, chacune ouvrant quand la précédente se clôt.",
    )

    def __init__(self, *args: Any, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aujourd_hui = aujourd_hui

    def clean_jusqu_au(self) -> date:
        jour: date = self.cleaned_data["jusqu_au"]
        if jour < self.aujourd_hui:
            raise forms.ValidationError("Choisissez une date à venir.")
        if jour.year > self.aujourd_hui.year + ANNEES_MAX:
            raise forms.ValidationError(f"Le calendrier se programme sur {ANNEES_MAX} ans au plus.")
        return jour

    @property
    def jusqu_a(self) -> datetime:
        return fin_de_journee(self.cleaned_data["jusqu_au"])


class VagueForm(FormulaireDsfr, forms.Form):
    """The bounds of a wave that has not opened yet."""

    bouton = "Enregistrer ces dates"

    ouverture = forms.DateTimeField(label="Ouverture", help_text="Heure de Paris.")
    cloture = forms.DateTimeField(
        label="Clôture", help_text="Heure de Paris. Ce qui parvient à cet instant précis est déjà trop tard."
    )

    def __init__(self, *args: Any, vague: Vague, **kwargs: Any) -> None:
        super().__init__(*args, initial={"ouverture": vague.ouverture, "cloture": vague.cloture}, **kwargs)
        self.vague = vague

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        ouverture, cloture = donnees.get("ouverture"), donnees.get("cloture")
        if not ouverture or not cloture:
            return donnees
        if cloture <= ouverture:
            self.add_error("cloture", CONFLITS["vague_ouvre_avant_de_clore"])
            return donnees
        autres = Vague.objects.maintenues().exclude(pk=self.vague.pk)
        touchees = autres.filter(ouverture__lt=cloture, cloture__gt=ouverture)
        for voisine in touchees.order_by("ouverture"):
            champ = "ouverture" if voisine.ouverture < self.vague.ouverture else "cloture"
            self.add_error(
                champ,
                f"{CONFLITS['vague_sans_chevauchement']} La vague {voisine.numero} va du "
                f"{instant_fr(voisine.ouverture)} au {instant_fr(voisine.cloture)}.",
            )
        return donnees


class MotifForm(FormulaireDsfr, forms.Form):
    """Why the calendar changes."""

    aide: ClassVar[str] = "Il est gardé au journal."

    motif = forms.CharField(label="Motif", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motif"].help_text = self.aide


class SuspensionForm(MotifForm):
    bouton = "Suspendre cette vague"
    aide = "Il est publié au calendrier, et gardé au journal."


class RetablissementForm(MotifForm):
    bouton = "Rétablir cette vague"


class FinDeSerieForm(MotifForm):
    bouton = "Mettre fin à la série"
    aide = "Il est publié au calendrier en regard de chaque vague suspendue, et gardé au journal."


class RepriseDeSerieForm(MotifForm):
    bouton = "Reprendre la série"


class HabilitationForm(FormulaireDsfr, forms.Form):
    """Gives a role to someone who already has an account."""

    bouton = "Donner ce rôle"
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

    class Meta:
        model = Organisme
        fields = ["nom", "type", "siren"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [("", "Choisir un type"), *TypeOrganisme.choices]  # type: ignore[attr-defined]


class FiltresHabilitationsForm(FormulaireDsfr, forms.Form):
    methode = "get"
    avec_balise = False
    bouton = ""
    marquer_optionnels = False

    q = forms.CharField(label="Personne ou organisme", max_length=100, required=False)
    role = forms.ChoiceField(label="Rôle", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.value, role.label.capitalize()) for role in Role]
        self.fields["role"].choices = [("", "Tous"), *roles]  # type: ignore[attr-defined]


def annee_suivante(vague: Vague | None, maintenant: datetime) -> date:
    """What the calendar form proposes: a year after the last wave known, or after today."""
    jour = jour_de_paris(vague.cloture if vague else maintenant)
    return jour.replace(year=jour.year + 1, day=min(jour.day, 28))
