"""The form of one question of a wave's specifications; what it asks depends on the type of the question."""

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms

from candidatures.cahier import (
    LIBELLES_TYPES,
    TYPES_A_CHOIX,
    Cahier,
    Condition,
    Format,
    Question,
    Section,
    Type,
)
from candidatures.cahier.edition import (
    avec_question,
    cles_de_question,
    conditions_possibles,
    ecrire_choix,
    lire_choix,
    nouvelle_cle,
)
from candidatures.cahier.forms.cahiers import FORMATS, EditionForm, cle_de_ligne, rangees
from candidatures.cahier.verification import LIGNES_MAX, LONGUEUR_MAX, TYPES_DE_TEXTE
from rebond.socle.formulaires.champs_de_texte import ChampTexteLong
from rebond.socle.formulaires.formulaire import Avec, EntierFr, FormulaireDsfr
from rebond.socle.formulaires.lignes import LignesDsfr, fabrique_de_lignes

NOMBRES = frozenset({Type.ENTIER, Type.DECIMAL})
# Beside its label, its help, its condition and whether it is obligatory: what each type is made of.
PARTICULARITES: dict[Type, tuple[str, ...]] = {
    Type.TEXTE: ("longueur_max", "jeton"),
    Type.TEXTE_LONG: ("longueur_max",),
    Type.ENTIER: ("unite",),
    Type.DECIMAL: ("unite",),
    Type.CHOIX: ("choix",),
    Type.CHOIX_MULTIPLE: ("choix",),
    Type.COURRIEL: ("jeton",),
    Type.TELEPHONE: ("jeton",),
    Type.PIECE: ("formats",),
    Type.BLOC: ("ligne", "maximum"),
}
TOUTES = frozenset(nom for noms in PARTICULARITES.values() for nom in noms)
LONGUEURS = {Type.TEXTE: 200, Type.TEXTE_LONG: 3000}
# HTML's autocomplete tokens for data about whoever fills in the page (WCAG 2.1, 1.3.5).
JETONS = (
    ("", "Rien de particulier"),
    ("name", "Son nom"),
    ("organization-title", "Sa fonction"),
    ("organization", "Son organisme"),
    ("email", "Son adresse e-mail"),
    ("tel", "Son numéro de téléphone"),
)
TYPES_DE_COLONNE = [(t.value, LIBELLES_TYPES[t]) for t in Type if t not in {Type.BLOC, Type.PIECE}]
AIDE_CHOIX = (
    "Un choix par ligne, suivi si besoin d’une barre droite et d’une précision : « Énergie | Production et réseaux ». "
    "Corriger un libellé garde les réponses d’une vague à l’autre ; le remplacer par un tout autre fait un nouveau "
    "choix."
)


class TypeForm(FormulaireDsfr, forms.Form):
    """The kind of answer that a question awaits, asked first: the rest depends on it."""

    methode = "get"
    avec_balise = False
    bouton = ""
    marquer_optionnels = False

    type = forms.TypedChoiceField(
        label="Quelle sorte de réponse attendez-vous ?",
        choices=[(type_.value, libelle) for type_, libelle in LIBELLES_TYPES.items()],
        coerce=Type,
        widget=forms.RadioSelect,
    )

    @property
    def choisi(self) -> Type | None:
        return self.cleaned_data["type"] if self.is_valid() else None


