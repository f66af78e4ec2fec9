"""Filters and sorts of the missions and of their companies."""

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.layout import Div, Layout
from django import forms
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy

from projets.mission.etats import EtatMission
from projets.mission.models import Industriel, Mission, MissionLabellisation
from rebond.socle.formulaires.formulaire import FormulaireDsfr
from rebond.socle.texte.noms import alphabetique
from territoires.models import Epci, Region, Territoire
from territoires.recherche import territoires_cherches
from territoires.regles import siren_compact

RANG_ETAPE = Case(
    *(When(etat=etat, then=Value(rang)) for rang, etat in enumerate(EtatMission)), output_field=IntegerField()
)


class Filtres(FormulaireDsfr, forms.Form):
    """`TRIS`: what each key of `?tri=` sorts by; the first one is the default. `LARGEURS`: twelfths of the row."""

    methode = "get"
    avec_balise = False
    bouton = ""
    marquer_optionnels = False
    TRIS: ClassVar[Mapping[str, Any]] = {}
    LARGEURS: ClassVar[Mapping[str, int]] = {}

    def disposition(self) -> Layout:
        colonnes = [Div(nom, css_class=f"fr-col-12 fr-col-md-{self.LARGEURS.get(nom, 4)}") for nom in self.fields]
        return Layout(Div(*colonnes, css_class="fr-grid-row fr-grid-row--gutters"))

    @property
    def choix(self) -> dict[str, Any]:
        """What was chosen; a field that is wrong is left out, the others still filter."""
        self.is_valid()
        return self.cleaned_data

    def ordre(self, tri: str) -> list[OrderBy | str]:
        """Empty values last in both directions; the primary key settles the rest."""
        cle = tri.removeprefix("-")
        expression = self.TRIS.get(cle) or next(iter(self.TRIS.values()))
        expression = F(expression) if isinstance(expression, str) else expression
        descendant = cle in self.TRIS and tri.startswith("-")
        return [expression.desc(nulls_last=True) if descendant else expression.asc(nulls_last=True), "pk"]


def epcis_de(mission: Mission) -> QuerySet[Epci]:
    """Members of the territories that the mission serves."""
    return Epci.objects.filter(pk__in=mission.labellisations.values("territoire__epcis")).order_by(
        alphabetique("nom"), "pk"
    )


class FiltresMissionsForm(Filtres):
    TRIS = {"debut": "debut", "titre": alphabetique("titre"), "etape": RANG_ETAPE, "restituee_le": "restituee_le"}

    q = forms.CharField(label="Mission ou territoire", max_length=100, required=False)
    etape = forms.ChoiceField(label="Étape", choices=[("", "Toutes"), *EtatMission.choices], required=False)
    region = forms.ModelChoiceField(
        Region.objects.order_by(alphabetique("nom")),
        label="Région",
        required=False,
        empty_label="Toutes",
        to_field_name="code",
    )

    def appliquer(self, missions: QuerySet[Mission], tri: str) -> QuerySet[Mission]:
        choix = self.choix
        if q := choix.get("q"):
            missions = missions.filter(Q(titre__unaccent__icontains=q) | _accompagne(territoires_cherches(q)))
        if etape := choix.get("etape"):
            missions = missions.filter(etat=etape)
        if region := choix.get("region"):
            missions = missions.filter(_accompagne(Territoire.objects.en_region(region)))
        return missions.order_by(*self.ordre(tri))


def _accompagne(territoires: QuerySet[Territoire]) -> Q:
    rattachements = MissionLabellisation.objects.filter(labellisation__territoire__in=territoires.values("pk"))
    return Q(pk__in=rattachements.values("mission"))


class FiltresIndustrielsForm(Filtres):
    TRIS = {
        "nom": alphabetique("nom"),
        "epci": alphabetique("epci__nom"),
        "effectif": "effectif",
        "rencontre_le": "rencontre_le",
    }
    RENCONTRES: ClassVar[dict[str, tuple[str, Q]]] = {
        "oui": ("Rencontrés", Q(rencontre_le__isnull=False)),
        "non": ("À rencontrer", Q(rencontre_le=None)),
    }

    q = forms.CharField(label="Raison sociale, activité ou SIREN", max_length=100, required=False)
    rencontre = forms.ChoiceField(
        label="Rencontre",
        choices=[("", "Tous"), *((cle, libelle) for cle, (libelle, _) in RENCONTRES.items())],
        required=False,
    )
    epci = forms.ModelChoiceField(Epci.objects.none(), label="Intercommunalité", required=False, empty_label="Toutes")

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["epci"].queryset = epcis_de(mission)  # type: ignore[attr-defined]

    def appliquer(self, industriels: QuerySet[Industriel], tri: str) -> QuerySet[Industriel]:
        choix = self.choix
        if q := choix.get("q"):
            industriels = industriels.filter(_cherche_industriel(q))
        if rencontre := choix.get("rencontre"):
            industriels = industriels.filter(self.RENCONTRES[rencontre][1])
        if epci := choix.get("epci"):
            industriels = industriels.filter(epci=epci)
        return industriels.order_by(*self.ordre(tri))


def _cherche_industriel(saisie: str, prefixe: str = "") -> Q:
    siren = siren_compact(saisie)
    if siren.isascii() and siren.isdecimal():
        return Q(**{f"{prefixe}siren__startswith": siren})
    return Q(**{f"{prefixe}nom__unaccent__icontains": saisie}) | Q(
        **{f"{prefixe}activite__unaccent__icontains": saisie}
    )
