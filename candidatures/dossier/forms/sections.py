"""The forms of a file's sections, made from the call's specifications (`candidatures.cahier`)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar, cast

from crispy_forms.layout import Div, Layout, LayoutObject
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from candidatures.cahier import Question, Section, Type
from candidatures.cahier.forms.champs import aide_de, champ_de, depuis_json, vers_json
from candidatures.dossier.completude import est_vide
from rebond.socle.formulaires.champs_de_temps import ChampDeTemps
from rebond.socle.formulaires.champs_nombres import ChampNombre
from rebond.socle.formulaires.formulaire import Avec, FormulaireDsfr
from rebond.socle.formulaires.lignes import LignesDsfr, fabrique_de_lignes
from rebond.socle.templatetags.dsfr_formulaires import cible

# Whose refusals say what was read, and are worth telling to whoever still types.
SE_LISENT = (ChampNombre, ChampDeTemps)
COMPTE_POUR = '{} <span class="rebond-compte-pour">{}</span>'
NOUVEAU = SafeString('<span class="fr-badge fr-badge--sm fr-badge--new">Nouveau</span>')


class FormulaireDeQuestions(FormulaireDsfr, forms.Form):
    """The questions of a section, or of one row of a block; a subclass is made for each."""

    avec_balise = False
    bouton = ""
    marquer_optionnels = False
    # `SaisieDeSection.points` gathers those of the form and of its blocks.
    resumer_erreurs = False
    questions: ClassVar[tuple[Question, ...]] = ()

    def disposition(self) -> Layout:
        return Layout(*(_presenter(question) for question in self.questions))

    def nom_en_clair(self, nom: str) -> str:
        return next(question.libelle for question in self.questions if question.cle == nom)

    @property
    def reponses(self) -> dict[str, Any]:
        """The answers as the file keeps them, once the form is valid."""
        return {question.cle: vers_json(self.cleaned_data.get(question.cle)) for question in self.questions}


def _presenter(question: Question) -> LayoutObject:
    """The field; a conditional one in a box of its own, which says when to answer and hides with JavaScript."""
    unite = "€" if question.type is Type.MONTANT else question.unite
    champ = Avec(question.cle, unite=unite)
    if question.condition is None:
        return champ
    return Div(
        champ,
        css_class="rebond-condition",
        data_condition=question.condition.question,
        data_valeurs=" ".join(question.condition.valeurs),
    )


class LignesDeBloc(LignesDsfr):
    question: ClassVar[Question]
    aide: str
    compte_pour: str
    nouveau: bool

    @property
    def reponses(self) -> list[dict[str, Any]]:
        """The rows that say something, as the file keeps them, once the formset is valid."""
        gardees = (formulaire for formulaire in self.forms if not self.est_retiree(formulaire))
        lignes = [cast("FormulaireDeQuestions", formulaire).reponses for formulaire in gardees]
        return [ligne for ligne in lignes if not all(est_vide(valeur) for valeur in ligne.values())]


def _fabriquer(nom: str, questions: tuple[Question, ...]) -> type[FormulaireDeQuestions]:
    membres: dict[str, Any] = {question.cle: champ_de(question, questions) for question in questions}
    membres["questions"] = questions
    membres["remplissage"] = {question.cle: question.remplissage for question in questions if question.remplissage}
    return cast("type[FormulaireDeQuestions]", type(nom, (FormulaireDeQuestions,), membres))


@lru_cache(maxsize=512)
def formulaire_de_section(section: Section) -> type[FormulaireDeQuestions]:
    """The form of a section's questions, blocks left out: those are formsets (`lignes_de_bloc`)."""
    simples = tuple(question for question in section.saisies if question.type is not Type.BLOC)
    return _fabriquer(f"Section{section.cle.title()}Form", simples)


@lru_cache(maxsize=512)
def lignes_de_bloc(question: Question) -> type[LignesDsfr]:
    formulaire = _fabriquer(f"Ligne{question.cle.capitalize()}Form", question.champs)
    membres = {"question": question, "libelle_ligne": question.ligne}
    lignes = type(f"Lignes{question.cle.capitalize()}", (LignesDeBloc,), membres)
    return fabrique_de_lignes(formulaire, lignes=lignes, extra=0, max_num=question.maximum, validate_max=True)


@dataclass(frozen=True)
class Point:
    """Something to correct: the id of what to correct, its name as the page shows it, what is wrong."""

    cible: str
    libelle: str
    texte: str


def _points_des_champs(formulaire: forms.BaseForm, ou: str) -> list[Point]:
    return [
        Point(cible(champ), f"{ou}\u00a0: {champ.label}" if ou else str(champ.label), " ".join(map(str, champ.errors)))
        for champ in formulaire
        if champ.errors
    ]


