"""Decisions, and the labels of laureates."""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from candidatures.dossier.etats import SensDecision
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.etats import ACTES_D_INSTRUCTION
from candidatures.instruction.models import refuse_en_conflit
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.parution.models import fait_paraitre
from territoires.models import Territoire

# As Postgres reads them.
EN_SQL = tuple(acte.value for acte in ACTES_D_INSTRUCTION)


class Decision(models.Model):
    """The decision on one file: signed by a valideur who took no part in the instruction of its wave,
    never changed."""

    candidature = models.OneToOneField(Candidature, on_delete=models.PROTECT, related_name="decision")
    sens = models.CharField("décision", max_length=20, choices=SensDecision.choices)
    motif = models.TextField("motif", blank=True)
    valideur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prise_le = models.DateTimeField("prise le")

    class Meta:
        verbose_name = "décision"
        triggers = [
            pgtrigger.Protect(name="decision_immuable", operation=IMMUABLE),
            refuse_en_conflit("valideur_id"),
            # The same person does not instruct and sign in one wave; asked once, whatever the number of its files.
            pgtrigger.Trigger(
                name="valideur_n_a_pas_instruit",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="prises"),  # type: ignore[no-untyped-call]
                func=f"""
                    IF EXISTS (
                        WITH dossiers AS (
                            SELECT DISTINCT c.id, p.valideur_id
                              FROM (SELECT DISTINCT d.vague_id, prises.valideur_id
                                      FROM prises JOIN candidatures_candidature d ON d.id = prises.candidature_id) p
                              JOIN candidatures_candidature c ON c.vague_id = p.vague_id
                        )
                        SELECT 1 FROM dossiers d JOIN candidatures_recevabilite r
                            ON r.candidature_id = d.id AND r.auteur_id = d.valideur_id
                        UNION ALL
                        SELECT 1 FROM dossiers d JOIN candidatures_proposition p
                            ON p.candidature_id = d.id AND p.auteur_id = d.valideur_id
                        UNION ALL
                        SELECT 1 FROM dossiers d JOIN candidatures_saisine a
                            ON a.candidature_id = d.id AND d.valideur_id IN (a.expert_id, a.demande_par_id)
                        UNION ALL
                        SELECT 1 FROM dossiers d JOIN candidatures_evaluateur e
                            ON e.candidature_id = d.id AND e.personne_id = d.valideur_id
                         WHERE e.retire_le IS NULL OR EXISTS (SELECT 1 FROM candidatures_evaluation v
                                                               WHERE v.evaluateur_id = e.id
                                                                 AND v.rendue_le IS NOT NULL)
                        UNION ALL
                        -- An act that someone else redid since.
                        SELECT 1 FROM dossiers d JOIN socle_entreejournal e
                            ON e.objet_type = 'candidatures.candidature' AND e.objet_id = d.id::text
                           AND e.acteur_id_copie = d.valideur_id AND e.acte IN {EN_SQL}
                    ) THEN
                        RAISE EXCEPTION 'le valideur a instruit un dossier de la vague'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'valideur_n_a_pas_instruit';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.get_sens_display()


class LabellisationQuerySet(models.QuerySet["Labellisation"]):
    def publiques(self, maintenant: datetime) -> "LabellisationQuerySet":
        """Announced, embargo over: what anyone may know."""
        return self.filter(publique_a__lte=maintenant)

    def annoncees_avant(self, instant: datetime) -> "LabellisationQuerySet":
        """Announced strictly before `instant`, embargo or not: what press figures « au » a date count."""
        return self.filter(annoncee_le__lt=instant)

    def pour_liste(self) -> "LabellisationQuerySet":
        return self.select_related("vague", "territoire", "territoire__region_pilote", "territoire__chef_de_file")


class Labellisation(models.Model):
    """A laureate territory: dated when decided, known to others once announced, public once its embargo is over."""

    candidature = models.OneToOneField(Candidature, on_delete=models.PROTECT, related_name="labellisation")
    territoire = models.ForeignKey(Territoire, on_delete=models.PROTECT, related_name="labellisations")
    vague = models.ForeignKey(Vague, on_delete=models.PROTECT, related_name="labellisations")
    decidee_le = models.DateTimeField("décidée le")
    annoncee_le = models.DateTimeField("annoncée le", null=True, blank=True)
    publique_a = models.DateTimeField("publique à partir de", null=True, blank=True)

    objects = LabellisationQuerySet.as_manager()

    class Meta:
        verbose_name = "labellisation"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territoire"],
                name="labellisation_une_par_territoire",
                violation_error_message="Ce territoire est déjà lauréat.",
            ),
            models.CheckConstraint(
                name="labellisation_annonce_ordonnee",
                condition=Q(annoncee_le=None, publique_a=None)
                | Q(annoncee_le__gte=F("decidee_le"), publique_a__gte=F("annoncee_le")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="labellisation_conservee", operation=pgtrigger.Delete),
            fait_paraitre(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Protect(
                name="labellisation_annoncee_figee",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__annoncee_le__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.territoire)
