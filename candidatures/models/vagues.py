"""Waves (« relèves ») of the call."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q

from candidatures.etats import TRANSITIONS_VAGUE, EtatVague, Phase
from rebond.socle.etats import Table, declencheur_etats

if TYPE_CHECKING:
    from candidatures.models.proces_verbaux import ProcesVerbal


class PeriodeVague(Func):
    """`[ouverture, cloture)`: the instant of closing belongs to the next wave."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class VagueQuerySet(models.QuerySet["Vague"]):
    def ouvertes(self, maintenant: datetime) -> "VagueQuerySet":
        return self.filter(ouverture__lte=maintenant, cloture__gt=maintenant)

    def a_venir(self, maintenant: datetime) -> "VagueQuerySet":
        return self.filter(ouverture__gt=maintenant).order_by("ouverture")

    def closes(self, maintenant: datetime) -> "VagueQuerySet":
        """Past their deadline, whether or not the closing is recorded."""
        return self.filter(cloture__lte=maintenant).order_by("-cloture")

    def a_clore(self, maintenant: datetime) -> "VagueQuerySet":
        """Past their deadline and their technical grace, closing not yet recorded."""
        fin_de_grace = models.ExpressionWrapper(F("cloture") + F("grace"), output_field=models.DateTimeField())
        return (
            self.alias(fin_de_grace=fin_de_grace)
            .filter(etat=EtatVague.PREVUE, fin_de_grace__lte=maintenant)
            .order_by("cloture")
        )

    def annoncees(self, maintenant: datetime) -> "VagueQuerySet":
        """Results public: announced, and any embargo over."""
        return self.filter(etat=EtatVague.PUBLIEE, publique_a__lte=maintenant)


class Vague(models.Model):
    """A period during which files are accepted: from `ouverture` included to `cloture` excluded.

    `grace` is the longest accepted delay between the reception of a deposit and its recording. The acts (`etat`) are
    recorded; the phase is read from the clock, so that a stopped worker changes nothing for those who deposit.
    """

    TRANSITIONS: ClassVar[Table] = TRANSITIONS_VAGUE

    numero = models.PositiveSmallIntegerField("numéro", unique=True, validators=[MinValueValidator(1)])
    ouverture = models.DateTimeField("ouverture")
    cloture = models.DateTimeField("clôture")
    grace = models.DurationField("grâce technique", default=timedelta(seconds=60))
    etat = models.CharField("état", max_length=20, choices=EtatVague.choices, default=EtatVague.PREVUE)
    labellisee_le = models.DateTimeField("décisions prises le", null=True, blank=True)
    labellisee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="vagues_labellisees"
    )
    annoncee_le = models.DateTimeField("résultats annoncés le", null=True, blank=True)
    annoncee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="vagues_annoncees"
    )
    publique_a = models.DateTimeField("fin de l’embargo", null=True, blank=True)

    objects = VagueQuerySet.as_manager()

    class Meta:
        verbose_name = "vague"
        ordering = ["numero"]
        constraints = [
            models.CheckConstraint(
                name="vague_ouvre_avant_de_clore",
                condition=Q(ouverture__lt=F("cloture")),
                violation_error_message="Une vague doit ouvrir avant de clore.",
            ),
            ExclusionConstraint(
                name="vague_sans_chevauchement",
                expressions=[
                    (PeriodeVague("ouverture", "cloture", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette période chevauche celle d’une autre vague.",
            ),
            models.CheckConstraint(
                name="vague_grace_positive", condition=Q(grace__gte=timedelta(0), grace__lte=timedelta(minutes=10))
            ),
            models.CheckConstraint(
                name="vague_decisions_datees_et_signees",
                condition=Q(
                    etat__in=[EtatVague.PREVUE, EtatVague.EN_INSTRUCTION], labellisee_le=None, labellisee_par=None
                )
                | Q(
                    etat__in=[EtatVague.LABELLISEE, EtatVague.PUBLIEE],
                    labellisee_le__isnull=False,
                    labellisee_par__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="vague_annonce_datee_et_signee",
                condition=Q(~Q(etat=EtatVague.PUBLIEE), annoncee_le=None, annoncee_par=None, publique_a=None)
                | Q(
                    etat=EtatVague.PUBLIEE,
                    annoncee_le__gte=F("labellisee_le"),
                    annoncee_par__isnull=False,
                    publique_a__gte=F("annoncee_le"),
                ),
            ),
        ]
        triggers = [
            declencheur_etats(TRANSITIONS_VAGUE),
            # Nobody closes a wave while a request received in time may still be recorded.
            pgtrigger.Trigger(
                name="vague_close_apres_la_grace",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__etat=EtatVague.PREVUE, new__etat=EtatVague.EN_INSTRUCTION),
                func="""
                    IF clock_timestamp() < NEW.cloture + NEW.grace THEN
                        RAISE EXCEPTION 'la grâce technique court encore'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'vague_close_apres_la_grace';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="vague_close_ne_bouge_plus",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__etat__df=EtatVague.PREVUE)
                & (
                    pgtrigger.Q(old__ouverture__df=pgtrigger.F("new__ouverture"))
                    | pgtrigger.Q(old__cloture__df=pgtrigger.F("new__cloture"))
                    | pgtrigger.Q(old__grace__df=pgtrigger.F("new__grace"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Vague {self.numero}"

    def phase(self, maintenant: datetime) -> Phase:
        if maintenant < self.ouverture:
            return Phase.PROGRAMMEE
        if maintenant < self.cloture:
            return Phase.OUVERTE
        return Phase.EN_CLOTURE if self.etat == EtatVague.PREVUE else Phase.CLOSE

    @property
    def proces_verbal(self) -> "ProcesVerbal | None":
        """That of the closing. Lists prefetch `proces_verbaux`, of which a wave has a handful."""
        return next((acte for acte in self.proces_verbaux.all() if acte.rang == 1), None)

    def resultats_publics(self, maintenant: datetime) -> bool:
        return self.etat == EtatVague.PUBLIEE and self.publique_a is not None and self.publique_a <= maintenant
