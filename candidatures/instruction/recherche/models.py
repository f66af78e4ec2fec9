"""The searchable text of each file that was deposited, and the triggers that keep it."""

from typing import Any

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import TextField
from django.db.models.expressions import Func

from candidatures.depot.models import Depot, PieceDeposee
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.instruction.recherche.verite import (
    ECRIRE,
    OUBLIER_LES_PIECES,
    PIECE_DEPOSEE,
    PIECE_LUE,
    PIECES_RENDUES,
    REPONSES,
)
from rebond.socle.documents.lectures.models import Lecture


class TexteDuDossier(models.Model):
    """What one text of a file is searched by. Postgres writes that of its answers, in the transaction of whatever
    changes them (`verite`); drafts have none, so that saving one costs nothing more.

    `origine` says which text: `REPONSES`, or what a worker has read in an attachment.
    """

    candidature = models.ForeignKey(Candidature, models.CASCADE, related_name="textes", db_index=False)
    origine = models.CharField("texte", max_length=64, default=REPONSES)
    vecteur = SearchVectorField("ce par quoi il se trouve")

    class Meta:
        verbose_name = "texte d’un dossier"
        verbose_name_plural = "textes des dossiers"
        constraints = [models.UniqueConstraint(fields=["candidature", "origine"], name="texte_du_dossier_par_origine")]
        indexes = [GinIndex(fields=["vecteur"], name="texte_du_dossier_par_mots")]

    def __str__(self) -> str:
        return f"{self.origine} de {self.candidature}"


class TexteLu(Func):
    """The text of one origin, as agents read it (`verite`), as far as a passage is looked for in it."""

    function = "candidatures_texte_de"
    output_field = TextField()


class PieceNommee(Func):
    """The name that an attachment bears in a file, from the origin of its text; empty for the answers."""

    function = "candidatures_piece_nommee"
    output_field = TextField()


def _recrire(
    modele: Any, nom: str, operation: Any, condition: pgtrigger.Condition | None = None, func: str = ECRIRE
) -> None:
    pgtrigger.Trigger(name=nom, when=pgtrigger.After, operation=operation, condition=condition, func=func).register(
        modele
    )


RENDUE = pgtrigger.Q(old__rendue_le__isnull=True, new__rendue_le__isnull=False)
_recrire(Depot, "texte_du_depot", pgtrigger.Insert)
_recrire(Depot, "pieces_du_depot_precedent", pgtrigger.Insert, func=OUBLIER_LES_PIECES)
_recrire(PieceDeposee, "texte_de_la_piece", pgtrigger.Insert, func=PIECE_DEPOSEE)
_recrire(DemandeDeCorrection, "texte_de_la_correction", pgtrigger.Update, RENDUE)
_recrire(DemandeDeCorrection, "textes_des_pieces_rendues", pgtrigger.Update, RENDUE, func=PIECES_RENDUES)
_recrire(
    Lecture, "texte_trouve_dans_les_dossiers", pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, func=PIECE_LUE
)