class ColonneForm(FormulaireDsfr, forms.Form):
    """A column of a block."""

    avec_balise = False
    bouton = ""

    cle = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    libelle = forms.CharField(label="Libellé", max_length=200)
    type = forms.TypedChoiceField(label="Sorte de réponse", choices=TYPES_DE_COLONNE, coerce=Type, initial=Type.TEXTE)
    unite = forms.CharField(label="Unité", max_length=30, required=False, help_text="Pour un nombre.")
    longueur_max = EntierFr(
        label="Longueur",
        min_value=1,
        max_value=LONGUEUR_MAX,
        unite="caractères",
        required=False,
        help_text="Pour un texte.",
    )
    choix = ChampTexteLong(
        label="Choix", max_length=10_000, required=False, help_text="Pour une liste, un choix par ligne."
    )
    obligatoire = forms.BooleanField(label="Réponse obligatoire", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choix"].widget.attrs["rows"] = 2

    def disposition(self) -> Layout:
        moitie, quart = "fr-col-12 fr-col-md-6", "fr-col-6 fr-col-md-3"
        return Layout(
            "cle",
            Row(Column("libelle", css_class=moitie), Column("type", css_class=moitie)),
            Row(
                Column("unite", css_class=quart),
                Column(Avec("longueur_max", unite="caractères"), css_class="fr-col-6 fr-col-md-3"),
                Column("choix", css_class=moitie),
            ),
            "obligatoire",
        )


class LignesDeColonnes(LignesDsfr):
    ordonnable: ClassVar[bool] = True
    libelle_ligne: ClassVar[str] = "Colonne"
    libelle_ajout: ClassVar[str] = "Ajouter une colonne"


FabriqueDeColonnes = fabrique_de_lignes(ColonneForm, lignes=LignesDeColonnes, extra=0, max_num=15, validate_max=True)


class QuestionForm(EditionForm):
    """Creates a question of `section`, or changes `question`, whose type may become another one."""

    libelle = forms.CharField(label="Question", max_length=300)
    aide = ChampTexteLong(
        label="Aide", max_length=1000, required=False, help_text="Ce qui se lit sous la question, avant la réponse."
    )
    longueur_max = EntierFr(label="Longueur de la réponse", min_value=1, max_value=LONGUEUR_MAX, unite="caractères")
    unite = forms.CharField(
        label="Unité", max_length=30, required=False, help_text="Par exemple : emplois, hectares, euros par an."
    )
    choix = ChampTexteLong(label="Choix proposés", max_length=20_000, help_text=AIDE_CHOIX)
    formats = forms.MultipleChoiceField(label="Formats acceptés", choices=FORMATS, widget=forms.CheckboxSelectMultiple)
    ligne = forms.CharField(
        label="Nom d’une ligne", max_length=60, help_text="Ce que décrit chaque ligne du bloc : « Entreprise »."
    )
    maximum = EntierFr(label="Nombre de lignes au plus", min_value=1, max_value=LIGNES_MAX, unite="lignes")
    jeton = forms.ChoiceField(
        label="La réponse porte-t-elle sur la personne qui remplit le dossier ?",
        choices=JETONS,
        required=False,
        help_text="Son navigateur lui proposera alors ce qu’il sait d’elle.",
    )
    obligatoire = forms.BooleanField(label="Réponse obligatoire pour déposer le dossier", required=False)

    def __init__(
        self,
        donnees: Mapping[str, Any] | None,
        *,
        cahier: Cahier,
        section: Section,
        type_: Type,
        question: Question | None = None,
    ) -> None:
        self.section, self.type, self.question = section, type_, question
        self.meres = conditions_possibles(section, question.cle if question else "")
        super().__init__(donnees, cahier=cahier, initial=self._initial())
        for nom in TOUTES.difference(PARTICULARITES.get(type_, ())):
            del self.fields[nom]
        self.fields["aide"].widget.attrs["rows"] = 3
        for mere in self.meres:
            self.fields[f"si_{mere.cle}"] = forms.MultipleChoiceField(
                label=f"« {mere.libelle} » a pour réponse",
                choices=[(choix.cle, choix.libelle) for choix in mere.choix],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        if type_ is Type.BLOC:
            self.lignes = rangees(FabriqueDeColonnes, donnees, self._colonnes(), "colonnes")

    def _initial(self) -> dict[str, Any]:
        base = self.question or Question("", "", longueur_max=LONGUEURS.get(self.type, 200))
        initial: dict[str, Any] = {
            "libelle": base.libelle,
            "aide": base.aide,
            "obligatoire": base.obligatoire,
            "longueur_max": base.longueur_max,
            "unite": base.unite,
            "choix": ecrire_choix(base.choix),
            "formats": [format_.value for format_ in base.formats],
            "ligne": base.ligne,
            "maximum": base.maximum,
            "jeton": base.remplissage,
        }
        if base.condition:
            initial[f"si_{base.condition.question}"] = list(base.condition.valeurs)
        return initial

    def _colonnes(self) -> list[dict[str, Any]]:
        return [
            {
                "cle": champ.cle,
                "libelle": champ.libelle,
                "type": champ.type.value,
                "unite": champ.unite,
                "longueur_max": champ.longueur_max if champ.type in TYPES_DE_TEXTE else None,
                "choix": ecrire_choix(champ.choix),
                "obligatoire": champ.obligatoire,
            }
            for champ in self._anciens_champs
        ]

    @property
    def _anciens_champs(self) -> tuple[Question, ...]:
        return self.question.champs if self.question else ()

    def disposition(self) -> Layout:
        propres = (nom for nom in PARTICULARITES.get(self.type, ()))
        champs = ["libelle", "aide", *propres, "obligatoire"]
        unites = {"longueur_max": "caractères", "maximum": "lignes"}
        disposition = Layout(*(Avec(nom, unite=unites.get(nom, "")) for nom in champs))
        if self.meres:
            conditions = [f"si_{mere.cle}" for mere in self.meres]
            disposition.append(Fieldset("Ne poser cette question que dans certains cas", *conditions))
        return disposition

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        choisies = [mere for mere in self.meres if donnees.get(f"si_{mere.cle}")]
        for mere in choisies[1:]:
            self.add_error(f"si_{mere.cle}", "Une question ne dépend que d’une seule autre : videz l’une des deux.")
        return donnees

    @property
    def resume(self) -> str:
        acte = "modifiée" if self.question else "ajoutée"
        return f"Question « {self.cleaned_data['libelle']} » {acte} dans « {self.section.titre} »"[:300]

    def cahier_modifie(self) -> Cahier:
        return avec_question(self.cahier, self.section.cle, self._question())

    def _question(self) -> Question:
        saisie = self.cleaned_data
        prises = cles_de_question(self.cahier, self.section.cle, self.type)
        particularites: dict[str, Any] = {
            nom: saisie[nom] for nom in ("longueur_max", "unite", "ligne", "maximum") if nom in saisie
        }
        if self.type in TYPES_A_CHOIX:
            particularites["choix"] = lire_choix(saisie["choix"], self.question.choix if self.question else ())
        if self.type is Type.PIECE:
            particularites["formats"] = tuple(Format(format_) for format_ in saisie["formats"])
        if self.type is Type.BLOC:
            particularites["champs"] = self._champs()
        return Question(
            cle=self.question.cle if self.question else nouvelle_cle(saisie["libelle"], prises, "question"),
            libelle=saisie["libelle"],
            type=self.type,
            aide=saisie["aide"],
            obligatoire=saisie["obligatoire"],
            condition=self._condition(),
            remplissage=saisie.get("jeton", ""),
            **particularites,
        )

    def _condition(self) -> Condition | None:
        choisies = ((mere.cle, self.cleaned_data[f"si_{mere.cle}"]) for mere in self.meres)
        return next((Condition(mere, tuple(valeurs)) for mere, valeurs in choisies if valeurs), None)

    def _champs(self) -> tuple[Question, ...]:
        anciens = {champ.cle: champ for champ in self._anciens_champs}
        prises = set(anciens)
        champs = []
        for ligne in self.lignes.lignes if self.lignes is not None else []:
            cle = cle_de_ligne(ligne, anciens, prises, "colonne")
            ancien = anciens.get(cle)
            champs.append(
                Question(
                    cle=cle,
                    libelle=ligne["libelle"],
                    type=ligne["type"],
                    aide=ancien.aide if ancien else "",
                    obligatoire=ligne["obligatoire"],
                    longueur_max=ligne["longueur_max"] or LONGUEURS.get(ligne["type"], 200),
                    unite=ligne["unite"] if ligne["type"] in NOMBRES else "",
                    choix=_choix_de_colonne(ligne, ancien),
                )
            )
        return tuple(champs)


def _choix_de_colonne(ligne: Mapping[str, Any], ancien: Question | None) -> Any:
    if ligne["type"] not in TYPES_A_CHOIX:
        return ()
    return lire_choix(ligne["choix"], ancien.choix if ancien else ())
