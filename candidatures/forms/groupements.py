"""The forms of a grouping: find a member, add it, remove one, declare a PETR."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import F, Func, Q, TextField

from candidatures.forms.dossiers import RESULTATS_MAX, RechercheEpciForm
from rebond.socle.formulaires import FormulaireDsfr
from rebond.socle.typographie import compte, siren_fr
from territoires.models import Epci, Petr
from territoires.models.contraintes import SIREN_INVALIDE
from territoires.regles import normaliser, siren_compact, siren_valide


class RechercheMembreForm(RechercheEpciForm):
    """By name or SIREN, EPCI and declared PETR alike; the suggestions of the page send `epci`."""

    q = forms.CharField(
        label="Nom ou numéro SIREN de l’intercommunalité ou du PETR",
        help_text="Par exemple « Cambrai » ou « 200 068 500 ».",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    epci = forms.CharField(required=False, widget=forms.HiddenInput)  # type: ignore[assignment]

    def clean_epci(self) -> list[Epci]:
        siren = siren_compact(self.cleaned_data["epci"])
        return list(Epci.objects.filter(siren=siren).avec_codes_departements())

    @property
    def collectivites(self) -> list[Epci | Petr]:
        """What the search finds, best first, PETR before the others; else what was picked among the suggestions."""
        self.is_valid()
        q = self.cleaned_data.get("q")
        if not q:
            return [*self.choisis]
        return [*petrs_trouves(q), *Epci.objects.recherche(q)[:RESULTATS_MAX]]


class NomDuTerritoireForm(FormulaireDsfr, forms.Form):
    """The name of the territory that a change of members makes."""

    avec_balise = False
    bouton: ClassVar[str] = ""

    nom = forms.CharField(
        label="Nom du nouveau territoire",
        help_text="Celui sous lequel il sera connu, par exemple « Cambrésis ». À défaut, les noms de ses "
        "intercommunalités. Un groupement déjà connu du portail garde son nom.",
        max_length=160,
        required=False,
    )


class AjoutMembreForm(NomDuTerritoireForm):
    """One of `collectivites`, the answers of the search."""

    siren = forms.ChoiceField(
        label="Collectivité à ajouter",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une collectivité.",
            "invalid_choice": "Choisissez l’une des collectivités proposées.",
        },
    )
    prend_la_place = forms.BooleanField(
        label="Si c’est un PETR, il prend la place de ses intercommunalités déjà membres",
        help_text="Les pièces qu’elles avaient jointes sont alors enlevées du brouillon.",
        required=False,
    )
    field_order = ("siren", "prend_la_place", "nom")

    def __init__(self, *args: Any, collectivites: Iterable[Epci | Petr], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collectivites = {collectivite.siren: collectivite for collectivite in collectivites}
        champ: Any = self.fields["siren"]
        champ.choices = [(siren, libelle(collectivite)) for siren, collectivite in self.collectivites.items()]
        champ.initial = next(iter(self.collectivites), None)
        if not any(isinstance(collectivite, Petr) for collectivite in self.collectivites.values()):
            del self.fields["prend_la_place"]

    @property
    def collectivite(self) -> Epci | Petr:
        return self.collectivites[self.cleaned_data["siren"]]


class PetrForm(NomDuTerritoireForm):
    """The SIREN and the name of a PETR; the address of the page carries its EPCI."""

    siren = forms.CharField(label="Numéro SIREN du PETR", help_text="Neuf chiffres.", max_length=20)
    nom_du_petr = forms.CharField(
        label="Nom du PETR", help_text="Par exemple « PETR du Pays du Cambrésis ».", max_length=160
    )
    field_order = ("siren", "nom_du_petr", "nom")

    def clean_siren(self) -> str:
        return siren_propre(self.cleaned_data["siren"])


def siren_propre(saisie: str) -> str:
    siren = siren_compact(saisie)
    if not siren_valide(siren):
        raise forms.ValidationError(SIREN_INVALIDE.replace(" :", "\u00a0:"))
    return siren


def libelle(collectivite: Epci | Petr) -> str:
    """« PETR du Cambrésis – 2 intercommunalités – SIREN 200 068 500 »; an EPCI's own long label."""
    if isinstance(collectivite, Epci):
        return collectivite.libelle_long
    membres = compte(len(collectivite.epcis.all()), "intercommunalité")
    return f"{collectivite.nom} – {membres} – SIREN\u00a0{siren_fr(collectivite.siren)}"


def petrs_trouves(saisie: str) -> list[Petr]:
    """By the beginning of their SIREN, or by words of their name, with or without accents."""
    siren = siren_compact(saisie)
    if siren.isascii() and siren.isdigit():
        critere = Q(siren__startswith=siren)
    else:
        mots = normaliser(saisie).split()
        critere = Q(*(Q(recherche__contains=mot) for mot in mots)) if mots else Q(pk__in=[])
    nus = Petr.objects.annotate(recherche=Func(F("nom"), function="normaliser", output_field=TextField()))
    return list(nus.filter(critere).prefetch_related("epcis")[:RESULTATS_MAX])
