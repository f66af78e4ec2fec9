"""The forms of a correction: what is asked for, then what is given."""

from datetime import datetime
from typing import Any

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.core.files import File

from candidatures.cahier import LIBELLES_FORMATS, PieceAttendue
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.pieces.verification import VIDE, extensions_permises, verifier_piece
from candidatures.instruction.correction.actions import DELAI_MINIMAL, DELAI_TROP_COURT, REFUS
from candidatures.instruction.correction.regles import empechement_de_ne_rien_demander
from candidatures.instruction.forms import TexteLong
from candidatures.vagues.regles import UN_AN_AU_PLUS
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.champs_de_temps import ChampInstant
from rebond.socle.formulaires.champs_fichiers import ChampFichier
from rebond.socle.formulaires.formulaire import EntreesNettes, FormulaireDsfr


class DemandeDeCorrectionForm(FormulaireDsfr, forms.Form):
    """Which answers and attachments, why, and until when (Paris time)."""

    bouton = "Demander cette correction"
    marquer_optionnels = False

    motif = TexteLong(
        label="Ce qui est à corriger, et pourquoi",
        help_text="Le territoire lit ce texte, dans l’e-mail et sur la page.",
    )
    echeance = ChampInstant(
        label="À rendre avant le",
        help_text="Heure de Paris, au moins vingt-quatre heures à partir de maintenant.",
        trop_tot=DELAI_TROP_COURT,
        trop_tard=REFUS["correction_d_un_an_au_plus"],
    )

    def __init__(self, *args: Any, candidature: Candidature, maintenant: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        echeance: Any = self.fields["echeance"]
        echeance.borner(minimum=maintenant + DELAI_MINIMAL, maximum=maintenant + UN_AN_AU_PLUS)
        self.cahier = candidature.cahier.cahier
        self.groupes: list[str] = []
        for section in self.cahier.sections:
            nom = f"questions-{section.cle}"
            choix = [(f"{section.cle}.{question.cle}", question.libelle) for question in section.saisies]
            self._ajouter(nom, section.titre, choix)
        self._ajouter("natures", "Pièces jointes", [(p.cle, p.libelle) for p in self.cahier.pieces_attendues])

    def _ajouter(self, nom: str, titre: str, choix: list[tuple[str, str]]) -> None:
        if choix:
            self.fields[nom] = forms.MultipleChoiceField(
                label=titre, choices=choix, widget=forms.CheckboxSelectMultiple, required=False
            )
            self.groupes.append(nom)

    def disposition(self) -> Layout:
        return Layout(Fieldset("Que faut-il corriger\u00a0?", *self.groupes), "motif", "echeance")

    def clean(self) -> dict[str, Any]:
        """`questions` and `natures`, gathered."""
        recus = super().clean() or self.cleaned_data
        natures = recus.pop("natures", [])
        questions = [question for nom in self.groupes if nom != "natures" for question in recus.pop(nom, [])]
        if refus := empechement_de_ne_rien_demander(questions, natures):
            raise forms.ValidationError(refus)
        return recus | {"questions": questions, "natures": natures}


class FermetureForm(FormulaireDsfr, forms.Form):
    """Nothing to type: the button, and what the page tells it again."""

    bouton = "Fermer la demande de correction"

    def disposition(self) -> Layout:
        # crispy-forms renders no layout that is empty.
        return Layout(HTML(" "))


class PieceDeCorrectionForm(FormulaireDsfr, forms.Form):
    avec_balise = False
    bouton = ""

    nature = forms.CharField(widget=forms.HiddenInput)
    fichier = ChampFichier(max_length=1000, error_messages={"empty": VIDE, "required": "Choisissez un fichier."})

    def __init__(self, *args: Any, attendue: PieceAttendue, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{attendue.cle}-%s", initial={"nature": attendue.cle}, **kwargs)
        self.attendue = attendue
        fichier = self.fields["fichier"]
        fichier.label = f"Fichier pour «\u00a0{attendue.libelle}\u00a0»"
        fichier.help_text = "Formats acceptés\u00a0: " + ", ".join(LIBELLES_FORMATS[f] for f in attendue.formats) + "."
        fichier.widget.attrs["accept"] = ",".join(extensions_permises(attendue.formats))

    def clean_fichier(self) -> File:
        fichier: File = self.cleaned_data["fichier"]
        try:
            verifier_piece(fichier, self.attendue.formats)
        except RegleEnfreinte as erreur:
            raise forms.ValidationError(erreur.message) from erreur
        return fichier


class RestitutionForm(EntreesNettes, forms.Form):
    """`lue` is the fingerprint of what the page showed; a page that says none gives back the correction as it is.

    `sans_le_reste` confirms that what is left unanswered is so on purpose.
    """

    lue = forms.CharField(widget=forms.HiddenInput, required=False)
    sans_le_reste = forms.BooleanField(required=False)


class RevisionForm(EntreesNettes, forms.Form):
    """The demand's revision when the page was made; 0 when the page says none that makes sense."""

    revision = forms.IntegerField(min_value=0)

    @property
    def numero(self) -> int:
        self.is_valid()
        return int(self.cleaned_data.get("revision") or 0)
