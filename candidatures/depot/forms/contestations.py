"""What an administrateur answers to an authority."""

from django import forms

from rebond.socle.formulaires.formulaire import FormulaireDsfr

CHOIX = (
    ("oui", "Oui\u00a0: ce dossier n’est pas d’elle, il reste sous réserve"),
    ("non", "Non\u00a0: le signalement est écarté"),
)


class ReponseForm(FormulaireDsfr, forms.Form):
    bouton = "Répondre"

    fondee = forms.TypedChoiceField(
        label="La collectivité a-t-elle raison\u00a0?",
        choices=CHOIX,
        coerce=lambda choix: choix == "oui",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
    reponse = forms.CharField(
        label="Votre réponse",
        help_text="La collectivité et les auteurs du dossier la liront.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez votre réponse."},
    )
