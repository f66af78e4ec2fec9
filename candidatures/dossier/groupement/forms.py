"""The forms of a grouping: find a member, add it, remove one, declare a PETR."""

from typing import Any, ClassVar

from django import forms
from django.db.models import F, Func, Q, TextField
from django.utils.functional import cached_property

from candidatures.dossier.forms.dossiers import RechercheEpciForm
from candidatures.dossier.models.groupements import Membre
from rebond.socle.formulaires.champs_de_texte import refuser_les_liens
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.texte.typographie import compte, siren_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.appellations import lire
from territoires.forms import SaisieEpci
from territoires.models import Epci, Petr
from territoires.models.contraintes import SIREN_INVALIDE
from territoires.recherche import RESULTATS_MAX, SAISIE_MAX
from territoires.regles import siren_compact, siren_valide

# Whole or being typed: they say what a PETR is, not which one.
MOTS_DE_PETR = frozenset({"petr", "pole", "equilibre", "territorial", "rural"})


class RechercheMembreForm(RechercheEpciForm):
    """By name or SIREN, EPCI and declared PETR alike; the suggestions of the page send `epci`."""

    q = forms.CharField(
        label="Nom, commune ou numéro SIREN de l’intercommunalité, ou nom du PETR",
        help_text="Par exemple «\u00a0Cambrai\u00a0», «\u00a059400\u00a0» ou «\u00a0200\u00a0068\u00a0500\u00a0».",
        max_length=SAISIE_MAX,
        required=False,
        widget=SaisieEpci,
    )

    epci = forms.CharField(required=False, widget=forms.HiddenInput)  # type: ignore[assignment]

    def __init__(self, *args: Any, moi: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moi = moi

    def clean_epci(self) -> list[Epci]:
        siren = siren_compact(self.cleaned_data["epci"])
        trouvees = list(Epci.objects.filter(siren=siren).avec_codes_departements())
        return [epci for epci in trouvees if not epci.au or not epci.suite(jour_de_paris(horloge_base()))]

    @cached_property
    def petrs(self) -> list[Petr]:
        self.is_valid()
        return petrs_trouves(self.cleaned_data.get("q") or "", self.moi)

    @property
    def collectivites(self) -> list[Epci | Petr]:
        """What the search finds, best first, PETR before the others; else what was picked among the suggestions.

        Look-alikes only when nothing was found.
        """
        if self.reponse is None:
            return [*self.choisis]
        propositions = self.reponse.trouvees or ([] if self.petrs else self.reponse.ressemblantes)
        return [*self.petrs, *(proposition.epci for proposition in propositions)]

    @property
    def phrase(self) -> str:
        """What is to be said of the search; nothing when it found something."""
        if self.reponse is None or self.petrs or not self.reponse.phrase:
            return ""
        return f"{self.reponse.phrase} Aucun PETR déclaré ne correspond non plus."

    @property
    def siren_propose(self) -> str:
        """What the list starts on, when only one thing can be meant."""
        if len(self.collectivites) == 1 and not (self.reponse and self.reponse.ressemblantes):
            return self.collectivites[0].siren
        return self.reponse.siren_propose if self.reponse and not self.petrs else ""


class NomDuTerritoireForm(FormulaireDsfr, forms.Form):
    """The name of the territory that a change of members makes."""

    avec_balise = False
    bouton: ClassVar[str] = ""

    nom = forms.CharField(
        label="Nom du nouveau territoire",
        help_text="Celui sous lequel il sera connu, par exemple « Cambrésis ». À défaut, les noms de ses "
        "intercommunalités.",
        max_length=160,
        required=False,
        validators=[refuser_les_liens],
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

    def __init__(self, *args: Any, recherche: RechercheMembreForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collectivites = {collectivite.siren: collectivite for collectivite in recherche.collectivites}
        champ: Any = self.fields["siren"]
        champ.choices = [(siren, libelle(collectivite)) for siren, collectivite in self.collectivites.items()]
        champ.initial = recherche.siren_propose
        if not any(isinstance(collectivite, Petr) for collectivite in self.collectivites.values()):
            del self.fields["prend_la_place"]

    @property
    def collectivite(self) -> Epci | Petr:
        return self.collectivites[self.cleaned_data["siren"]]


class PetrForm(NomDuTerritoireForm):
    """The SIREN and the name of a PETR; the address of the page carries its EPCI."""

    siren = forms.CharField(label="Numéro SIREN du PETR", help_text="Neuf chiffres.", max_length=20)
    nom_du_petr = forms.CharField(
        label="Nom du PETR",
        help_text="Par exemple « PETR du Pays du Cambrésis ».",
        max_length=160,
        validators=[refuser_les_liens],
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


def petrs_trouves(saisie: str, moi: Utilisateur) -> list[Petr]:
    """By their SIREN or SIRET, or its beginning, or by words of their name in any spelling: those that everybody
    knows,
    and those of one's own files. What somebody else has declared tells that they prepare a file.
    """
    lecture = lire(saisie)
    if lecture.siren or lecture.debut_de_siren:
        critere = Q(siren__startswith=lecture.siren or lecture.debut_de_siren)
    else:
        mots = [mot for mot in lecture.mots if mot not in MOTS_DE_PETR] or lecture.mots
        critere = Q(*(Q(cle__contains=mot) for mot in mots)) if mots else Q(pk__in=[])
    nus = Petr.objects.annotate(cle=Func(F("nom"), function="cle_de_nom", output_field=TextField()))
    miens = Membre.objects.filter(candidature__participations__utilisateur=moi).values("petr")
    nus = nus.filter(Q(declare_par=None) | Q(declare_par=moi) | Q(pk__in=miens))
    return list(nus.filter(critere).prefetch_related("epcis")[:RESULTATS_MAX])
