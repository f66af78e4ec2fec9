"""The forms of a thread of messages."""

from typing import Any

from django import forms
from django.core.files import File

from candidatures.dossier.pieces.verification import VIDE, extensions_permises, verifier_piece
from candidatures.instruction.echanges.actions import FORMATS
from candidatures.instruction.echanges.regles import FICHIERS_MAX, empechement_d_y_joindre
from candidatures.instruction.forms import TexteLong
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.formulaires.champs_fichiers import ChampFichier
from rebond.socle.formulaires.formulaire import EntreesNettes, FormulaireDsfr


class SaisieDeFichiers(forms.FileInput):
    allow_multiple_selected = True


class ChampFichiers(ChampFichier):
    """Several files at once, each judged by its content; a list, empty when there is none."""

    widget = SaisieDeFichiers

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        recus = data if isinstance(data, list | tuple) else [data]
        fichiers = [super(ChampFichiers, self).clean(recu, initial) for recu in recus if recu]
        if refus := empechement_d_y_joindre(len(fichiers)):
            raise forms.ValidationError(refus)
        try:
            for fichier in fichiers:
                verifier_piece(fichier, FORMATS)
        except RegleEnfreinte as erreur:
            raise forms.ValidationError(erreur.message) from erreur
        return fichiers


class MessageForm(FormulaireDsfr, forms.Form):
    bouton = "Envoyer le message"

    texte = TexteLong(label="Votre message")
    fichiers = ChampFichiers(
        label="Fichiers joints",
        help_text=f"PDF ou images, {FICHIERS_MAX} fichiers au plus.",
        required=False,
        error_messages={"empty": VIDE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fichiers"].widget.attrs["accept"] = ",".join(extensions_permises(FORMATS))


class LectureForm(EntreesNettes, forms.Form):
    """How far the thread was shown when it was said to be read."""

    jusqu_a = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
