"""Forms of the editor of a wave's specifications: each one gives the `Cahier` that it changes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.forms.utils import ErrorDict

from candidatures.cahier import FORMATS_PAR_DEFAUT, LIBELLES_FORMATS, Cahier, Critere, Format, PieceAttendue, Section
from candidatures.cahier.edition import avec_section, cles_de_section, nouvelle_cle
from candidatures.vagues.models.vagues import Vague
from rebond.socle.formulaires.champs_de_texte import ChampTexteLong
from rebond.socle.formulaires.formulaire import Avec, EntierFr, EntreesNettes, FormulaireDsfr
from rebond.socle.formulaires.lignes import LignesDsfr, fabrique_de_lignes

FORMATS = [(format_.value, libelle[0].upper() + libelle[1:]) for format_, libelle in LIBELLES_FORMATS.items()]


class VersionForm(EntreesNettes, forms.Form):
    """The version that the author of a change has read."""

    version = forms.IntegerField(min_value=1)

    @property
    def lue(self) -> int:
        """0, which no version is, when the page received does not say it."""
        return self.cleaned_data["version"] if self.is_valid() else 0


class DeplacementForm(VersionForm):
    """A section, or « section/question », goes one place up or down."""

    monter = forms.CharField(required=False, max_length=130)
    descendre = forms.CharField(required=False, max_length=130)

    @property
    def pas(self) -> int:
        return -1 if self.cleaned_data["monter"] else 1

    @property
    def section(self) -> str:
        return self._quoi.partition("/")[0]

    @property
    def question(self) -> str:
        """Empty when the section itself moves."""
        return self._quoi.partition("/")[2]

    @property
    def _quoi(self) -> str:
        return str(self.cleaned_data["monter"] or self.cleaned_data["descendre"])


class EditionForm(FormulaireDsfr, forms.Form):
    """A change to `cahier`: its fields, its rows if it has some, and what its author says of it."""

    avec_balise = False
    bouton = ""
    lignes: LignesDsfr | None = None
    # Whether the rows stand above the fields.
    lignes_d_abord: ClassVar[bool] = False
    commentaire = forms.CharField(
        label="Ce qui change",
        max_length=300,
        required=False,
        help_text="Pour l’historique des versions. Si vous ne dites rien, le portail l’écrit pour vous.",
    )

    def __init__(
        self, donnees: Mapping[str, Any] | None, *, cahier: Cahier, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(donnees, initial=initial)
        self.cahier = cahier

    @property
    def resume(self) -> str:
        """What the history says when the author says nothing."""
        raise NotImplementedError

    def disposition(self) -> Layout:
        return Layout(*(nom for nom in self.fields if nom != "commentaire"))

    def full_clean(self) -> None:
        super().full_clean()
        if self.lignes is not None and self.lignes.lignes_modifiees:
            # Whoever adds a row has not finished: it is too early to speak of errors.
            self._errors = ErrorDict()

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.lignes is None or self.lignes.is_valid()])

    @property
    def commente(self) -> str:
        return self.cleaned_data["commentaire"] or self.resume

    def cahier_modifie(self) -> Cahier:
        """The specifications as they become, once the form is valid."""
        raise NotImplementedError


def rangees(fabrique: type[LignesDsfr], donnees: Any, initial: list[dict[str, Any]], prefixe: str) -> LignesDsfr:
    """The rows of a change; one to fill in when there is none yet."""
    lignes = fabrique(donnees, initial=None if donnees is not None else initial, prefix=prefixe)
    if not initial:
        lignes.extra = 1
    return lignes


def cle_de_ligne(ligne: Mapping[str, Any], anciennes: Iterable[str], prises: set[str], defaut: str) -> str:
    """The key of a row: the one that it had, or else a new one, which is then taken."""
    cle: str = ligne["cle"]
    if cle not in set(anciennes):
        cle = nouvelle_cle(ligne["libelle"], prises, defaut)
    prises.add(cle)
    return cle


class TexteForm(EditionForm):
    resume = "Texte de l’appel modifié"

    texte = ChampTexteLong(
        label="Texte de l’appel",
        max_length=50_000,
        required=False,
        help_text="Ce que chacun lit avant de candidater. Une ligne vide sépare deux paragraphes.",
    )

    def __init__(self, donnees: Mapping[str, Any] | None, *, cahier: Cahier) -> None:
        super().__init__(donnees, cahier=cahier, initial={"texte": cahier.texte})
        self.fields["texte"].widget.attrs["rows"] = 24

    def cahier_modifie(self) -> Cahier:
        return replace(self.cahier, texte=self.cleaned_data["texte"])


class SectionForm(EditionForm):
    """Creates a section, or words `section` differently."""

    titre = forms.CharField(label="Titre de la rubrique", max_length=120)
    introduction = ChampTexteLong(
        label="Introduction",
        max_length=2000,
        required=False,
        help_text="Une ou deux phrases, en tête de la page que remplissent les responsables des dossiers.",
    )

    def __init__(self, donnees: Mapping[str, Any] | None, *, cahier: Cahier, section: Section | None = None) -> None:
        initial = {"titre": section.titre, "introduction": section.introduction} if section else {}
        super().__init__(donnees, cahier=cahier, initial=initial)
        self.fields["introduction"].widget.attrs["rows"] = 4
        self.section = section

    @property
    def resume(self) -> str:
        acte = "modifiée" if self.section else "ajoutée"
        return f"Rubrique « {self.cleaned_data['titre']} » {acte}"

    def cahier_modifie(self) -> Cahier:
        titre, introduction = self.cleaned_data["titre"], self.cleaned_data["introduction"]
        base = self.section or Section(nouvelle_cle(titre, cles_de_section(self.cahier), "rubrique"), titre)
        return avec_section(self.cahier, replace(base, titre=titre, introduction=introduction))


class PieceAttendueForm(FormulaireDsfr, forms.Form):
    avec_balise = False
    bouton = ""

    cle = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    libelle = forms.CharField(label="Pièce", max_length=200)
    aide = forms.CharField(label="Précision", max_length=500, required=False)
    formats = forms.MultipleChoiceField(
        label="Formats acceptés",
        choices=FORMATS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="PDF et images, si vous ne cochez rien\u00a0: une délibération peut être photographiée.",
    )
    obligatoire = forms.BooleanField(label="Obligatoire pour déposer", required=False)
    par_membre = forms.BooleanField(label="Une de chaque collectivité du groupement", required=False)

    def disposition(self) -> Layout:
        return Layout("cle", "libelle", "aide", Avec("formats", en_ligne=True), "obligatoire", "par_membre")


class LignesDePieces(LignesDsfr):
    ordonnable: ClassVar[bool] = True
    libelle_ligne: ClassVar[str] = "Pièce"
    libelle_ajout: ClassVar[str] = "Ajouter une pièce"


FabriqueDePieces = fabrique_de_lignes(PieceAttendueForm, lignes=LignesDePieces, extra=0, max_num=60, validate_max=True)


class PiecesForm(EditionForm):
    """The attachments that are asked outside of the sections."""

    resume = "Pièces jointes modifiées"

    def __init__(self, donnees: Mapping[str, Any] | None, *, cahier: Cahier) -> None:
        super().__init__(donnees, cahier=cahier)
        initial = [
            {
                "cle": piece.cle,
                "libelle": piece.libelle,
                "aide": piece.aide,
                "formats": [format_.value for format_ in piece.formats],
                "obligatoire": piece.obligatoire,
                "par_membre": piece.par_membre,
            }
            for piece in cahier.pieces
        ]
        self.lignes: LignesDsfr = rangees(FabriqueDePieces, donnees, initial, "pieces")

    def cahier_modifie(self) -> Cahier:
        prises = {piece.cle for piece in self.cahier.pieces_attendues}
        anciennes = [piece.cle for piece in self.cahier.pieces]
        pieces = [
            PieceAttendue(
                cle=cle_de_ligne(ligne, anciennes, prises, "piece"),
                libelle=ligne["libelle"],
                aide=ligne["aide"],
                obligatoire=ligne["obligatoire"],
                par_membre=ligne["par_membre"],
                formats=tuple(Format(format_) for format_ in ligne["formats"]) or FORMATS_PAR_DEFAUT,
            )
            for ligne in self.lignes.lignes
        ]
        return replace(self.cahier, pieces=tuple(pieces))


class CritereForm(FormulaireDsfr, forms.Form):
    avec_balise = False
    bouton = ""

    cle = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    libelle = forms.CharField(label="Critère", max_length=200)
    poids = EntierFr(label="Poids, en %", min_value=1, max_value=100, unite="%")
    aide = forms.CharField(label="Précision pour qui évalue", max_length=500, required=False)

    def disposition(self) -> Layout:
        return Layout(
            "cle",
            Row(
                Column("libelle", css_class="fr-col-12 fr-col-md-9"),
                Column(Avec("poids", unite="%"), css_class="fr-col-12 fr-col-md-3"),
            ),
            "aide",
        )


class LignesDeCriteres(LignesDsfr):
    ordonnable: ClassVar[bool] = True
    libelle_ligne: ClassVar[str] = "Critère"
    libelle_ajout: ClassVar[str] = "Ajouter un critère"


FabriqueDeCriteres = fabrique_de_lignes(CritereForm, lignes=LignesDeCriteres, extra=0, max_num=30, validate_max=True)


class GrilleForm(EditionForm):
    """The criteria of the grid, their weights and their order; each keeps its levels and its questions."""

    resume = "Grille d’évaluation modifiée"

    def __init__(self, donnees: Mapping[str, Any] | None, *, cahier: Cahier) -> None:
        super().__init__(donnees, cahier=cahier)
        initial = [
            {"cle": critere.cle, "libelle": critere.libelle, "poids": critere.poids, "aide": critere.aide}
            for critere in cahier.criteres
        ]
        self.lignes: LignesDsfr = rangees(FabriqueDeCriteres, donnees, initial, "criteres")

    def cahier_modifie(self) -> Cahier:
        anciens = {critere.cle: critere for critere in self.cahier.criteres}
        prises = set(anciens)
        criteres = []
        for ligne in self.lignes.lignes:
            cle = cle_de_ligne(ligne, anciens, prises, "critere")
            dit = {"libelle": ligne["libelle"], "poids": ligne["poids"], "aide": ligne["aide"]}
            criteres.append(replace(anciens[cle], **dit) if cle in anciens else Critere(cle, **dit))
        return replace(self.cahier, criteres=tuple(criteres))


class RepriseForm(FormulaireDsfr, forms.Form):
    """From which other wave to take everything."""

    avec_balise = False
    bouton = ""
    vides = {
        "source": "Aucune autre vague n’a de cahier des charges à reprendre : écrivez celui-ci rubrique par rubrique.",
    }

    source = forms.ModelChoiceField(Vague.objects.none(), label="Vague à reprendre", empty_label="Choisir une vague")

    def __init__(self, donnees: Mapping[str, Any] | None, *, vague: Vague) -> None:
        super().__init__(donnees)
        autres = Vague.objects.exclude(pk=vague.pk).filter(cahiers__isnull=False).distinct().order_by("-numero")
        self.fields["source"].queryset = autres  # type: ignore[attr-defined]
