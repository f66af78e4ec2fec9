"""Forms of the envelope. Their fields bear the names of the arguments of the actions that they feed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from projets.forms.lignes import FormulaireAvecLignes
from projets.forms.missions import jour_passe
from projets.forms.portefeuille import INVESTISSEMENT_MAX
from projets.models import Projet
from projets.regles import A_L_AVANCE, PREMIER_JOUR, UN_AN_A_L_AVANCE
from rebond.socle.champs_de_temps import ChampJour
from rebond.socle.formulaires import Avec, FormulaireDsfr, Layout, MontantFr
from rebond.socle.lettres import en_chiffres_et_en_lettres
from rebond.socle.lignes import LignesDsfr, fabrique_de_lignes
from rebond.socle.noms import alphabetique
from rebond.socle.relecture import Relecture
from rebond.socle.typographie import date_fr, euros, part_fr


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


class ChoixDeProjet(forms.ModelChoiceField):
    def label_from_instance(self, projet: Projet) -> str:
        return f"{projet.intitule} – {projet.industriel}"


class ConcoursForm(FormulaireDsfr, forms.Form):
    """`projets`: those that wait for a grant. `reste`: what the envelope still holds, in whole euros."""

    bouton = "Accorder ce concours"
    vides = {
        "projet": "Aucun projet n’attend d’aide de cette enveloppe : l’équipe de la mission doit d’abord "
        "en orienter un vers elle.",
    }

    projet = ChoixDeProjet(
        Projet.objects.none(),
        label="Projet",
        empty_label="Choisir un projet",
        error_messages={"invalid_choice": "Ce projet n’attend plus de concours de cette enveloppe."},
    )
    montant = MontantFr(label="Montant en euros", min_value=1)
    accorde_le = jour_passe("Date de l’accord")

    def __init__(self, *args: Any, projets: Iterable[Projet], reste: int, aujourd_hui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reste = reste
        self.fields["accorde_le"].borner(maximum=aujourd_hui)  # type: ignore[attr-defined]
        self.investissements = {projet.pk: getattr(projet, "investissement", None) for projet in projets}
        self.fields["projet"].queryset = (  # type: ignore[attr-defined]
            Projet.objects.filter(pk__in=self.investissements)
            .select_related("industriel")
            .order_by(alphabetique("intitule"), "pk")
        )
        self.fields[
            "montant"
        ].help_text = f"En euros entiers, par exemple « 250 000 » ou « 250 k€ ». Il reste {euros(reste)}."

    def disposition(self) -> Layout:
        return Layout("projet", Avec("montant", unite="€"), "accorde_le")

    def clean_montant(self) -> int:
        montant: int = self.cleaned_data["montant"]
        if montant > self.reste:
            raise ValidationError(f"Il reste {euros(self.reste)} dans l’enveloppe : ce concours la dépasserait.")
        return montant

    @property
    def relecture(self) -> Relecture:
        projet, montant = self.cleaned_data["projet"], self.cleaned_data["montant"]
        return Relecture(
            titre="Relisez ce concours avant de l’accorder",
            lignes=(
                ("Projet", self.fields["projet"].label_from_instance(projet)),  # type: ignore[attr-defined]
                ("Montant", en_chiffres_et_en_lettres(montant)),
                ("Dans l’enveloppe", _dans_l_enveloppe(montant, self.reste)),
                ("Pour le projet", _pour_le_projet(montant, self.investissements[projet.pk])),
                ("Date de l’accord", date_fr(self.cleaned_data["accorde_le"])),
            ),
            confirmer=f"Accorder {euros(montant)}",
            avertissement="Un concours accordé ne se modifie plus et ne s’annule pas.",
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
