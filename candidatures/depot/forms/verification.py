"""What one copies from a receipt to check it."""

import re

from django import forms

from rebond.socle.formulaires.formulaire import FormulaireDsfr

EMPREINTE = re.compile(r"[0-9a-f]{64}")
ESPACES = re.compile(r"\s+")
TIRETS = str.maketrans("–—‑‐", "----")


class VerificationForm(FormulaireDsfr, forms.Form):
    methode = "get"
    bouton = "Vérifier"
    marquer_optionnels = False

    numero = forms.CharField(
        label="Numéro du dépôt",
        help_text="Par exemple «\u00a0R14-0042-1\u00a0».",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    empreinte = forms.CharField(
        label="Code de vérification (SHA-256) des réponses",
        help_text="Les 64 chiffres et lettres de la ligne «\u00a0Réponses et liste des pièces\u00a0» de l’accusé.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_numero(self) -> str:
        numero: str = self.cleaned_data["numero"]
        return ESPACES.sub("", numero).translate(TIRETS).upper()

    def clean_empreinte(self) -> str:
        """On paper and in PDF it runs over two lines: spaces are forgiven."""
        empreinte = ESPACES.sub("", self.cleaned_data["empreinte"]).lower()
        if not EMPREINTE.fullmatch(empreinte):
            raise forms.ValidationError("Ce code compte 64 caractères\u00a0: des chiffres et les lettres a à f.")
        return empreinte
