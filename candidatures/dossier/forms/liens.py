"""Forms of the secret links: whom one is for, and until when."""

from collections.abc import Iterable
from typing import Any

from django import forms

from candidatures.dossier.etats import GenreDeLien
from candidatures.dossier.models.groupements import Membre
from candidatures.dossier.regles_de_liens import DUREES
from rebond.socle.formulaires.formulaire import FormulaireDsfr


class LienDeLectureForm(FormulaireDsfr, forms.Form):
    bouton = "Créer le lien"

    pour = forms.CharField(
        label="Pour qui est ce lien\u00a0?",
        help_text="Par exemple «\u00a0Mme la maire\u00a0». Vous seuls le lirez, pour vous y retrouver.",
        max_length=160,
        error_messages={"required": "Dites pour qui est ce lien."},
    )
    jours = forms.TypedChoiceField(
        label="Il s’ouvre pendant",
        choices=[(str(jours), f"{jours}\u00a0jours") for jours in DUREES],
        coerce=int,
        initial=str(DUREES[1]),
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une durée."},
    )


class LienDeMembreForm(FormulaireDsfr, forms.Form):
    """A link to one of `membres`, by e-mail."""

    bouton = "Envoyer le lien"

    membre = forms.TypedChoiceField(
        label="Collectivité", coerce=int, error_messages={"required": "Choisissez la collectivité à qui écrire."}
    )
    genre = forms.TypedChoiceField(
        label="Ce que vous lui demandez",
        choices=[
            (GenreDeLien.ACCORD.value, "Lire le dossier et donner son bon pour dépôt"),
            (GenreDeLien.PIECE.value, "Envoyer sa délibération"),
        ],
        coerce=GenreDeLien,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que vous demandez."},
    )
    email = forms.EmailField(
        label="Adresse e-mail",
        help_text="Celle de la personne qui répondra pour cette collectivité. Format attendu\u00a0: nom@domaine.fr",
        max_length=254,
        error_messages={"required": "Saisissez une adresse e-mail."},
    )

    def __init__(self, *args: Any, membres: Iterable[Membre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["membre"]
        champ.choices = [(str(membre.pk), membre.nom) for membre in membres]


class AccordForm(FormulaireDsfr, forms.Form):
    """Who signs, and the version that the page showed."""

    bouton = "Donner le bon pour dépôt"

    empreinte = forms.CharField(max_length=64, widget=forms.HiddenInput)
    signataire = forms.CharField(
        label="Votre nom", max_length=150, error_messages={"required": "Saisissez votre nom."}
    )
    fonction = forms.CharField(
        label="Votre fonction",
        help_text="Par exemple «\u00a0présidente\u00a0» ou «\u00a0directeur général des services\u00a0».",
        max_length=150,
        error_messages={"required": "Saisissez votre fonction."},
    )
    lu = forms.BooleanField(
        label="J’ai lu cette version du dossier, et ma collectivité est d’accord pour qu’elle soit déposée.",
        error_messages={"required": "Cochez la case pour donner votre bon pour dépôt."},
    )