class SaisieDeSection:
    """What someone types in one section: its form and its blocks, filled from the file or from the request."""

    def __init__(
        self,
        section: Section,
        *,
        reponses: Mapping[str, Any],
        donnees: Mapping[str, Any] | None = None,
        nouvelles: Collection[str] = (),
        comptent: Mapping[str, str] | None = None,
    ) -> None:
        """`nouvelles` are the questions to point out as new, or put otherwise than in the file that was copied;
        `comptent` says of which criteria an answer is judged (`candidatures.cahier.presentation.comptent`).
        """
        self.section = section
        initial = {question.cle: depuis_json(question, reponses.get(question.cle)) for question in section.saisies}
        self.formulaire = formulaire_de_section(section)(donnees, initial=initial)
        self._donnees = donnees
        self._nouvelles = nouvelles
        self._comptent = comptent or {}
        for cle in self._comptent.keys() & self.formulaire.fields.keys():
            champ = self.formulaire.fields[cle]
            champ.help_text = format_html(COMPTE_POUR, champ.help_text, self._comptent[cle])
        for cle in set(nouvelles) & set(self.formulaire.fields):
            champ = self.formulaire.fields[cle]
            champ.label = format_html("{} {}", champ.label or "", NOUVEAU)
        self._initial = initial

    @cached_property
    def blocs(self) -> list[LignesDeBloc]:
        return [self._bloc(question) for question in self.section.saisies if question.type is Type.BLOC]

    def _bloc(self, question: Question) -> LignesDeBloc:
        # Bound rows are complete in themselves: compared with the file's, those left alone would look empty.
        rangees = None if self._donnees is not None else self._rangees(question)
        lignes = cast("LignesDeBloc", lignes_de_bloc(question)(self._donnees, initial=rangees, prefix=question.cle))
        lignes.aide = aide_de(question, self.section.saisies)
        lignes.compte_pour = self._comptent.get(question.cle, "")
        lignes.nouveau = question.cle in self._nouvelles
        if not rangees:
            lignes.extra = 1
        return lignes

    def _rangees(self, question: Question) -> list[dict[str, Any]]:
        return [
            {champ.cle: depuis_json(champ, ligne.get(champ.cle)) for champ in question.champs}
            for ligne in self._initial[question.cle] or []
        ]

    def is_valid(self) -> bool:
        """False too while rows are being added or removed: the page is shown again, as it was typed."""
        return all([self.formulaire.is_valid(), *(bloc.is_valid() for bloc in self.blocs)])

    def comprises(self, defauts: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The answers that make sense, with `defauts` for the others, and the keys of these: to save while typing."""
        self.is_valid()
        gardees: dict[str, Any] = {}
        incomprises = []
        blocs = {bloc.question.cle: bloc for bloc in self.blocs}
        for question in self.section.saisies:
            bloc = blocs.get(question.cle)
            if question.cle in self.formulaire.errors or (bloc is not None and not bloc.is_valid()):
                incomprises.append(question.cle)
                gardees[question.cle] = defauts.get(question.cle)
            elif bloc is not None:
                gardees[question.cle] = bloc.reponses
            else:
                gardees[question.cle] = vers_json(self.formulaire.cleaned_data.get(question.cle))
        return gardees, incomprises

    @property
    def points(self) -> list[Point]:
        """Everything to correct in the section, blocks included, in the order of the page."""
        if self._donnees is None:
            return []
        points = [Point("", "", str(erreur)) for erreur in self.formulaire.non_field_errors()]
        points += _points_des_champs(self.formulaire, "")
        for bloc in self.blocs:
            titre = bloc.question.libelle
            points += [Point(f"id_{bloc.prefix}", titre, str(erreur)) for erreur in bloc.non_form_errors()]
            for rang, ligne in enumerate(bloc.visibles, start=1):
                ou = f"{titre}, {bloc.libelle_ligne.lower()}\u00a0{rang}"
                points += [Point(str(ligne.prefix), ou, str(erreur)) for erreur in ligne.non_field_errors()]
                points += _points_des_champs(ligne, ou)
        return points

    @property
    def relus(self) -> list[str]:
        """How the numbers that could be written otherwise were read, those of blocks included."""
        lignes = [(bloc, formulaire) for bloc in self.blocs for formulaire in bloc.visibles]
        dits = [(bloc.question.libelle, cast("FormulaireDeQuestions", ligne).relus) for bloc, ligne in lignes]
        return [
            *self.formulaire.relus,
            *(f"{lu} dans «\u00a0{libelle}\u00a0»" for libelle, relus in dits for lu in relus),
        ]

    def motif(self, cle: str) -> str:
        """Why the answer to a question whose number or day cannot be read makes no sense; empty for other types."""
        if isinstance(self.formulaire.fields.get(cle), SE_LISENT):
            return " ".join(str(erreur) for erreur in self.formulaire.errors.get(cle, ()))
        bloc = next((bloc for bloc in self.blocs if bloc.question.cle == cle), None)
        lignes = cast("list[FormulaireDeQuestions]", bloc.visibles if bloc is not None else [])
        fautes = (
            (rang, ligne.nom_en_clair(nom), erreur)
            for rang, ligne in enumerate(lignes, start=1)
            for nom, erreurs in ligne.errors.items()
            if isinstance(ligne.fields.get(nom), SE_LISENT)
            for erreur in erreurs
        )
        return " ".join(f"Ligne {rang}, {libelle}\u00a0: {erreur}" for rang, libelle, erreur in fautes)

    @property
    def lignes_modifiees(self) -> bool:
        return any(bloc.lignes_modifiees for bloc in self.blocs)

    @property
    def reponses(self) -> dict[str, Any]:
        """The section as the file keeps it, in the order of the call."""
        brutes: dict[str, Any] = dict(self.formulaire.reponses)
        brutes |= {bloc.question.cle: bloc.reponses for bloc in self.blocs}
        return {question.cle: brutes[question.cle] for question in self.section.saisies}
