"""The forms of notes and of read marks."""

from typing import Any

from django import forms

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.annotations.regles import COMMUNICABLE, LONGUEUR_MAX
from candidatures.instruction.annotations.requetes import collegues_de
from rebond.socle.formulaires.formulaire import EntreesNettes, FormulaireDsfr
from rebond.socle.texte.noms import par_nom
from rebond.socle.utilisateur import Utilisateur


class NoteForm(FormulaireDsfr, forms.Form):
    """`ancre` is the answer in whose margin the note stands; empty for the internal thread."""

    bouton = "Enregistrer la note"

    ancre = forms.CharField(widget=forms.HiddenInput, required=False, max_length=160)
    texte = forms.CharField(
        label="Votre note",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGUEUR_MAX,
        help_text=COMMUNICABLE,
        error_messages={"required": "Écrivez votre note."},
    )
    pour = forms.ModelMultipleChoiceField(
        Utilisateur.objects.none(),
        label="Prévenir par e-mail",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="L’e-mail dit qu’une note les attend\u00a0; il ne la cite pas.",
    )

    def __init__(self, *args: Any, candidature: Candidature, auteur: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["pour"]
        champ.queryset = collegues_de(candidature, auteur).order_by(*par_nom())


class LecturesForm(EntreesNettes, forms.Form):
    """Which attachments somebody says they have read, by the keys of their documents."""

    document = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["document"]
        champ.choices = [(pk, pk) for pk in documents]
