"""Forms of the envelope. Their fields bear the names of the arguments of the actions that they feed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from candidatures.forms.champs import ChampDate
from projets.forms.lignes import FormulaireAvecLignes
from projets.forms.missions import PAS_DANS_L_AVENIR
from projets.forms.portefeuille import INVESTISSEMENT_MAX
from projets.models import Projet
from rebond.socle.formulaires import Avec, EntierFr, FormulaireDsfr, Layout
from rebond.socle.lignes import LignesDsfr, fabrique_de_lignes
from rebond.socle.noms import alphabetique
from rebond.socle.typographie import euros


class FinanceurForm(FormulaireDsfr, forms.Form):
    avec_balise = False
    bouton = ""
    marquer_optionnels = False

    financeur = forms.CharField(label="Financeur", max_length=200, help_text="Par exemple « Région » ou « État ».")
    montant = EntierFr(label="Montant en euros", min_value=1, max_value=INVESTISSEMENT_MAX)

    def disposition(self) -> Layout:
        return Layout("financeur", Avec("montant", unite="€"))


class LignesFinanceurs(LignesDsfr):
    libelle_ligne = "Financeur"
    libelle_ajout = "Ajouter un financeur"

    def clean(self) -> None:
        noms = [ligne["financeur"].casefold() for ligne in self.lignes if "financeur" in ligne]
        if len(noms) != len(set(noms)):
            raise ValidationError("Un financeur figure deux fois : réunissez ses montants sur une seule ligne.")


class EnveloppeForm(FormulaireAvecLignes):
    classe_lignes = fabrique_de_lignes(FinanceurForm, lignes=LignesFinanceurs, max_num=20, validate_max=True)
    prefixe_lignes = "financeurs"

    nom = forms.CharField(label="Nom de l’enveloppe", max_length=200)
    montant = EntierFr(
        label="Montant total en euros",
        min_value=1,
        max_value=INVESTISSEMENT_MAX,
        help_text="En euros entiers, par exemple « 5 000 000 ».",
    )
    ouverte_le = ChampDate(label="Date d’ouverture")

    def disposition(self) -> Layout:
        return Layout("nom", Avec("montant", unite="€"), "ouverte_le")

    @property
    def cofinancements(self) -> dict[str, int]:
        """Who puts what, in whole euros, once the form is valid."""
        return {ligne["financeur"]: ligne["montant"] for ligne in self.lignes.lignes}


class ChoixDeProjet(forms.ModelChoiceField):
    def label_from_instance(self, projet: Projet) -> str:
        return f"{projet.intitule} – {projet.industriel}"


class ConcoursForm(FormulaireDsfr, forms.Form):
    """`projets`: those that wait for a grant. `reste`: what the envelope still holds, in whole euros."""

    bouton = "Accorder ce concours"

    projet = ChoixDeProjet(
        Projet.objects.none(),
        label="Projet",
        empty_label="Choisir un projet",
        error_messages={"invalid_choice": "Ce projet n’attend plus de concours de cette enveloppe."},
    )
    montant = EntierFr(label="Montant en euros", min_value=1)
    accorde_le = ChampDate(label="Date de l’accord")

    def __init__(self, *args: Any, projets: Iterable[Projet], reste: int, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reste = reste
        self.aujourd_hui = aujourd_hui
        attendent = [projet.pk for projet in projets]
        self.fields["projet"].queryset = (  # type: ignore[attr-defined]
            Projet.objects.filter(pk__in=attendent)
            .select_related("industriel")
            .order_by(alphabetique("intitule"), "pk")
        )
        self.fields["montant"].help_text = f"En euros entiers, par exemple « 250 000 ». Il reste {euros(reste)}."

    def disposition(self) -> Layout:
        return Layout("projet", Avec("montant", unite="€"), "accorde_le")

    def clean_montant(self) -> int:
        montant: int = self.cleaned_data["montant"]
        if montant > self.reste:
            raise ValidationError(f"Il reste {euros(self.reste)} dans l’enveloppe : ce concours la dépasserait.")
        return montant

    def clean_accorde_le(self) -> date:
        accorde_le: date = self.cleaned_data["accorde_le"]
        if accorde_le > self.aujourd_hui:
            raise ValidationError(PAS_DANS_L_AVENIR)
        return accorde_le
