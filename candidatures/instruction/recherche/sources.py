"""What search finds of the files that one reads as an agent or as an expert."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import FloatField, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.urls import reverse

from candidatures.dossier.recherche import Dossiers, par_reference
from candidatures.instruction.acces import lisibles_par, pour_agents, suivis_par
from candidatures.instruction.recherche.models import PieceNommee, TexteDuDossier, TexteLu
from candidatures.instruction.recherche.verite import REPONSES
from candidatures.instruction.suivi.models import Suivi
from rebond.comptes.habilitations import a_le_role
from rebond.recherche.expressions import Extrait, Pertinence, Trouve
from rebond.recherche.source import EXACT, PESES, PRESQUE, Recherche, rang_du_nom
from territoires.etats import Role
from territoires.sources import territoires_nommes, territoires_voisins


class DossiersLus(Dossiers):
    genre = "dossiers"
    titre = "Dossiers"

    def lignes(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        lus = lus_par(recherche)
        demande = recherche.demande
        if (cites := par_reference(lus, demande.saisie)) is not None:
            yield self._derniers(cites, recherche, rang=EXACT)
        nommes = lus.filter(territoire__in=territoires_nommes(recherche))
        yield self._derniers(nommes, recherche, rang=rang_du_nom("suivi__nom", demande), nom=demande.nom)
        if demande.requete:
            yield self._ecrits(lus, recherche)

    def presque(self, recherche: Recherche) -> Iterable[QuerySet[Any, Any]]:
        voisins = lus_par(recherche).filter(territoire__in=territoires_voisins(recherche))
        yield self._derniers(voisins, recherche, rang=PRESQUE)

    def adresse(self, ligne: Any, recherche: Recherche) -> str:
        return reverse("instruction:dossier", args=[ligne.cle])

    def _derniers(self, lus: QuerySet[Any], recherche: Recherche, *, rang: Any, nom: str = "") -> QuerySet[Any, Any]:
        """The latest of these narrow rows, whole; those of that very `nom` first."""
        if nom:
            premiers = lus.alias(egal=rang_du_nom("nom", recherche.demande)).order_by("-egal", "-pk")
        else:
            premiers = lus.order_by("-pk")
        return self.dossiers(_entiers(premiers.values("pk")[: recherche.au_plus + 1], recherche), recherche, rang=rang)

    def _ecrits(self, lus: QuerySet[Any], recherche: Recherche) -> QuerySet[Any, Any]:
        """Those whose text answers: of thousands, the last ones are weighed, by what their answers say and not by
        their attachments, of which each may hold hundreds of pages. Those that only an attachment found come after."""
        requete = recherche.demande.requete
        derniers = lus.filter(pk__in=textes_trouves(requete)).order_by("-pk").values("pk")[:PESES]
        trouves = TexteDuDossier.objects.filter(Trouve("vecteur", requete), candidature=OuterRef("pk"))
        poids = trouves.filter(origine=REPONSES).annotate(poids=Pertinence("vecteur", requete)).values("poids")
        # The answers, where they say it as well as an attachment: their origin is read first, and nothing after it.
        origine = Subquery(trouves.order_by("-origine").values("origine")[:1], output_field=TextField())
        return self.dossiers(
            _entiers(derniers, recherche).alias(origine=origine),
            recherche,
            rang=Coalesce(Subquery(poids, output_field=FloatField()), Value(PRESQUE)),
            extrait=Extrait(TexteLu("pk", "origine"), requete),
            lieu=PieceNommee("pk", "origine"),
        )


def textes_trouves(requete: str) -> RawSQL:
    """The keys of the files of which a text answers, whoever reads them: to be crossed with what one reads."""
    return RawSQL("SELECT candidatures_textes_trouves(%s::tsquery)", (requete,))


def textes_trouves_par(mots: Sequence[str]) -> RawSQL:
    """The same, of bare words."""
    return RawSQL("SELECT candidatures_textes_trouves(recherche_requete(%s))", ([*mots],))


def lus_par(recherche: Recherche) -> Any:
    """The narrow rows of the files that one reads: the whole of them, or what was put to an expert."""
    if a_le_role(recherche.moi, Role.EXPERT):
        return Suivi.objects.filter(pk__in=pour_agents(recherche.moi, recherche.instant).values("pk"))
    return suivis_par(recherche.moi)


def _entiers(cles: QuerySet[Any, Any], recherche: Recherche) -> Any:
    return lisibles_par(recherche.moi, recherche.instant).filter(pk__in=cles)
