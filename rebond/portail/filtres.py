"""Search forms of the journal and of the outbox."""

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.db.models import Q, QuerySet

from rebond.portail.actes import libelle_acte
from rebond.socle.courriers.models import Courrier, CourrierQuerySet
from rebond.socle.formulaires.champs_de_temps import ChampJour
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.horloge.temps import debut_de_journee, fin_de_journee
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.texte.noms import nom_nu


class Filtres(FormulaireDsfr, forms.Form):
    methode = "get"
    avec_balise = False
    bouton = ""
    marquer_optionnels = False

    def disposition(self) -> Layout:
        colonnes = [Div(nom, css_class="fr-col-12 fr-col-md-4") for nom in self.fields]
        return Layout(Div(*colonnes, css_class="fr-grid-row fr-grid-row--gutters"))


class FiltresJournalForm(Filtres):
    acte = forms.ChoiceField(label="Acte", required=False)
    objet = forms.CharField(label="Objet (référence, nom…)", max_length=100, required=False)
    acteur = forms.CharField(label="Auteur", max_length=100, required=False)
    du = ChampJour(label="À partir du", required=False)
    au = ChampJour(label="Jusqu’au", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        libelles: dict[str, set[str]] = {}
        for acte, objet_type in EntreeJournal.objects.order_by().values_list("acte", "objet_type").distinct():
            libelles.setdefault(acte, set()).add(libelle_acte(acte, objet_type))
        connus = sorted(
            ((" ou ".join(sorted(noms, key=nom_nu)), acte) for acte, noms in libelles.items()),
            key=lambda la: nom_nu(la[0]),
        )
        self.fields["acte"].choices = [("", "Tous"), *((acte, nom) for nom, acte in connus)]  # type: ignore[attr-defined]

    def appliquer(self, entrees: QuerySet[EntreeJournal]) -> QuerySet[EntreeJournal]:
        """What matches; nothing as long as a date cannot be read, since the page would answer another question."""
        if not self.is_valid():
            return entrees.none()
        choix = self.cleaned_data
        if acte := choix.get("acte"):
            entrees = entrees.filter(acte=acte)
        if objet := choix.get("objet"):
            entrees = entrees.filter(objet__unaccent__icontains=objet)
        if acteur := choix.get("acteur"):
            entrees = entrees.filter(acteur__unaccent__icontains=acteur)
        if du := choix.get("du"):
            entrees = entrees.filter(ecrit_le__gte=debut_de_journee(du))
        if au := choix.get("au"):
            entrees = entrees.filter(ecrit_le__lt=fin_de_journee(au))
        return entrees


class FiltresCourriersForm(Filtres):
    SITUATIONS = {
        "attente": ("En attente d’envoi", Q(envoye_le=None, abandonne_le=None)),
        "envoyes": ("Envoyés", Q(envoye_le__isnull=False)),
        "abandonnes": ("Mis de côté après échecs", Q(abandonne_le__isnull=False)),
    }

    situation = forms.ChoiceField(
        label="Situation",
        required=False,
        choices=[("", "Tous"), *((cle, libelle) for cle, (libelle, _) in SITUATIONS.items())],
    )
    q = forms.CharField(label="Destinataire ou objet", max_length=100, required=False)

    def appliquer(self, courriers: CourrierQuerySet) -> QuerySet[Courrier]:
        choix = self.cleaned_data if self.is_valid() else {}
        if situation := choix.get("situation"):
            courriers = courriers.filter(self.SITUATIONS[situation][1])
        if q := choix.get("q"):
            courriers = courriers.filter(Q(destinataire__icontains=q) | Q(objet__unaccent__icontains=q))
        return courriers
