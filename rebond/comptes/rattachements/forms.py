"""What an administrateur says of the link between a person and an authority."""

from django import forms

from rebond.comptes.rattachements.regles import MOTIF_ATTENDU
from rebond.socle.formulaires.formulaire import FormulaireDsfr


class AdresseForm(FormulaireDsfr, forms.Form):
    bouton = "Envoyer le code à cette adresse"

    adresse = forms.EmailField(
        label="Adresse e-mail officielle de la collectivité",
        help_text="À vérifier sur son site ou dans l’annuaire de l’administration. Format attendu\u00a0: "
        "nom@domaine.fr",
        max_length=254,
    )


class ParoleForm(FormulaireDsfr, forms.Form):
    bouton = "Attester que cette personne y travaille"

    motif = forms.CharField(
        label="Comment le savez-vous\u00a0?",
        help_text="Par exemple «\u00a0Appel à l’accueil le 3 juin\u00a0». Cela reste au journal.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": MOTIF_ATTENDU},
    )


class FinForm(FormulaireDsfr, forms.Form):
    bouton = "Ne pas reconnaître ce lien"

    motif = forms.CharField(
        label="Raison",
        help_text="La personne la lira.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": MOTIF_ATTENDU},
    )
