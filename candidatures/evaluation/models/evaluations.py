"""What is said of a file, and from when all who read it whole read that."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from candidatures.depot.models import Depot
from candidatures.dossier.models.dossiers import Candidature
from candidatures.evaluation import verite
from candidatures.evaluation.models.evaluateurs import Evaluateur
from candidatures.evaluation.regles import ETATS_EVALUES, sur_cent
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.instruction.models import refuse_en_conflit
from candidatures.instruction.suivi.verite import ecrire
from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def rendues(self) -> "EvaluationQuerySet":
        return self.filter(rendue_le__isnull=False)

    def tues(self) -> "EvaluationQuerySet":
        """Those of files that may still be evaluated and whose evaluations are not read by all yet: nobody but their
        author knows of them."""
        ouvertes = OuvertureDesEvaluations.objects.filter(candidature=OuterRef("candidature"))
        return self.filter(~Q(Exists(ouvertes)), candidature__etat__in=ETATS_EVALUES)

    def avec_a_relire(self) -> "EvaluationQuerySet":
        """Adds `a_relire`: rendered before the file became what it is, by another deposit or a correction."""
        depots = Depot.objects.filter(candidature=OuterRef("candidature")).order_by("-rang")
        corrections = DemandeDeCorrection.objects.filter(
            candidature=OuterRef("candidature"), rendue_le__isnull=False
        ).order_by("-rendue_le", "-pk")
        telle_quelle = Q(depot=Subquery(depots.values("pk")[:1]), corrigee=F("lue"))
        return self.alias(
            lue=Coalesce("correction", 0), corrigee=Coalesce(Subquery(corrections.values("pk")[:1]), 0)
        ).annotate(
            a_relire=Case(
                When(Q(rendue_le=None) | telle_quelle, then=Value(False)),
                default=Value(True),
                output_field=models.BooleanField(),
            )
        )


class Evaluation(models.Model):
    """What an evaluator says of a file: a draft, then rendered once, whole, for ever; `rang` grows with what replaces
    it, each time for a reason (`motif`).

    Rendered, it grades every criterion of the grid or says why it does not (`abstention`), names the deposit and the
    correction that it read, and has its `points` out of `sur`, which Postgres counts (`verite.COMPTER`). `revision`
    counts the savings of the draft. `candidature` and `auteur` are its evaluator's, which Postgres writes.
    """

    evaluateur = models.ForeignKey(Evaluateur, on_delete=models.PROTECT, related_name="evaluations")
    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="evaluations")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rang = models.PositiveSmallIntegerField("rang", default=1)
    motif = models.TextField("raison du remplacement", blank=True)
    commentaire = models.TextField("commentaire", blank=True)
    abstention = models.TextField("raison de l’abstention", blank=True)
    depot = models.ForeignKey(Depot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    correction = models.ForeignKey(
        DemandeDeCorrection, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField("révision", default=0)
    modifiee_le = models.DateTimeField("enregistrée le")
    rendue_le = models.DateTimeField("rendue le", null=True, blank=True)
    points = models.IntegerField("points", null=True, blank=True)
    sur = models.IntegerField("sur", null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluation"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["evaluateur", "rang"], name="evaluation_rang_unique"),
            models.UniqueConstraint(
                fields=["evaluateur"], name="evaluation_un_seul_brouillon", condition=Q(rendue_le=None)
            ),
            models.CheckConstraint(name="evaluation_rang_positif", condition=Q(rang__gte=1)),
            models.CheckConstraint(
                name="evaluation_rendue_entiere",
                condition=Q(rendue_le=None, points=None, sur=None, depot=None, abstention="")
                | (
                    Q(rendue_le__isnull=False, depot__isnull=False)
                    & (
                        (~Q(abstention="") & Q(points=None, sur=None))
                        | Q(abstention="", points__isnull=False, sur__isnull=False)
                    )
                ),
            ),
        ]
        indexes = [models.Index(fields=["candidature", "evaluateur", "-rang"], name="evaluation_du_dossier")]
        triggers = [
            pgtrigger.Trigger(
                name="evaluation_de_son_evaluateur",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    SELECT e.candidature_id, e.personne_id INTO STRICT NEW.candidature_id, NEW.auteur_id
                      FROM candidatures_evaluateur e WHERE e.id = NEW.evaluateur_id;
                    RETURN NEW;
                """,
            ),
            refuse_en_conflit("auteur_id"),
            pgtrigger.Trigger(
                name="evaluation_rendue_en_droit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__rendue_le__isnull=False),
                declare=verite.VARIABLES,
                func=verite.RENDUE_EN_DROIT + verite.COMPTER,
            ),
            pgtrigger.Protect(
                name="evaluation_rendue_immuable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__rendue_le__isnull=False),
            ),
            pgtrigger.ReadOnly(
                name="evaluation_ne_change_pas", fields=["evaluateur", "candidature", "auteur", "rang"]
            ),
            pgtrigger.Protect(name="evaluation_conservee", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="evaluation_rendue_ouvre",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__rendue_le__isnull=False),
                func=verite.OUVRIR,
            ),
            pgtrigger.Trigger(
                name="suivi_de_l_evaluation", when=pgtrigger.After, operation=pgtrigger.Update, func=verite.SUIVRE
            ),
        ]

    def __str__(self) -> str:
        return f"Évaluation de {self.auteur}"

    @property
    def sur_cent(self) -> str:
        """Its score as people read it; nothing of an abstention or of a draft."""
        return sur_cent(self.points, self.sur)


