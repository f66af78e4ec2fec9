"""Forms of the portfolio. Their fields bear the names of the arguments of the action that they feed."""

from datetime import date
from typing import Any

from django import forms

from projets.mission.filtres import cherche_industriel, epcis_de
from projets.mission.forms.missions import RAISON_MIN, jour_passe
from projets.mission.models import Industriel, Mission
from projets.portefeuille.etats import NatureProjet
from projets.portefeuille.models import Projet
from rebond.socle.formulaires.champs_de_texte import ChampTexteLong
from rebond.socle.formulaires.choix import ChoixParmiBeaucoup
from rebond.socle.formulaires.formulaire import Avec, EntierFr, FormulaireDsfr, Layout, MontantFr
from rebond.socle.formulaires.relecture import Relecture
from rebond.socle.texte.lettres import en_chiffres_et_en_lettres
from rebond.socle.texte.noms import alphabetique
from rebond.socle.texte.typographie import euros, nombre
from territoires.models import Epci

# Far above any industrial project, far below what the columns hold.
INVESTISSEMENT_MAX = 100_000_000_000
EMPLOIS_MAX = 1_000_000
SAUT = 10
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

    investissement = MontantFr(
        label="Investissement en euros",
        min_value=0,
        max_value=INVESTISSEMENT_MAX,
        help_text="En euros entiers, par exemple « 1 250 000 » ou « 1,25 M€ ».",
    )
    emplois_potentiels = EntierFr(
        label="Créations potentielles d’emplois",
        min_value=0,
        max_value=EMPLOIS_MAX,
        unite="emplois",
        help_text="Les emplois que créerait le projet s’il aboutissait.",
    )
    emplois_previsionnels = EntierFr(
        label="Créations prévisionnelles d’emplois",
        min_value=0,
        max_value=EMPLOIS_MAX,
        unite="emplois",
        required=False,
        help_text="À remplir lorsque le projet est orienté vers l’enveloppe. Ce nombre ne s’ajoute pas au précédent.",
    )

    @property
    def relecture(self) -> Relecture | None:
        """When a number could be written otherwise, or the investment is tenfold or a tenth of what it was."""
        montant, avant = self.cleaned_data["investissement"], self.initial.get("investissement") or 0
        saute = montant >= SAUT * avant or avant >= SAUT * montant
        if not self.relus and not (avant and saute):
            return None
        lignes = [("Investissement", en_chiffres_et_en_lettres(montant))]
        if avant:
            lignes.append(("Estimation précédente", euros(avant)))
        emplois = {nom: self.cleaned_data[nom] for nom in ("emplois_potentiels", "emplois_previsionnels")}
        lignes += [
            (self.nom_en_clair(nom), nombre(combien)) for nom, combien in emplois.items() if combien is not None
        ]
        return Relecture(
            titre="Relisez cette estimation avant de l’enregistrer",
            lignes=tuple(lignes),
            confirmer="Enregistrer cette estimation",
            avertissement="Une estimation ne s’efface pas : une autre peut seulement la suivre.",
        )


MESURES = (Avec("investissement", unite="€"), "emplois_potentiels", "emplois_previsionnels")


class ProjetForm(MesuresForm, DescriptionForm):
    """A project to list: who carries it, what it is, its first estimate."""

    bouton = "Ajouter ce projet"
    vides = {
        "industriel": "La mission n’a encore aucune entreprise : ajoutez d’abord celle qui porte ce projet.",
    }

    industriel = ChoixParmiBeaucoup(
        Industriel.objects.none(),
        cherche=cherche_industriel,
        label="Industriel",
        empty_label="Choisir une entreprise",
        help_text="Une entreprise de la mission. Ajoutez-la d’abord si elle n’y est pas encore.",
    )
    recense_le = jour_passe("Recensé le")

    def __init__(self, *args: Any, mission: Mission, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, mission=mission, **kwargs)
        self.fields["industriel"].queryset = mission.industriels.retenus().order_by(alphabetique("nom"), "pk")  # type: ignore[attr-defined]
        self.fields["recense_le"].borner(maximum=aujourd_hui)  # type: ignore[attr-defined]

    def disposition(self) -> Layout:
        description = ("intitule", "description", "nature", "epci", "structurant")
        return Layout("industriel", *description, "recense_le", *MESURES)


class ModificationForm(DescriptionForm):
    bouton = "Enregistrer les modifications"


class EstimationForm(MesuresForm):
    bouton = "Enregistrer cette estimation"

    au = jour_passe("À compter du", help_text="Les chiffres des jours précédents ne changent pas.")

    def __init__(self, *args: Any, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["au"].borner(maximum=aujourd_hui)  # type: ignore[attr-defined]

    def disposition(self) -> Layout:
        return Layout("au", *MESURES)


class AbandonForm(FormulaireDsfr, forms.Form):
    """When and why a project was given up."""

    bouton = "Noter l’abandon du projet"

    abandonne_le = jour_passe("Abandonné le", help_text="Les chiffres des jours précédents ne changent pas.")
    motif = forms.CharField(
        label="Raison de l’abandon",
        min_length=RAISON_MIN,
        max_length=300,
        help_text="Par exemple : « L’entreprise a choisi un autre site ».",
    )

    def __init__(self, *args: Any, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["abandonne_le"].borner(maximum=aujourd_hui)  # type: ignore[attr-defined]
