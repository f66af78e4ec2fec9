"""What was typed, save after save, and who is typing."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.regles import CONSERVATION_DES_BROUILLONS
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import cite_ses_documents

# What was deposited, or may still be, keeps how it was written. A draft that nobody deposited may be emptied later.
GARDEE = f"""
    IF EXISTS (
        SELECT 1 FROM candidatures_candidature c JOIN candidatures_vague v ON v.id = c.vague_id
         WHERE c.id = OLD.candidature_id AND c.etat = '{EtatCandidature.BROUILLON}'
           AND NOT EXISTS (SELECT 1 FROM candidatures_depot d WHERE d.candidature_id = c.id)
           AND greatest(v.cloture, v.prolongee_au, c.prolongee_au)
               < clock_timestamp() - INTERVAL '{CONSERVATION_DES_BROUILLONS.days} days'
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'une version d''une rubrique est gardée'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'version_gardee';
"""


class VersionDeSection(models.Model):
    """The answers of one section as someone saved them. Never changed: any of them can be compared and restored.

    `revision` counts the saves of the section, from 1. `automatique`: saved while typing. `restauree_de` is the
    revision whose answers were taken back.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="versions")
    section = models.CharField("rubrique", max_length=60)
    revision = models.PositiveIntegerField("révision")
    reponses = models.JSONField("réponses")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    enregistree_le = models.DateTimeField("enregistrée le", db_default=HorlogeBase())
    automatique = models.BooleanField("enregistrement automatique", default=False)
    restauree_de = models.PositiveIntegerField("reprise de la révision", null=True, blank=True)

    class Meta:
        verbose_name = "version d’une rubrique"
        verbose_name_plural = "versions des rubriques"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidature", "section", "revision"], name="version_revision_unique"),
            models.CheckConstraint(name="version_revision_positive", condition=Q(revision__gte=1)),
        ]
        triggers = [
            pgtrigger.Protect(name="version_immuable", operation=pgtrigger.Update),
            pgtrigger.Trigger(name="version_gardee", when=pgtrigger.Before, operation=pgtrigger.Delete, func=GARDEE),
        ]

    def __str__(self) -> str:
        return f"{self.section}, révision {self.revision}"


class Presence(models.Model):
    """Someone has a section open: `vue_le` is their browser's last sign of life."""

    candidature = models.ForeignKey(Candidature, on_delete=models.CASCADE, related_name="presences")
    section = models.CharField("rubrique", max_length=60)
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    vue_le = models.DateTimeField()

    class Meta:
        verbose_name = "présence"
        constraints = [
            models.UniqueConstraint(fields=["candidature", "section", "utilisateur"], name="presence_unique")
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur} ({self.section})"


class VersionComplete(models.Model):
    """The last state of a file that could have been deposited: what the portal deposits at the deadline when asked.

    `contenu` is the snapshot that a deposit would freeze (`candidatures.dossier.instantane`), `fait_le` the instant of
    the save that made it, by `auteur`.
    """

    candidature = models.OneToOneField(Candidature, on_delete=models.CASCADE, related_name="version_complete")
    contenu = models.JSONField("contenu")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    fait_le = models.DateTimeField("faite le")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "dernière version complète"
        # The portal may deposit what the draft no longer holds.
        triggers = [cite_ses_documents("version_complete_cite_ses_documents", "contenu", "$.pieces[*].sha256")]

    def __str__(self) -> str:
        return f"Dernière version complète de {self.candidature}"