class Note(models.Model):
    """The note given to one criterion, and why; it changes as long as its evaluation is a draft."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="notes")
    critere = models.CharField("critère", max_length=60)
    valeur = models.SmallIntegerField("note", null=True, blank=True)
    motif = models.TextField("raison", blank=True)

    class Meta:
        verbose_name = "note"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "critere"], name="note_une_par_critere"),
        ]
        triggers = [
            # The evaluation is held: its rendering waits for this note, or comes first and refuses it.
            pgtrigger.Trigger(
                name="note_d_un_brouillon",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("rendue", "TIMESTAMPTZ")],
                func=f"""
                    SELECT v.rendue_le INTO STRICT rendue FROM candidatures_evaluation v
                     WHERE v.id = coalesce(NEW.evaluation_id, OLD.evaluation_id) FOR SHARE;
                    IF rendue IS NOT NULL THEN
                        {verite.refuser("l''évaluation est rendue", "note_d_un_brouillon")}
                    END IF;
                    RETURN coalesce(NEW, OLD);
                """,
            ),
            pgtrigger.ReadOnly(name="note_d_une_seule_evaluation", fields=["evaluation", "critere"]),
        ]

    def __str__(self) -> str:
        return f"{self.critere} – {self.valeur}"


class OuvertureDesEvaluations(models.Model):
    """From then on whoever reads the file whole reads its evaluations: all are in (`toutes`), or the phase is over.

    The one thing that says it. Written by Postgres when the last one comes in, by a worker after the phase; a worker
    that is late keeps them secret a little longer.
    """

    candidature = models.OneToOneField(
        Candidature, on_delete=models.PROTECT, primary_key=True, related_name="ouverture_des_evaluations"
    )
    toutes = models.BooleanField("toutes rendues")
    ouverte_le = models.DateTimeField("lues par tous depuis le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "ouverture des évaluations d’un dossier"
        verbose_name_plural = "ouvertures des évaluations"
        triggers = [
            pgtrigger.Protect(name="ouverture_des_evaluations_immuable", operation=IMMUABLE),
            pgtrigger.Trigger(
                name="ouverture_des_evaluations_due",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=verite.DUE,
            ),
            # The end of a phase opens ten thousand at once: one statement for all of them.
            pgtrigger.Trigger(
                name="suivi_de_l_ouverture",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="ouvertes"),  # type: ignore[no-untyped-call]
                func=f"""
                    {ecrire("ARRAY(SELECT candidature_id FROM ouvertes)")}
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Évaluations de {self.candidature}"
