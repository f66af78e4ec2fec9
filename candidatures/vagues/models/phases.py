"""The phases of a wave after its closing, as dated rows."""

from datetime import datetime

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable

from candidatures.vagues.etats import NatureDePhase
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import UN_AN_AU_PLUS
from rebond.socle.bdd.expressions import PeriodeVague
from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.listes import rang


class PhaseQuerySet(models.QuerySet["PhaseVague"]):
    def dans_l_ordre(self) -> "PhaseQuerySet":
        """In the order in which they come, those of one nature by their dates."""
        return self.annotate(rang=rang("nature", NatureDePhase)).order_by("vague", "rang", "debut", "pk")

    def en_cours(self, instant: datetime | Combinable) -> "PhaseQuerySet":
        return self.filter(debut__lte=instant, fin__gt=instant)

    def dites_aux_territoires(self) -> "PhaseQuerySet":
        return self.filter(dite_aux_territoires=True)


class PhaseVague(models.Model):
    """From `debut` to `fin` excluded, the service does this of the files of the wave (`nature`).

    A nature may come twice in a wave, never at once. Nothing begins before the closing, with which the phases of a
    wave move. `dite_aux_territoires`: whoever deposited in the wave reads these dates.
    """

    vague = models.ForeignKey(Vague, on_delete=models.CASCADE, related_name="phases")
    nature = models.CharField("phase", max_length=12, choices=NatureDePhase.choices)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    dite_aux_territoires = models.BooleanField("dite aux territoires", default=False)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = "phase d’une vague"
        verbose_name_plural = "phases des vagues"
        ordering = ["vague", "debut", "pk"]
        constraints = [
            models.CheckConstraint(
                name="phase_connue",
                condition=Q(nature__in=NatureDePhase.values),
                violation_error_message="Cette phase n’existe pas.",
            ),
            models.CheckConstraint(
                name="phase_commence_avant_de_finir",
                condition=Q(debut__lt=F("fin")),
                violation_error_message="Une phase commence avant de finir.",
            ),
            models.CheckConstraint(
                name="phase_d_un_an_au_plus",
                condition=Q(fin__lte=F("debut") + UN_AN_AU_PLUS),
                violation_error_message="Une phase dure un an au plus\u00a0: vérifiez l’année.",
            ),
            ExclusionConstraint(
                name="phase_sans_chevauchement",
                expressions=[
                    ("vague", RangeOperators.EQUAL),
                    ("nature", RangeOperators.EQUAL),
                    (PeriodeVague("debut", "fin", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Deux périodes d’une même phase ne se chevauchent pas.",
            ),
        ]
        triggers = [
            # The wave's row is held: a closing that is moved at that instant is waited for.
            pgtrigger.Trigger(
                name="phase_apres_la_cloture",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("close_le", "TIMESTAMPTZ")],
                func="""
                    SELECT v.cloture INTO STRICT close_le FROM candidatures_vague v
                     WHERE v.id = NEW.vague_id FOR SHARE;
                    IF NEW.debut < close_le THEN
                        RAISE EXCEPTION 'la vague n''est pas encore close'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'phase_apres_la_cloture';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.get_nature_display()

    @jumeau_de("candidatures.vagues.models.phases.PhaseQuerySet.en_cours")
    def est_en_cours(self, instant: datetime) -> bool:
        return self.debut <= instant < self.fin


# By whole days, and what begins with the closing still does: a phase goes from one day to another.
pgtrigger.Trigger(
    name="phases_suivent_la_cloture",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange("cloture"),
    declare=[("jours", "INTEGER")],
    func="""
        jours := (NEW.cloture AT TIME ZONE 'Europe/Paris')::date - (OLD.cloture AT TIME ZONE 'Europe/Paris')::date;
        UPDATE candidatures_phasevague
           SET debut = CASE WHEN debut = OLD.cloture THEN NEW.cloture
                            ELSE GREATEST(
                                NEW.cloture,
                                (debut AT TIME ZONE 'Europe/Paris' + make_interval(days => jours))
                                    AT TIME ZONE 'Europe/Paris') END,
               fin = (fin AT TIME ZONE 'Europe/Paris' + make_interval(days => jours)) AT TIME ZONE 'Europe/Paris'
         WHERE vague_id = NEW.id;
        RETURN NULL;
    """,
).register(Vague)  # type: ignore[arg-type]
