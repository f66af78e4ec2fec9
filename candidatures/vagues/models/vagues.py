"""Waves (« relèves ») of the call."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest

from candidatures.vagues.etats import TRANSITIONS_VAGUE, EtatProlongation, EtatVague, Phase
from candidatures.vagues.regles import DERNIER_INSTANT, PREMIER_INSTANT, UN_AN_AU_PLUS
from rebond.socle.bdd.expressions import HorlogeBase, PeriodeVague
from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.etats.table import Table, declencheur_etats
from rebond.socle.parution.models import fait_paraitre

# CRPA, art. L231-4 and R112-11-1; what the wave before says is proposed for the next one.
SILENCE = (
    "À défaut de décision expresse au {date}, et sous réserve que le dossier soit complet, la demande sera réputée "
    "rejetée (articles L. 231-4 et R. 112-11-1 du code des relations entre le public et l’administration)."
)


def prolonge_par_deux_signatures(condition: str) -> pgtrigger.Trigger:
    """Trigger: `prolongee_au` is the latest of the granted extensions that `condition` (SQL) selects, nothing else."""
    return pgtrigger.Trigger(
        name="prolonge_par_deux_signatures",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("prolongee_au"),  # type: ignore[no-untyped-call]
        func=f"""
            IF NEW.prolongee_au IS DISTINCT FROM (
                SELECT max(jusqu_au) FROM candidatures_prolongation
                 WHERE etat IN ('{EtatProlongation.ACCORDEE}', '{EtatProlongation.CLOSE}') AND {condition}
            ) THEN
                RAISE EXCEPTION 'prolongation que personne n''a signée'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'prolonge_par_deux_signatures';
            END IF;
            RETURN NEW;
        """,
    )


ECHEANCE = models.ExpressionWrapper(Greatest("cloture", "prolongee_au"), output_field=models.DateTimeField())


class VagueQuerySet(models.QuerySet["Vague"]):
    def maintenues(self) -> "VagueQuerySet":
        """All but those that are suspended, which never open."""
        return self.exclude(etat=EtatVague.SUSPENDUE)

    def ouvertes(self, maintenant: datetime) -> "VagueQuerySet":
        return self.maintenues().filter(ouverture__lte=maintenant, cloture__gt=maintenant)

    def a_venir(self, maintenant: datetime) -> "VagueQuerySet":
        return self.maintenues().filter(ouverture__gt=maintenant).order_by("ouverture")

    def closes(self, maintenant: datetime) -> "VagueQuerySet":
        """Past their deadline, whether or not the closing is recorded."""
        return self.maintenues().filter(cloture__lte=maintenant).order_by("-cloture")

    def a_clore(self, maintenant: datetime) -> "VagueQuerySet":
        """With something to record: the closing, or the end of an extension. Deadline and technical grace are past."""
        return (
            self.alias(limite=ECHEANCE + F("grace"), fin=F("prolongations__jusqu_au") + F("grace"))
            .filter(
                Q(etat=EtatVague.PREVUE, limite__lte=maintenant)
                | Q(
                    etat=EtatVague.EN_INSTRUCTION,
                    prolongations__etat=EtatProlongation.ACCORDEE,
                    fin__lte=maintenant,
                )
            )
            .order_by("cloture")
            .distinct()
        )

    def a_annoncer(self, maintenant: datetime) -> "VagueQuerySet":
        """Whose opening or closing has come, and was not announced yet."""
        return (
            self.maintenues()
            .alias(limite=ECHEANCE)
            .filter(
                Q(ouverture__lte=maintenant, ouverture_annoncee_le=None)
                | Q(limite__lte=maintenant, cloture_annoncee_le=None)
            )
        )


class Vague(models.Model):
    """A period during which files are accepted: from `ouverture` included to `cloture` excluded.

    `grace` is the longest accepted delay between the reception of a deposit and its recording. `prolongee_au`, past
    `cloture`, is the deadline of the files begun before `cloture` (`Prolongation`). The acts (`etat`) are recorded;
    the phase is read from the clock, so that a stopped worker changes nothing for those who deposit.

    `silence_mois` after the deadline of a file, the silence of the administration is a decision: `silence` says which,
    `{date}` being its day. Receipts print it; it no longer changes once the wave is open.

    `accords_requis`: a grouping deposits once each member beside the lead has marked that very version « bon pour
    dépôt » (`Accord`). Said from the opening on, it no longer changes then.

    A wave that has not opened yet may be suspended: it then never opens, and its period is free for another one.
    `revision` grows, and `revisee_le` is stamped by the database, each time that what the calendar publishes of the
    wave changes: calendars that people subscribe to go by them. `ouverture_annoncee_le` and `cloture_annoncee_le` say
    that the letters about it are queued, or were too late to be of use.
    """

    TRANSITIONS: ClassVar[Table] = TRANSITIONS_VAGUE

    numero = models.PositiveSmallIntegerField("numéro", unique=True, validators=[MinValueValidator(1)])
    ouverture = models.DateTimeField("ouverture")
    cloture = models.DateTimeField("clôture")
    grace = models.DurationField("grâce technique", default=timedelta(seconds=60))
    prolongee_au = models.DateTimeField("prolongée jusqu’au", null=True, blank=True)
    etat = models.CharField("état", max_length=20, choices=EtatVague.choices, default=EtatVague.PREVUE)
    silence_mois = models.PositiveSmallIntegerField("mois de silence valant décision", default=2)
    silence = models.TextField("ce que vaut le silence", default=SILENCE)
    accords_requis = models.BooleanField("bon pour dépôt de chaque membre exigé", default=False, db_default=False)
    suspendue_le = models.DateTimeField("suspendue le", null=True, blank=True)
    motif_suspension = models.TextField("motif de la suspension", blank=True)
    revision = models.PositiveIntegerField("révision", default=0)
    revisee_le = models.DateTimeField("dates révisées le", db_default=HorlogeBase())
    ouverture_annoncee_le = models.DateTimeField("ouverture annoncée le", null=True, blank=True)
    cloture_annoncee_le = models.DateTimeField("clôture annoncée le", null=True, blank=True)
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
            models.CheckConstraint(
                name="vague_dans_le_siecle",
                condition=Q(ouverture__gte=PREMIER_INSTANT, cloture__lt=DERNIER_INSTANT),
                violation_error_message="Vérifiez l’année de l’ouverture et celle de la clôture.",
            ),
            ExclusionConstraint(
                name="vague_sans_chevauchement",
                expressions=[
                    (PeriodeVague("ouverture", "cloture", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=~Q(etat=EtatVague.SUSPENDUE),
                violation_error_message="Cette période chevauche celle d’une autre vague.",
            ),
            # A whole month at least after the deadline of the file, which is never before the closing.
            models.CheckConstraint(
                name="vague_silence_apres_la_cloture",
                condition=Q(silence_mois__gte=1, silence_mois__lte=24),
                violation_error_message="Le silence vaut décision entre un et vingt-quatre mois après la clôture.",
            ),
            models.CheckConstraint(
                name="vague_silence_date",
                condition=Q(silence__contains="{date}"),
                violation_error_message="Le texte doit contenir {date}, à la place de la date.",
            ),
            models.CheckConstraint(
                name="vague_grace_positive", condition=Q(grace__gte=timedelta(0), grace__lte=timedelta(minutes=10))
            ),
            models.CheckConstraint(
                name="vague_prolongee_apres_sa_cloture",
                condition=Q(prolongee_au=None) | Q(prolongee_au__gt=F("cloture")),
                violation_error_message="Une prolongation va au-delà de la clôture.",
            ),
            models.CheckConstraint(
                name="vague_decisions_datees_et_signees",
                condition=Q(
                    etat__in=[EtatVague.PREVUE, EtatVague.SUSPENDUE, EtatVague.EN_INSTRUCTION],
                    labellisee_le=None,
                    labellisee_par=None,
                )
                | Q(
                    etat__in=[EtatVague.LABELLISEE, EtatVague.PUBLIEE],
                    labellisee_le__isnull=False,
                    labellisee_par__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="vague_suspension_datee_et_motivee",
                condition=Q(~Q(motif_suspension=""), etat=EtatVague.SUSPENDUE, suspendue_le__isnull=False)
                | Q(~Q(etat=EtatVague.SUSPENDUE), suspendue_le=None, motif_suspension=""),
            ),
            models.CheckConstraint(
                name="vague_rien_d_annonce_avant_l_heure",
                condition=Q(Q(ouverture_annoncee_le=None) | Q(ouverture_annoncee_le__gte=F("ouverture")))
                & Q(Q(cloture_annoncee_le=None) | Q(cloture_annoncee_le__gte=F("cloture"))),
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
            models.CheckConstraint(
                name="vague_embargo_d_un_an_au_plus",
                condition=Q(publique_a=None) | Q(publique_a__lte=F("annoncee_le") + UN_AN_AU_PLUS),
            ),
        ]
        triggers = [
            declencheur_etats(TRANSITIONS_VAGUE),
            fait_paraitre(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete),
            # Nobody closes a wave while a request received in time may still be recorded.
            pgtrigger.Trigger(
                name="vague_close_apres_la_grace",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__etat=EtatVague.PREVUE, new__etat=EtatVague.EN_INSTRUCTION),
                func="""
                    IF clock_timestamp() < GREATEST(NEW.cloture, NEW.prolongee_au) + NEW.grace THEN
                        RAISE EXCEPTION 'la grâce technique court encore'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'vague_close_apres_la_grace';
                    END IF;
                    RETURN NEW;
                """,
            ),
            prolonge_par_deux_signatures("vague_id = NEW.id AND candidature_id IS NULL"),
            # What has opened took place: nobody suspends it, nor opens in the past what was suspended.
            pgtrigger.Trigger(
                name="vague_suspendue_avant_d_ouvrir",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__etat__df=pgtrigger.F("new__etat"))
                & (pgtrigger.Q(old__etat=EtatVague.SUSPENDUE) | pgtrigger.Q(new__etat=EtatVague.SUSPENDUE)),
                func="""
                    IF LEAST(OLD.ouverture, NEW.ouverture) <= clock_timestamp() THEN
                        RAISE EXCEPTION 'l''ouverture de la vague est passée'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'vague_suspendue_avant_d_ouvrir';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="silence_fige_a_l_ouverture",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("silence_mois", "silence"),
                func="""
                    IF OLD.ouverture <= clock_timestamp() THEN
                        RAISE EXCEPTION 'la vague est ouverte'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'silence_fige_a_l_ouverture';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="accords_figes_a_l_ouverture",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("accords_requis"),
                func="""
                    IF OLD.ouverture <= clock_timestamp() THEN
                        RAISE EXCEPTION 'la vague est ouverte'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'accords_figes_a_l_ouverture';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # Only what the calendar publishes: nothing here tells that decisions are taken.
            pgtrigger.Trigger(
                name="vague_revisee",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "ouverture", "cloture", "prolongee_au", "suspendue_le", "motif_suspension"
                ),
                func="""
                    NEW.revision := OLD.revision + 1;
                    NEW.revisee_le := clock_timestamp();
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

    @property
    def periode(self) -> str:
        """What the public and the applicants call it."""
        return f"Période de dépôt n°\u00a0{self.numero}"

    @property
    @jumeau_de("candidatures.vagues.models.vagues.ECHEANCE")
    def echeance(self) -> datetime:
        """The deadline of the files that have no extension of their own."""
        return max(self.cloture, self.prolongee_au or self.cloture)

    @jumeau_de(
        "candidatures.vagues.models.vagues.VagueQuerySet.ouvertes",
        "candidatures.vagues.models.vagues.VagueQuerySet.a_venir",
        "candidatures.vagues.models.vagues.VagueQuerySet.closes",
    )
    def phase(self, maintenant: datetime) -> Phase:
        if self.etat == EtatVague.SUSPENDUE:
            return Phase.SUSPENDUE
        if maintenant < self.ouverture:
            return Phase.PROGRAMMEE
        if maintenant < self.cloture:
            return Phase.OUVERTE
        if maintenant < self.echeance:
            return Phase.PROLONGEE
        return Phase.EN_CLOTURE if self.etat == EtatVague.PREVUE else Phase.CLOSE

    @property
    def proces_verbal(self) -> Any:
        """That of the closing, or None. Lists prefetch `proces_verbaux`, of which a wave has a handful."""
        return next((acte for acte in self.proces_verbaux.all() if acte.rang == 1), None)

    @jumeau_de("candidatures.dossier.models.dossiers.resultats_connus")
    def resultats_publics(self, maintenant: datetime) -> bool:
        return self.etat == EtatVague.PUBLIEE and self.publique_a is not None and self.publique_a <= maintenant
