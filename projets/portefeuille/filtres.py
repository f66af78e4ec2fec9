"""Filters and sorts of the projects of a mission."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from projets.mission.filtres import Filtres, _cherche_industriel, epcis_de
from projets.mission.models import Mission
from projets.portefeuille.etats import EtatProjet, NatureProjet
from projets.portefeuille.models import Projet
from rebond.socle.texte.noms import alphabetique
from territoires.models import Epci

RANG_ETAT_PROJET = Case(
    *(When(etat=etat, then=Value(rang)) for rang, etat in enumerate(EtatProjet)), output_field=IntegerField()
)


class FiltresProjetsForm(Filtres):
    TRIS = {
        "intitule": alphabetique("intitule"),
        "industriel": alphabetique("industriel__nom"),
        "epci": alphabetique("epci__nom"),
        "etat": RANG_ETAT_PROJET,
        "recense_le": "recense_le",
        "investissement": "investissement",
        "emplois": "emplois_potentiels",
    }
    LARGEURS = {"q": 8}
    STRUCTURANTS: ClassVar[list[tuple[str, str]]] = [("", "Tous"), ("oui", "Structurants"), ("non", "Autres")]

    q = forms.CharField(label="Projet, industriel ou SIREN", max_length=100, required=False)
    epci = forms.ModelChoiceField(Epci.objects.none(), label="Intercommunalité", required=False, empty_label="Toutes")
    nature = forms.ChoiceField(label="Nature", choices=[("", "Toutes"), *NatureProjet.choices], required=False)
    etat = forms.ChoiceField(label="État", choices=[("", "Tous"), *EtatProjet.choices], required=False)
    structurant = forms.ChoiceField(label="Projets structurants", choices=STRUCTURANTS, required=False)

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["epci"].queryset = epcis_de(mission)  # type: ignore[attr-defined]

    def appliquer(self, projets: QuerySet[Projet], tri: str) -> QuerySet[Projet]:
        """`projets` come with their estimate (`avec_estimation`)."""
        choix = self.choix
        if q := choix.get("q"):
            projets = projets.filter(Q(intitule__unaccent__icontains=q) | _cherche_industriel(q, "industriel__"))
        for champ in ("epci", "nature", "etat"):
            if valeur := choix.get(champ):
                projets = projets.filter(**{champ: valeur})
        if structurant := choix.get("structurant"):
            projets = projets.filter(structurant=structurant == "oui")
        return projets.order_by(*self.ordre(tri))
