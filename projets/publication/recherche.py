"""What search finds of press releases, for the press office: whatever they froze, under embargo or not."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from projets.publication.models import Communique
from rebond.comptes.habilitations import a_le_role
from rebond.recherche.expressions import Extrait, Pertinence, Texte, Trouve
from rebond.recherche.source import Ligne, Recherche, Resultat, Source
from rebond.socle.bdd.expressions import Vecteur
from rebond.socle.texte.typographie import date_fr
from territoires.etats import Role


class Communiques(Source):
    genre = "communiques"
    titre = "Communiqués"

    def lignes(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        requete = recherche.demande.requete
        if not requete or not a_le_role(recherche.moi, Role.PRESSE):
            return
        vecteur = Vecteur(Texte("contenu"))
        yield self.rangee(
            Communique.objects.filter(Trouve(vecteur, requete)),
            recherche,
            rang=Pertinence(vecteur, requete),
            titre=KT("contenu__titre"),
            precision=Concat(
                Cast("au", TextField()), Value(" "), Cast("version", TextField()), output_field=TextField()
            ),
            extrait=Extrait(Texte("contenu__blocs"), requete),
        )

    def adresse(self, ligne: Ligne, recherche: Recherche) -> str:
        return reverse("presse:communique", args=[ligne.cle])

    def resultat(self, ligne: Ligne, recherche: Recherche) -> Resultat:
        au, version = ligne.precision.split()
        dite = f"Chiffres au {date_fr(date.fromisoformat(au))} – version {version}"
        return super().resultat(replace(ligne, precision=dite), recherche)
