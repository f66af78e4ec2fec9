"""The form of one criterion of the grid: its levels, its floor, the questions on which it bears."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms

from candidatures.cahier import NIVEAUX_PAR_DEFAUT, Cahier, Critere, Niveau
from candidatures.cahier.definition import adresse_de_question
from candidatures.cahier.edition import avec_critere
from candidatures.cahier.forms.cahiers import EditionForm, rangees
from candidatures.cahier.verification import NIVEAUX_MAX, NOTE_MAX
from rebond.socle.formulaires.champs_de_texte import ChampTexteLong
from rebond.socle.formulaires.formulaire import EntierFr, FormulaireDsfr
from rebond.socle.formulaires.lignes import LignesDsfr, fabrique_de_lignes


class NiveauForm(FormulaireDsfr, forms.Form):
    avec_balise = False
    bouton = ""

    valeur = EntierFr(label="Note", min_value=0, max_value=NOTE_MAX)
    phrase = ChampTexteLong(label="Ce que montre un dossier qui la mérite, en une phrase", max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phrase"].widget.attrs["rows"] = 2

    def disposition(self) -> Layout:
        return Layout(
            Row(
                Column("valeur", css_class="fr-col-12 fr-col-md-3"),
                Column("phrase", css_class="fr-col-12 fr-col-md-9"),
            ),
        )


class LignesDeNiveaux(LignesDsfr):
    libelle_ligne: ClassVar[str] = "Niveau"
    libelle_ajout: ClassVar[str] = "Ajouter un niveau"


FabriqueDeNiveaux = fabrique_de_lignes(
    NiveauForm, lignes=LignesDeNiveaux, extra=0, max_num=NIVEAUX_MAX, validate_max=True
)


class NiveauxForm(EditionForm):
    """Changes `critere`, whose label and weight belong to the whole grid."""

    lignes_d_abord: ClassVar[bool] = True
    marquer_optionnels = False
    # Its page says them above the levels.
    resumer_erreurs = False

    plancher = EntierFr(
        label="Minimum attendu",
        min_value=0,
        max_value=NOTE_MAX,
        required=False,
        help_text="La note sous laquelle un dossier est signalé au comité, quel que soit son score. Laissez vide s’il "
        "n’y en a pas.",
    )

    def __init__(self, donnees: Mapping[str, Any] | None, *, cahier: Cahier, critere: Critere) -> None:
        self.critere = critere
        self.sections = [section for section in cahier.sections if section.questions]
        super().__init__(donnees, cahier=cahier, initial=self._initial())
        for section in self.sections:
            self.fields[f"dans_{section.cle}"] = forms.MultipleChoiceField(
                label=section.titre,
                choices=[(question.cle, question.libelle) for question in section.questions],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        initial = [{"valeur": niveau.valeur, "phrase": niveau.phrase} for niveau in critere.echelle]
        self.lignes: LignesDsfr = rangees(FabriqueDeNiveaux, donnees, initial, "niveaux")

    def _initial(self) -> dict[str, Any]:
        return {
            "plancher": self.critere.plancher,
            **{
                f"dans_{section.cle}": [
                    question.cle
                    for question in section.questions
                    if adresse_de_question(section.cle, question.cle) in self.critere.questions
                ]
                for section in self.sections
            },
        }

    def disposition(self) -> Layout:
        questions = [f"dans_{section.cle}" for section in self.sections]
        return Layout("plancher", Fieldset("Questions qui comptent pour ce critère", *questions))

    @property
    def resume(self) -> str:
        return f"Critère «\u00a0{self.critere.libelle}\u00a0» modifié"

    def cahier_modifie(self) -> Cahier:
        lignes = self.lignes.lignes if self.lignes is not None else []
        # One sentence: its line breaks go, its no-break spaces stay.
        niveaux = tuple(Niveau(ligne["valeur"], " ".join(ligne["phrase"].splitlines())) for ligne in lignes)
        niveaux = tuple(sorted(niveaux, key=lambda niveau: niveau.valeur))
        # Left as they were, those of every criterion do not become its own.
        communs = not self.critere.niveaux and niveaux == NIVEAUX_PAR_DEFAUT
        return avec_critere(
            self.cahier,
            replace(
                self.critere,
                niveaux=() if communs else niveaux,
                plancher=self.cleaned_data["plancher"],
                questions=tuple(
                    adresse_de_question(section.cle, question.cle)
                    for section in self.sections
                    for question in section.questions
                    if question.cle in self.cleaned_data[f"dans_{section.cle}"]
                ),
            ),
        )
