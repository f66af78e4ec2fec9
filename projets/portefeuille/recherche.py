"""What search finds of the projects of the portfolios."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse

from projets.mission.recherche import visibles_par
from projets.portefeuille.etats import EtatProjet
from projets.portefeuille.models import Projet
from rebond.recherche.expressions import Extrait, Pertinence, Trouve
from rebond.recherche.source import Ligne, Recherche, Resultat, Source
from rebond.socle.bdd.expressions import Vecteur


class Projets(Source):
    genre = "projets"
    titre = "Projets"

    def lignes(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        if requete := recherche.demande.requete:
            vecteur = Vecteur("intitule", "description")
            listes = Projet.objects.retenus().filter(mission__in=visibles_par(recherche).values("pk"))
            yield self.rangee(
                listes.filter(Trouve(vecteur, requete)),
                recherche,
                rang=Pertinence(vecteur, requete),
                titre="intitule",
                precision=Concat("industriel__nom", Value(" – "), "mission__titre", output_field=TextField()),
                extrait=Extrait("description", requete),
                marque="etat",
                parent="mission",
                fictif="mission__demonstration",
            )

    def adresse(self, ligne: Ligne, recherche: Recherche) -> str:
        return reverse("projets:projet", args=[ligne.parent, ligne.cle])

    def resultat(self, ligne: Ligne, recherche: Recherche) -> Resultat:
        return replace(super().resultat(ligne, recherche), badge=EtatProjet(ligne.marque).label)
