"""Notes of those who instruct a file, whom they are meant for, and which attachments each person has read."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.models import refuse_en_conflit
from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import Document


class Annotation(models.Model):
    """A note, written once and kept, read by those who instruct the file and nobody else.

    `ancre` names the answer in whose margin it stands, « section.question »; empty: it is of the internal thread.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="annotations")
    ancre = models.CharField("réponse annotée", max_length=160, blank=True, default="")
    texte = models.TextField("note")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ecrite_le = models.DateTimeField("écrite le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "note d’instruction"
        verbose_name_plural = "notes d’instruction"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="annotation_ecrite", condition=~Q(texte=""))]
        triggers = [
            refuse_en_conflit("auteur_id"),
            pgtrigger.Protect(name="annotation_immuable", operation=IMMUABLE),
        ]

    def __str__(self) -> str:
        return f"{self.auteur}, {self.candidature}"


class Mention(models.Model):
    """Whom a note is meant for, among those who instruct the file."""

    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="mentions")
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "mention"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["annotation", "utilisateur"], name="mention_unique")]
        triggers = [
            pgtrigger.Protect(name="mention_immuable", operation=IMMUABLE),
            pgtrigger.Trigger(
                name="mention_sans_interet",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM candidatures_annotation a
                          JOIN (SELECT candidature_id, utilisateur_id FROM candidatures_declarationinteret
                                UNION ALL
                                SELECT candidature_id, utilisateur_id FROM candidatures_participation
                                UNION ALL
                                SELECT candidature_id, utilisateur_id FROM candidatures_ancienneparticipation) i
                            ON i.candidature_id = a.candidature_id
                         WHERE a.id = NEW.annotation_id AND i.utilisateur_id = NEW.utilisateur_id
                    ) THEN
                        RAISE EXCEPTION 'mention de qui a un intérêt dans le dossier'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'mention_sans_interet';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.utilisateur)


class LectureDePiece(models.Model):
    """Somebody has read an attachment of a file: theirs alone, nobody else sees it."""

    candidature = models.ForeignKey(Candidature, on_delete=models.CASCADE, related_name="lectures_de_pieces")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    lue_le = models.DateTimeField("lue le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "lecture d’une pièce"
        verbose_name_plural = "lectures des pièces"
        constraints = [
            models.UniqueConstraint(fields=["candidature", "utilisateur", "document"], name="piece_lue_une_fois")
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur}, {self.document}"
