"""The form of the conditions that make a file admissible: their order, their sentences, what they ask."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms

from candidatures.cahier import LIBELLES_FAITS, Cahier, ConditionDeRecevabilite, Fait
from candidatures.cahier.forms.cahiers import EditionForm, cle_de_ligne, rangees
from candidatures.cahier.verification import CONDITIONS_MAX
from rebond.socle.formulaires.champs_de_texte import ChampTexteLong
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.formulaires.lignes import LignesDsfr, fabrique_de_lignes

FAITS = [("", "Rien"), *((fait.value, libelle) for fait, libelle in LIBELLES_FAITS.items())]


class ConditionForm(FormulaireDsfr, forms.Form):
    avec_balise = False
    bouton = ""

    cle = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    libelle = forms.CharField(
        label="Condition, en une phrase", max_length=300, help_text="Chacun la lit avant de candidater."
    )
    a_faire = ChampTexteLong(label="Ce qu’un territoire doit faire", max_length=500, required=False)
    aide = ChampTexteLong(label="Aide pour qui la vérifie", max_length=500, required=False)
    fait = forms.ChoiceField(
        label="Ce que le portail montre à côté",
        choices=FAITS,
        required=False,
        help_text="Ce qu’il sait déjà du dossier. La personne qui instruit en juge.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom in ("a_faire", "aide"):
            self.fields[nom].widget.attrs["rows"] = 2

    def disposition(self) -> Layout:
        return Layout("cle", "libelle", "a_faire", "aide", "fait")


class LignesDeConditions(LignesDsfr):
    ordonnable: ClassVar[bool] = True
    libelle_ligne: ClassVar[str] = "Condition"
    libelle_ajout: ClassVar[str] = "Ajouter une condition"


FabriqueDeConditions = fabrique_de_lignes(
    ConditionForm, lignes=LignesDeConditions, extra=0, max_num=CONDITIONS_MAX, validate_max=True
)


class ConditionsForm(EditionForm):
    resume = "Conditions de recevabilité modifiées"

    def __init__(self, donnees: Mapping[str, Any] | None, *, cahier: Cahier) -> None:
        super().__init__(donnees, cahier=cahier)
        initial = [
            {
                "cle": une.cle,
                "libelle": une.libelle,
                "a_faire": une.a_faire,
                "aide": une.aide,
                "fait": une.fait.value if une.fait else "",
            }
            for une in cahier.recevabilite
        ]
        self.lignes: LignesDsfr = rangees(FabriqueDeConditions, donnees, initial, "conditions")

    def cahier_modifie(self) -> Cahier:
        anciennes = [une.cle for une in self.cahier.recevabilite]
        prises = set(anciennes)
        conditions = [
            ConditionDeRecevabilite(
                cle=cle_de_ligne(ligne, anciennes, prises, "condition"),
                libelle=ligne["libelle"],
                aide=" ".join(ligne["aide"].splitlines()),
                a_faire=" ".join(ligne["a_faire"].splitlines()),
                fait=Fait(ligne["fait"]) if ligne["fait"] else None,
            )
            for ligne in self.lignes.lignes
        ]
        return replace(self.cahier, recevabilite=tuple(conditions))
