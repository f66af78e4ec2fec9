"""What was read of documents, and what Postgres keeps of it: nothing of what may not be served."""

from typing import Any

import pgtrigger
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from rebond.socle.bdd.expressions import HorlogeBase, VecteurLong
from rebond.socle.documents.effacements import EffacementDeDocument
from rebond.socle.documents.etats import EtatLecture
from rebond.socle.documents.models import Analyse, Document

#: Whoever reads a document and whoever finds that it must not be read wait for each other.
_TENIR = "PERFORM pg_advisory_xact_lock(hashtextextended('lecture ' || NEW.document_id, 0));"
SERVIE = f"""
    {_TENIR}
    IF EXISTS (SELECT 1 FROM socle_analyse WHERE document_id = NEW.document_id AND NOT saine)
       OR EXISTS (SELECT 1 FROM socle_effacementdedocument
                   WHERE document_id = NEW.document_id AND signe_le IS NOT NULL) THEN
        RAISE EXCEPTION 'ce document ne se lit pas'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lecture_de_ce_qui_se_sert';
    END IF;
    RETURN NEW;
"""
OUBLIER = f"""
    {_TENIR}
    DELETE FROM socle_lecture WHERE document_id = NEW.document_id;
    RETURN NULL;
"""


class Lecture(models.Model):
    """What a document says, as far as search reads it (`tronquee`: no further), and how many of its pages are drawn.

    `reconnue`: the text was recognised in an image; `reconnaissance_tentee`: Tesseract was there. It goes by itself
    when the document is found infected, or erased.
    """

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="lecture")
    etat = models.CharField("lecture par la recherche", max_length=20, choices=EtatLecture)
    texte = models.TextField("texte", blank=True)
    vecteur = models.GeneratedField(expression=VecteurLong("texte"), output_field=SearchVectorField(), db_persist=True)
    tronquee = models.BooleanField("lue en partie", default=False)
    reconnue = models.BooleanField("texte reconnu dans une image", default=False)
    reconnaissance_tentee = models.BooleanField("reconnaissance tentée", default=False)
    dessinees = models.PositiveSmallIntegerField("pages dessinées", default=0)
    lue_le = models.DateTimeField("lue le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "lecture d’un document"
        verbose_name_plural = "lectures de documents"
        constraints = [
            models.CheckConstraint(name="lecture_connue", condition=Q(etat__in=EtatLecture.values)),
            models.CheckConstraint(name="lecture_lue_a_un_texte", condition=~Q(etat=EtatLecture.LUE) | ~Q(texte="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="lecture_de_ce_qui_se_sert",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=SERVIE,
            )
        ]

    def __str__(self) -> str:
        return self.get_etat_display()

    @property
    def mention(self) -> str:
        """What its reader is told of it beside the file; empty when search reads it all."""
        if self.etat != EtatLecture.LUE:
            return f"pièce {self.get_etat_display()}"
        if self.reconnue:
            return "texte reconnu dans une image\u00a0: des mots peuvent manquer à la recherche"
        return "la recherche n’en lit que le début" if self.tronquee else ""


def _oublier(modele: Any, nom: str, condition: pgtrigger.Condition) -> None:
    pgtrigger.Trigger(
        name=nom,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=condition,
        func=OUBLIER,
    ).register(modele)


_oublier(Analyse, "infecte_ne_se_lit_plus", pgtrigger.Q(new__saine=False))
_oublier(EffacementDeDocument, "efface_ne_se_lit_plus", pgtrigger.Q(new__signe_le__isnull=False))
