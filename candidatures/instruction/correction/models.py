"""Corrections asked of a territory, and the attachments that they ask for."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.models import refuse_en_conflit
from candidatures.instruction.suivi.verite import ecrire
from candidatures.vagues.regles import UN_AN_AU_PLUS
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import Document


class DemandeDeCorrection(models.Model):
    """Corrections asked of a territory, on some answers and attachments, until `echeance` (excluded).

    `questions` are « section.question », `natures` kinds of attachment. `reponses` holds what the territory has
    written so far, by section; the deposit itself is never touched: both are read side by side. It is over when given
    back (`rendue_le`) or closed without an answer (`fermee_le`), and no longer changes.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="corrections")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    motif = models.TextField("ce qui est à corriger, et pourquoi")
    questions = models.JSONField("réponses à corriger", default=list)
    natures = models.JSONField("pièces à fournir", default=list)
    demandee_le = models.DateTimeField("demandée le")
    echeance = models.DateTimeField("à rendre avant le")
    reponses = models.JSONField("réponses corrigées", default=dict)
    revision = models.PositiveIntegerField("révision", default=0)
    rendue_le = models.DateTimeField("rendue le", null=True, blank=True)
    rendue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fermee_le = models.DateTimeField("fermée le", null=True, blank=True)

    class Meta:
        verbose_name = "demande de correction"
        verbose_name_plural = "demandes de correction"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature"],
                name="correction_une_seule_en_cours",
                condition=Q(rendue_le=None, fermee_le=None),
                violation_error_message="Une correction est déjà demandée sur ce dossier.",
            ),
            models.CheckConstraint(name="correction_motivee", condition=~Q(motif="")),
            models.CheckConstraint(name="correction_porte_sur_quelque_chose", condition=~Q(questions=[], natures=[])),
            models.CheckConstraint(name="correction_echeance_apres", condition=Q(echeance__gt=F("demandee_le"))),
            models.CheckConstraint(
                name="correction_d_un_an_au_plus", condition=Q(echeance__lte=F("demandee_le") + UN_AN_AU_PLUS)
            ),
            models.CheckConstraint(
                name="correction_rendue_ou_fermee", condition=Q(rendue_le=None) | Q(fermee_le=None)
            ),
            models.CheckConstraint(
                name="correction_rendue_a_temps",
                condition=Q(rendue_le=None, rendue_par=None)
                | Q(rendue_le__lt=F("echeance"), rendue_par__isnull=False),
            ),
        ]
        triggers = [
            refuse_en_conflit("auteur_id", pgtrigger.Insert),
            pgtrigger.Protect(name="correction_conservee", operation=pgtrigger.Delete),
            # What was asked, of whom and until when never changes; what is written in answer does.
            pgtrigger.ReadOnly(
                name="correction_demandee_immuable",
                fields=["candidature", "auteur", "motif", "questions", "natures", "demandee_le", "echeance"],
            ),
            pgtrigger.Protect(
                name="correction_rendue_immuable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__rendue_le__isnull=False) | pgtrigger.Q(old__fermee_le__isnull=False),
            ),
            pgtrigger.Trigger(
                name="suivi_de_la_correction",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("rendue_le"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(new__rendue_le__isnull=False),
                func=f"{ecrire('ARRAY[NEW.candidature_id]')} RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"Correction demandée le {self.demandee_le:%d/%m/%Y}"


class PieceDeCorrection(models.Model):
    """An attachment given in answer to a demand; the deposited ones stay beside it."""

    demande = models.ForeignKey(DemandeDeCorrection, on_delete=models.PROTECT, related_name="pieces")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    nature = models.CharField("nature de la pièce", max_length=60)
    intitule = models.CharField("intitulé", max_length=300)
    nom = models.CharField("nom du fichier", max_length=200)
    ajoutee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ajoutee_le = models.DateTimeField(db_default=HorlogeBase())

    class Meta:
        verbose_name = "pièce d’une correction"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["demande", "document"],
                name="piece_de_correction_une_seule_fois",
                violation_error_message="Ce fichier est déjà joint à la correction.",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="piece_d_une_correction_ouverte",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                # The demand is held: what is given back at that instant comes before, or after.
                func="""
                    PERFORM 1 FROM candidatures_demandedecorrection
                      WHERE id = COALESCE(NEW.demande_id, OLD.demande_id) FOR SHARE;
                    IF EXISTS (
                        SELECT 1 FROM candidatures_demandedecorrection
                         WHERE id = COALESCE(NEW.demande_id, OLD.demande_id)
                           AND (rendue_le IS NOT NULL OR fermee_le IS NOT NULL)
                    ) THEN
                        RAISE EXCEPTION 'la correction n''est plus attendue'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'piece_d_une_correction_ouverte';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            )
        ]

    def __str__(self) -> str:
        return self.nom
