"""The porteur's other forms: territory, deposit, withdrawal."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from rebond.socle.formulaires.champs_de_texte import refuser_les_liens
from rebond.socle.formulaires.formulaire import EntreesNettes, FormulaireDsfr
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.texte.accords import majuscule
from territoires.appellations import l_epci
from territoires.forms import SaisieEpci
from territoires.models import Epci
from territoires.propositions import proposer_la_suite
from territoires.recherche import SAISIE_MAX, Reponse, chercher

CHOISIR = "Choisissez celle qui lui succède."
CHERCHER = "Cherchez celle à laquelle vos communes appartiennent aujourd’hui, par le nom de l’une d’elles."


class RechercheEpciForm(FormulaireDsfr, forms.Form):
    """Search by name or SIREN, beside the EPCI chosen so far, which the address of the page carries along."""

    methode = "get"
    avec_balise = False
    bouton = ""
    marquer_optionnels = False

    q = forms.CharField(
        label="Nom, commune ou numéro SIREN de l’intercommunalité",
        help_text="Par exemple «\u00a0Cambrai\u00a0», «\u00a059400\u00a0» ou «\u00a0200\u00a0068\u00a0500\u00a0».",
        max_length=SAISIE_MAX,
        required=False,
        widget=SaisieEpci,
    )
    epci = forms.ModelMultipleChoiceField(
        Epci.objects.all(),
        label="Intercommunalités choisies",
        to_field_name="siren",
        required=False,
        widget=forms.MultipleHiddenInput,
        error_messages={"invalid_choice": "Aucune intercommunalité ne porte le SIREN %(value)s."},
    )

    # Those of the address that no longer exist: they are chosen no more.
    finies: Sequence[Epci] = ()

    def clean_epci(self) -> list[Epci]:
        """Sorted by population, the largest first: the likeliest lead."""
        choisis = self.cleaned_data["epci"].avec_codes_departements().select_related("region")
        finies = [epci for epci in choisis if epci.au]
        if finies:
            jour = jour_de_paris(horloge_base())
            self.finies = [epci for epci in finies if epci.suite(jour)]
            choisis = [epci for epci in choisis if not epci.suite(jour)]
        return sorted(choisis, key=lambda epci: (-epci.population, epci.siren))

    @property
    def choisis(self) -> list[Epci]:
        self.is_valid()
        return list(self.cleaned_data.get("epci") or [])

    @cached_property
    def remplacement(self) -> Reponse | None:
        """What lives in the place of those that no longer exist, to be chosen, and what became of them; None when
        all of them do."""
        choisis = self.choisis
        if not self.finies:
            return None
        dites = " ".join(
            f"{majuscule(l_epci(epci.nom))}\u00a0: {epci.suite(epci.au)}." for epci in self.finies if epci.au
        )
        suivantes = proposer_la_suite(self.finies, [epci.pk for epci in choisis])
        return Reponse("", trouvees=suivantes, phrase=f"{dites} {CHOISIR if suivantes else CHERCHER}")

    @cached_property
    def reponse(self) -> Reponse | None:
        """What the search answers, without those already chosen; None when nothing is searched."""
        self.is_valid()
        q = self.cleaned_data.get("q")
        return chercher(q, sauf=self.choisis) if q else None


def epcis_voulus(chemin: str) -> list[Epci] | None:
    """The intercommunalités chosen in `chemin`, when it is an address of the page that opens a file; None for any
    other page, and for another site."""
    try:
        voulu = urlsplit(chemin)
    except ValueError:
        return None
    if voulu.scheme or voulu.netloc or voulu.path != reverse("candidatures:ouvrir"):
        return None
    return RechercheEpciForm(QueryDict(voulu.query)).choisis


class OuvertureForm(FormulaireDsfr, forms.Form):
    """The lead and the name of the grouping that opens a file; the address of the page carries its members."""

    bouton = "Commencer le dossier"
    avec_balise = False

    chef_de_file = forms.ModelChoiceField(
        Epci.objects.none(),
        label="Quelle intercommunalité est le chef de file ?",
        help_text="C’est elle qui dépose la candidature au nom du territoire.",
        to_field_name="siren",
        empty_label=None,
        widget=forms.RadioSelect,
    )
    nom = forms.CharField(
        label="Nom du territoire",
        help_text="Celui sous lequel il sera connu, par exemple « Cambrésis ». À défaut, les noms de ses membres.",
        max_length=160,
        required=False,
        validators=[refuser_les_liens],
    )

    def __init__(self, *args: Any, choisis: list[Epci], **kwargs: Any) -> None:
        initial = {"chef_de_file": choisis[0].siren if choisis else None}
        super().__init__(*args, initial=initial, **kwargs)
        chef: Any = self.fields["chef_de_file"]
        chef.queryset = Epci.objects.filter(pk__in=[epci.pk for epci in choisis])
        if len(choisis) == 1:
            chef.widget = forms.HiddenInput()


class EnregistrementForm(EntreesNettes, forms.Form):
    """What comes with a section: the revision that the page was made from, and where to go next.

    From the page of a conflict, `tranchee` is the revision that was read there, and `garder-<question>` says whose
    answer is kept; for a long text, `reunie-<question>` is what was made of both.
    """

    revision = forms.IntegerField(min_value=0)
    suite = forms.CharField(required=False)
    tranchee = forms.IntegerField(min_value=1, required=False)

    @property
    def numero(self) -> int:
        """The revision, 0 when the page that was received says none that makes sense: nothing is then overwritten."""
        self.is_valid()
        return int(self.cleaned_data.get("revision") or 0)

    def garde_l_enregistree(self, question: str) -> bool:
        return bool(self.data.get(f"garder-{question}") == "enregistree")

    def reunit(self, question: str) -> bool:
        return bool(self.data.get(f"garder-{question}") == "reunies")

    def avec_les_textes_reunis(self, donnees: QueryDict, questions: Iterable[str]) -> QueryDict:
        """What was sent, with the text made of both in the place of mine: it is then checked as any other."""
        reunies = donnees.copy()
        for cle in questions:
            if self.reunit(cle) and f"reunie-{cle}" in donnees:
                reunies.setlist(cle, [str(donnees[f"reunie-{cle}"])])
        return reunies


class DepotForm(FormulaireDsfr, forms.Form):
    """The final request, kept small: one key, drawn with the page, makes it harmless to send it twice; `lecture` says
    what the page shows.

    `atteste` says that what the button attests was written beside it. None is worth losing a request that came in
    time: without them, it deposits the file as it stands.
    """

    bouton = "Déposer le dossier"

    cle = forms.CharField(widget=forms.HiddenInput, initial=uuid4, required=False)
    lecture = forms.CharField(widget=forms.HiddenInput, required=False)
    relue = forms.BooleanField(widget=forms.HiddenInput, initial=False, required=False)
    atteste = forms.BooleanField(widget=forms.HiddenInput, initial=False, required=False)

    def clean_cle(self) -> UUID:
        try:
            return UUID(self.cleaned_data["cle"])
        except ValueError:
            return uuid4()


class DepotDeLaVersionRelueForm(DepotForm):
    """The same, once the page has told what changed since: deposit what was read nevertheless."""

    bouton = "Déposer la version que j’ai relue"


class RetraitForm(FormulaireDsfr, forms.Form):
    avec_balise = False
    bouton = ""

    confirmation = forms.BooleanField(
        label="Je retire ce dossier",
        error_messages={"required": "Cochez cette case pour confirmer le retrait."},
    )
