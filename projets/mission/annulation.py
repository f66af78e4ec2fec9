"""What was entered by mistake: kept, shown as such, counted nowhere."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from rebond.socle.bdd.jumeaux import jumeau_de


class Annulable(models.Model):
    """A row that may turn out to be a mistake of entry, which is another thing than an event of the real world.

    It stays, with who said so, when (database's clock) and why; `retenus()` of its QuerySet leaves it out.
    """

    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    annule_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    annulation = models.CharField("raison de l’annulation", max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    @jumeau_de(
        "projets.mission.models.IndustrielQuerySet.retenus", "projets.portefeuille.models.ProjetQuerySet.retenus"
    )
    def est_annule(self) -> bool:
        return self.annule_le is not None


def annulation_signee(nom: str) -> models.CheckConstraint:
    """A cancellation bears its author, its instant and its reason, or is not."""
    return models.CheckConstraint(
        name=nom,
        condition=Q(annule_le=None, annule_par=None, annulation="")
        | (Q(annule_le__isnull=False, annule_par__isnull=False) & ~Q(annulation="")),
        violation_error_message="Une annulation porte son auteur, sa date et sa raison.",
    )


def annulation_refusee(nom: str, si: str, message: str) -> pgtrigger.Trigger:
    """Postgres refuses to cancel a row NEW for which the SQL condition `si` holds."""
    return pgtrigger.Trigger(
        name=nom,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__annule_le__isnull=True, new__annule_le__isnull=False),
        func=_refus(nom, si, message),
    )


def rien_pour_un_annule(nom: str, table: str, cle: str, message: str) -> pgtrigger.Trigger:
    """Postgres adds nothing to a row of `table` that is cancelled, whose key is NEW.`cle`.

    That row is held until the end: a cancellation that runs meanwhile is waited for, then seen.
    """
    return pgtrigger.Trigger(
        name=nom,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("annule", "TIMESTAMPTZ")],
        func=f"SELECT annule_le INTO annule FROM {table} WHERE id = NEW.{cle} FOR SHARE;"
        + _refus(nom, "annule IS NOT NULL", message),
    )


def _refus(nom: str, si: str, message: str) -> str:
    return f"""
    IF {si} THEN
        RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation', CONSTRAINT = '{nom}';
    END IF;
    RETURN NEW;
"""
