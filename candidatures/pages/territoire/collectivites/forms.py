"""What one types to show for which authority one works."""

from django import forms

from rebond.socle.formulaires.formulaire import FormulaireDsfr
from territoires.forms import ChampEpci


class ChercherForm(FormulaireDsfr, forms.Form):
    bouton = "Continuer"
    methode = "get"
    marquer_optionnels = False

    collectivite = ChampEpci(
        label="Pour quelle intercommunalité travaillez-vous\u00a0?",
        help_text="Son nom, une de ses communes ou son numéro SIREN.",
    )


class DemandeForm(FormulaireDsfr, forms.Form):
    bouton = "Demander la vérification"

    adresse = forms.EmailField(
        label="Adresse e-mail officielle de la collectivité, si vous la connaissez",
        help_text="Celle de l’accueil ou du secrétariat, par exemple contact@collectivite.fr. Pas la vôtre.",
        max_length=254,
        required=False,
    )


class CodeForm(FormulaireDsfr, forms.Form):
    bouton = "Valider le code"
    marquer_optionnels = False

    code = forms.CharField(
        label="Code reçu par votre collectivité",
        help_text="Huit lettres et chiffres, par exemple ABCD-EFGH.",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Saisissez le code."},
    )
