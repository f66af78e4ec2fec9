"""What one says of an intercommunalité that is not found, and what one answers."""

from typing import Any

from django import forms

from candidatures.demandes.actions import EpciASaisir
from candidatures.demandes.etats import Situation
from rebond.socle.formulaires.champs_de_texte import refuser_les_liens
from rebond.socle.formulaires.champs_nombres import EntierFr
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from territoires.etats import Nature
from territoires.forms import ChampEpci, ChampSiren
from territoires.models import Departement, Epci


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
    siren = ChampSiren(label="Sinon, numéro SIREN de celle que vous saisissez", max_length=20, required=False)
    nom = forms.CharField(label="Son nom", max_length=160, required=False, validators=[refuser_les_liens])
    nature = forms.ChoiceField(
        label="Sa nature", choices=[("", "Choisir une nature"), *Nature.choices], required=False
    )
    population = EntierFr(label="Sa population", min_value=0, max_value=20_000_000, required=False)
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

    SAISIES = ("nom", "nature", "population", "departement", "source")

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if not donnees.get("siren"):
            return donnees
        if donnees.get("epci"):
            self.add_error(
                "siren", "Choisissez une intercommunalité du référentiel, ou saisissez-en une\u00a0: pas les deux."
            )
        for nom in self.SAISIES:
            if nom not in self.errors and donnees.get(nom) in (None, ""):
                self.add_error(nom, "Complétez ce champ pour saisir cette intercommunalité.")
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
