"""What search finds of missions and of the companies that they meet."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.http import urlencode

from projets.mission.etats import EtatMission
from projets.mission.filtres import accompagne
from projets.mission.models import Industriel, Mission
from rebond.recherche.expressions import Extrait, Pertinence, Trouve
from rebond.recherche.source import EXACT, NOMME, PRESQUE, Ligne, Recherche, Resultat, Source
from rebond.socle.bdd.expressions import Vecteur
from rebond.socle.texte.noms import alphabetique
from rebond.socle.texte.typographie import siren_fr
from territoires.recherche import LETTRES_MIN
from territoires.sources import territoires_nommes, territoires_voisins

#: Of a SIREN: fewer digits are those of anything.
CHIFFRES_MIN = 3


class Missions(Source):
    genre = "missions"
    titre = "Missions"

    def lignes(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        visibles = visibles_par(recherche)
        yield self._missions(visibles.filter(accompagne(territoires_nommes(recherche))), recherche, rang=NOMME)
        if requete := recherche.demande.requete:
            vecteur = Vecteur("titre", "contexte")
            yield self._missions(
                visibles.filter(Trouve(vecteur, requete)),
                recherche,
                rang=Pertinence(vecteur, requete) + NOMME,
                extrait=Extrait("contexte", requete),
            )

    def presque(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        voisines = visibles_par(recherche).filter(accompagne(territoires_voisins(recherche)))
        yield self._missions(voisines, recherche, rang=PRESQUE)

    def adresse(self, ligne: Ligne, recherche: Recherche) -> str:
        return reverse("projets:mission", args=[ligne.cle])

    def resultat(self, ligne: Ligne, recherche: Recherche) -> Resultat:
        return replace(super().resultat(ligne, recherche), badge=EtatMission(ligne.marque).label)

    def _missions(self, missions: QuerySet[Any], recherche: Recherche, **colonnes: Any) -> QuerySet[Any, Any]:
        return self.rangee(missions, recherche, titre="titre", marque="etat", fictif="demonstration", **colonnes)


class Entreprises(Source):
    """Each leads to its line among those of its mission."""

    genre = "entreprises"
    titre = "Entreprises"

    def lignes(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        visibles = _industriels(recherche)
        demande = recherche.demande
        if len(demande.numero) >= CHIFFRES_MIN:
            yield self._entreprises(visibles.filter(siren__startswith=demande.numero), recherche, rang=EXACT)
        if demande.requete:
            vecteur = Vecteur("nom", "activite")
            poids = Pertinence(vecteur, demande.requete)
            trouves = visibles.filter(Trouve(vecteur, demande.requete))
            yield self._entreprises(trouves, recherche, rang=poids, extrait=Extrait("activite", demande.requete))

    def presque(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        nom = recherche.demande.nom
        if len(nom) >= LETTRES_MIN and not recherche.demande.numero:
            proches = _industriels(recherche).alias(nu=alphabetique("nom")).filter(nu__trigram_strict_word_similar=nom)
            yield self._entreprises(proches, recherche, rang=PRESQUE)

    def adresse(self, ligne: Ligne, recherche: Recherche) -> str:
        siren = ligne.precision.partition(" ")[0]
        return f"{reverse('projets:industriels', args=[ligne.parent])}?{urlencode({'q': siren})}"

    def resultat(self, ligne: Ligne, recherche: Recherche) -> Resultat:
        siren, _, mission = ligne.precision.partition(" ")
        return replace(super().resultat(ligne, recherche), precision=f"SIREN {siren_fr(siren)} – {mission}")

    def _entreprises(self, lus: QuerySet[Any], recherche: Recherche, **colonnes: Any) -> QuerySet[Any, Any]:
        return self.rangee(
            lus,
            recherche,
            titre="nom",
            precision=Concat("siren", Value(" "), "mission__titre", output_field=TextField()),
            parent="mission",
            fictif="mission__demonstration",
            **colonnes,
        )


def visibles_par(recherche: Recherche) -> Any:
    """The missions that one sees; each kind of thing that they hold is looked for in them alone."""
    return Mission.objects.visibles_par(recherche.moi)


def _industriels(recherche: Recherche) -> Any:
    """Those that are listed in a mission: what was entered by mistake is not found."""
    return Industriel.objects.retenus().filter(mission__in=visibles_par(recherche).values("pk"))
