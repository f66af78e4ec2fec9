"""Forms of the envelope. Their fields bear the names of the arguments of the actions that they feed."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from projets.enveloppe.models import Enveloppe
from projets.enveloppe.regles import SANS_CONCOURS, aide_au_dela_du_reste
from projets.mission.forms.lignes import FormulaireAvecLignes
from projets.mission.forms.missions import jour_passe
from projets.mission.models import Mission
from projets.mission.regles import A_L_AVANCE, PREMIER_JOUR, UN_AN_A_L_AVANCE
from projets.portefeuille.etats import Voie
from projets.portefeuille.filtres import cherche_projet
from projets.portefeuille.forms import INVESTISSEMENT_MAX, PAS_STRUCTURANT
from projets.portefeuille.models import Projet
from rebond.socle.formulaires.champs_de_temps import ChampJour
from rebond.socle.formulaires.choix import ChoixParmiBeaucoup
from rebond.socle.formulaires.formulaire import Avec, FormulaireDsfr, Layout, MontantFr
from rebond.socle.formulaires.lignes import LignesDsfr, fabrique_de_lignes
from rebond.socle.formulaires.relecture import Relecture
from rebond.socle.texte.lettres import en_chiffres_et_en_lettres
from rebond.socle.texte.noms import alphabetique
from rebond.socle.texte.typographie import date_fr, euros, part_fr


class FinanceurForm(FormulaireDsfr, forms.Form):
    avec_balise = False
    bouton = ""
    marquer_optionnels = False

    financeur = forms.CharField(label="Financeur", max_length=200, help_text="Par exemple « Région » ou « État ».")
    montant = MontantFr(label="Montant en euros", min_value=1, max_value=INVESTISSEMENT_MAX)

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
    montant = MontantFr(
        label="Montant total en euros",
        min_value=1,
        max_value=INVESTISSEMENT_MAX,
        help_text="En euros entiers, par exemple « 5 000 000 » ou « 5 M€ ».",
    )
    ouverte_le = ChampJour(label="Date d’ouverture", minimum=PREMIER_JOUR, trop_tard=UN_AN_A_L_AVANCE)

    def __init__(self, *args: Any, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ouverte_le"].borner(maximum=aujourd_hui + A_L_AVANCE)  # type: ignore[attr-defined]

    def disposition(self) -> Layout:
        return Layout("nom", Avec("montant", unite="€"), "ouverte_le")

    @property
    def relecture(self) -> Relecture:
        montant = self.cleaned_data["montant"]
        parts = [
            (financeur, f"{euros(part)}, soit {part_fr(part, montant)} de l’enveloppe")
            for financeur, part in self.cofinancements.items()
        ]
        return Relecture(
            titre="Relisez cette enveloppe avant de l’ouvrir",
            lignes=(
                ("Nom de l’enveloppe", self.cleaned_data["nom"]),
                ("Montant total", en_chiffres_et_en_lettres(montant)),
                *parts,
                ("Date d’ouverture", date_fr(self.cleaned_data["ouverte_le"])),
            ),
            confirmer=f"Ouvrir cette enveloppe de {euros(montant)}",
            avertissement="Une fois ouverte, l’enveloppe ne change plus : ni son montant, ni ses financeurs.",
        )

    @property
    def cofinancements(self) -> dict[str, int]:
        """Who puts what, in whole euros, once the form is valid."""
        return {ligne["financeur"]: ligne["montant"] for ligne in self.lignes.lignes}


class ChoixDeProjet(ChoixParmiBeaucoup):
    def label_from_instance(self, projet: Projet) -> str:
        return f"{projet.intitule} – {projet.industriel}"


class ConcoursForm(FormulaireDsfr, forms.Form):
    """`projets`: those that wait for a grant, with their last estimate. `reste`: what the envelope still holds, in
    whole euros."""

    bouton = "Accorder cette aide"
    vides = {
        "projet": "Aucun projet n’attend d’aide de cette enveloppe : l’équipe de la mission doit d’abord "
        "en orienter un vers elle.",
    }

    projet = ChoixDeProjet(
        Projet.objects.none(),
        cherche=cherche_projet,
        label="Projet",
        empty_label="Choisir un projet",
        error_messages={"invalid_choice": SANS_CONCOURS},
    )
    montant = MontantFr(label="Montant en euros", min_value=1)
    accorde_le = jour_passe("Date de l’accord")

    def __init__(self, *args: Any, projets: QuerySet[Projet], reste: int, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reste = reste
        self.fields["accorde_le"].borner(maximum=aujourd_hui)  # type: ignore[attr-defined]
        self.fields["projet"].queryset = projets.order_by(alphabetique("intitule"), "pk")  # type: ignore[attr-defined]
        self.fields[
            "montant"
        ].help_text = f"En euros entiers, par exemple « 250 000 » ou « 250 k€ ». Il reste {euros(reste)}."

    def disposition(self) -> Layout:
        return Layout("projet", Avec("montant", unite="€"), "accorde_le")

    @property
    def offre(self) -> bool:
        """Whether a project waits."""
        champ: Any = self.fields["projet"]
        return bool(champ.premiers)

    def clean_montant(self) -> int:
        montant: int = self.cleaned_data["montant"]
        if refus := aide_au_dela_du_reste(montant, self.reste):
            raise ValidationError(refus)
        return montant

    @property
    def relecture(self) -> Relecture:
        projet, montant = self.cleaned_data["projet"], self.cleaned_data["montant"]
        return Relecture(
            titre="Relisez cette aide avant de l’accorder",
            lignes=(
                ("Projet", self.fields["projet"].label_from_instance(projet)),  # type: ignore[attr-defined]
                ("Montant", en_chiffres_et_en_lettres(montant)),
                ("Dans l’enveloppe", _dans_l_enveloppe(montant, self.reste)),
                ("Pour le projet", _pour_le_projet(montant, projet.investissement)),
                ("Date de l’accord", date_fr(self.cleaned_data["accorde_le"])),
            ),
            confirmer=f"Accorder {euros(montant)}",
            avertissement="Une aide accordée ne se modifie plus et ne s’annule pas.",
        )


def _dans_l_enveloppe(montant: int, reste: int) -> str:
    if montant == reste:
        return f"{euros(montant)}, soit tout ce qui reste"
    return (
        f"{euros(montant)}, soit {part_fr(montant, reste)} de ce qui reste ({euros(reste)}). "
        f"Il restera {euros(reste - montant)}."
    )


def _pour_le_projet(montant: int, investissement: int | None) -> str:
    if not investissement:
        return "Son investissement n’est pas estimé."
    return f"{part_fr(montant, investissement)} de son investissement, estimé à {euros(investissement)}"


class OrientationForm(FormulaireDsfr, forms.Form):
    """Where a project goes; the envelope is named if, and only if, it goes there."""

    bouton = "Orienter ce projet"
    vides = {
        "enveloppe": "La mission n’a pas encore d’enveloppe : un gestionnaire doit d’abord en ouvrir une.",
    }

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
    oriente_le = jour_passe("Orienté le")

    def __init__(self, *args: Any, mission: Mission, structurant: bool, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not structurant:
            self.fields["voie"].help_text = PAS_STRUCTURANT
        self.fields["enveloppe"].queryset = mission.enveloppes.order_by("pk")  # type: ignore[attr-defined]
        self.fields["oriente_le"].borner(maximum=aujourd_hui)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        vers_l_enveloppe = donnees.get("voie") == Voie.ENVELOPPE
        if vers_l_enveloppe and not donnees.get("enveloppe") and "enveloppe" not in self.errors:
            self.add_error("enveloppe", "Choisissez l’enveloppe vers laquelle le projet est orienté.")
        if donnees.get("voie") and not vers_l_enveloppe:
            donnees["enveloppe"] = None
        return donnees
