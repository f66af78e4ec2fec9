"""What one says of an intercommunalité that is not found, and what one answers."""

from typing import Any, ClassVar

from crispy_forms.layout import HTML, Layout
from django import forms

from candidatures.demandes.actions import EpciASaisir
from candidatures.demandes.etats import Situation
from rebond.socle.formulaires.champs_de_texte import refuser_les_liens
from rebond.socle.formulaires.champs_nombres import EntierFr
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from territoires.etats import Nature
from territoires.forms import ChampEpci, ChampSiren
from territoires.models import Departement, Epci

ABSENTE = "Elle n’est pas dans le référentiel\u00a0: l’ajouter"
ENSEMBLE = "Remplissez les six champs. Elle sera proposée à tous, et dite saisie à la main."


class DemandeForm(FormulaireDsfr, forms.Form):
    bouton = "Envoyer"

    collectivite = forms.CharField(
        label="Quelle intercommunalité cherchez-vous\u00a0?",
        help_text="Son nom, comme vous l’écrivez. Sur une île, ou là où il n’y en a pas, le nom de votre commune.",
        max_length=160,
        validators=[refuser_les_liens],
        error_messages={"required": "Dites quelle intercommunalité vous cherchez."},
    )
    situation = forms.ChoiceField(
        label="Que savez-vous d’elle\u00a0?",
        choices=Situation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce que vous savez d’elle."},
    )
    commune = forms.CharField(label="Une de ses communes", max_length=120, required=False)
    siren = ChampSiren(
        label="Son numéro SIREN, si vous le connaissez", help_text="Neuf chiffres.", max_length=20, required=False
    )
    nom = forms.CharField(
        label="Votre nom",
        max_length=120,
        validators=[refuser_les_liens],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Saisissez votre nom."},
    )
    email = forms.EmailField(
        label="Votre adresse e-mail",
        help_text="Nous vous répondrons à cette adresse. Par exemple mairie@commune.fr.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Saisissez votre adresse e-mail."},
    )
    telephone = forms.CharField(
        label="Votre téléphone",
        help_text="Si vous préférez que nous vous appelions. Par exemple 03 27 00 00 00.",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    message = forms.CharField(
        label="Ce que nous devons savoir de plus",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReponseForm(FormulaireDsfr, forms.Form):
    """Either an authority of the reference, or one that is entered with its source, or words alone."""

    bouton = "Envoyer la réponse"

    epci = ChampEpci(
        label="Intercommunalité du référentiel, si elle y est",
        help_text="Par son nom, une commune ou son numéro SIREN.",
        required=False,
    )
    siren = ChampSiren(label="Son numéro SIREN", help_text="Neuf chiffres.", max_length=20, required=False)
    nom = forms.CharField(label="Son nom", max_length=160, required=False, validators=[refuser_les_liens])
    nature = forms.ChoiceField(
        label="Sa nature", choices=[("", "Choisir une nature"), *Nature.choices], required=False
    )
    population = EntierFr(label="Sa population", min_value=0, max_value=20_000_000, unite="habitants", required=False)
    departement = forms.ModelChoiceField(
        Departement.objects.select_related("region"),
        label="Son département",
        empty_label="Choisir un département",
        required=False,
    )
    source = forms.CharField(
        label="D’où vous le savez",
        help_text="L’arrêté et sa date, ou la page officielle. Ce sera gardé avec elle.",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reponse = forms.CharField(
        label="Votre réponse",
        help_text="La personne la recevra par e-mail.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Écrivez ce que la personne doit savoir."},
    )

    SAISIES: ClassVar[dict[str, str]] = {
        "nom": "Saisissez son nom.",
        "nature": "Choisissez sa nature.",
        "population": "Saisissez sa population.",
        "departement": "Choisissez son département.",
        "source": "Dites d’où vous le savez.",
    }

    dits_ensemble = ("siren", *SAISIES)

    def disposition(self) -> Layout:
        """What enters an authority is folded until it serves: all of it is filled in, or none of it."""
        commencee = self.is_bound and any(self.data.get(nom) for nom in self.dits_ensemble)
        return Layout(
            "epci",
            HTML(f'<details class="fr-mb-4w"{" open" if commencee else ""}><summary>{ABSENTE}</summary>'),
            HTML(f"<p>{ENSEMBLE}</p>"),
            "siren",
            *self.SAISIES,
            HTML("</details>"),
            "reponse",
        )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if not donnees.get("siren"):
            if "siren" not in self.errors and any(donnees.get(nom) not in (None, "") for nom in self.SAISIES):
                self.add_error("siren", "Saisissez son numéro SIREN\u00a0: sans lui, nous ne pouvons pas l’ajouter.")
            return donnees
        if donnees.get("epci"):
            self.add_error(
                "siren", "Choisissez une intercommunalité du référentiel, ou saisissez-en une\u00a0: pas les deux."
            )
        for nom, message in self.SAISIES.items():
            if nom not in self.errors and donnees.get(nom) in (None, ""):
                self.add_error(nom, message)
        return donnees

    @property
    def choisie(self) -> Epci | None:
        choix = self.cleaned_data["epci"]
        return Epci.objects.get(siren=choix["siren"]) if choix else None

    @property
    def a_saisir(self) -> EpciASaisir | None:
        lu = self.cleaned_data
        if not lu["siren"]:
            return None
        return EpciASaisir(
            siren=lu["siren"],
            nom=lu["nom"],
            nature=Nature(lu["nature"]),
            population=lu["population"],
            departement=lu["departement"],
            source=lu["source"],
        )
