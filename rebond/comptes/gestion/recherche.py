"""What search finds of accounts, for administrateurs."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Case, QuerySet, TextField, Value, When
from django.db.models.functions import Concat, Trim
from django.urls import reverse

from rebond.comptes.habilitations import a_le_role
from rebond.comptes.requetes import nomme
from rebond.recherche.source import NOMME, PRESQUE, Ligne, Recherche, Resultat, Source
from rebond.socle.texte.noms import alphabetique
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.recherche import LETTRES_MIN

FERME = "Désactivé"


class Comptes(Source):
    genre = "comptes"
    titre = "Comptes"

    def lignes(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        if a_le_role(recherche.moi, Role.ADMINISTRATEUR):
            nommes = Utilisateur.objects.filter(nomme(recherche.demande.saisie))
            yield self._comptes(nommes, recherche, rang=NOMME)

    def presque(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        nom = recherche.demande.nom
        if len(nom) >= LETTRES_MIN and a_le_role(recherche.moi, Role.ADMINISTRATEUR):
            proches = Utilisateur.objects.alias(nu=alphabetique(NOM)).filter(nu__trigram_strict_word_similar=nom)
            yield self._comptes(proches, recherche, rang=PRESQUE)

    def adresse(self, ligne: Ligne, recherche: Recherche) -> str:
        return reverse("administration:compte", args=[ligne.cle])

    def resultat(self, ligne: Ligne, recherche: Recherche) -> Resultat:
        lu = super().resultat(ligne, recherche)
        return replace(lu, titre=lu.titre or lu.precision, badge=ligne.marque)

    def _comptes(self, comptes: QuerySet[Any], recherche: Recherche, *, rang: float) -> QuerySet[Any, Any]:
        marque = Case(When(is_active=False, then=Value(FERME)), default=Value(""))
        return self.rangee(comptes, recherche, rang=rang, titre=Trim(NOM), precision="email", marque=marque)


NOM = Concat("prenom", Value(" "), "nom", output_field=TextField())
