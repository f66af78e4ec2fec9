"""The searchable text of each file that was deposited, and the triggers that keep it."""

from typing import Any

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, TextField
from django.db.models.expressions import Func

from candidatures.depot.models import Depot
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.instruction.recherche.verite import ECRIRE, REPONSES


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
    """The text of the answers of a file, as agents read them (`verite`)."""

    function = "candidatures_texte_lu"
    output_field = TextField()

    def __init__(self, candidature: str = "pk") -> None:
        super().__init__(F(candidature))


def _recrire(modele: Any, nom: str, operation: Any, condition: pgtrigger.Condition | None = None) -> None:
    pgtrigger.Trigger(name=nom, when=pgtrigger.After, operation=operation, condition=condition, func=ECRIRE).register(
        modele
    )


_recrire(Depot, "texte_du_depot", pgtrigger.Insert)
_recrire(
    DemandeDeCorrection,
    "texte_de_la_correction",
    pgtrigger.Update,
    pgtrigger.Q(old__rendue_le__isnull=True, new__rendue_le__isnull=False),
)
