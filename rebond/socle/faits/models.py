"""The facts themselves: one for each state that a followed row has had."""

import pgtrigger
from django.db import models
from django.db.models import Q

from rebond.socle.bdd import verrous
from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase

#: Whoever writes a fact shares it to the end of their transaction; whoever fixes an instant takes it alone.
VERROU = "les faits"
ECRIT_PAR_LA_BASE = """
    IF pg_trigger_depth() < 2
       AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE EXCEPTION 'un fait s''écrit avec ce dont il est le fait'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fait_ecrit_par_la_base';
    END IF;
    NEW.saisi_le := clock_timestamp();
    RETURN NEW;
"""


class Fait(models.Model):
    """What the row `cle` of the table `nom` was from `saisi_le` (the database's clock) until its next fact.

    `ligne` holds its followed columns, None from the instant at which the row was erased. Never changed; nobody but
    the trigger of the row itself writes one.
    """

    nom = models.CharField("table", max_length=63, db_collation="C")
    cle = models.BigIntegerField("clé de la ligne")
    saisi_le = models.DateTimeField("saisi le", db_default=HorlogeBase())
    ligne = models.JSONField("ce qu’elle disait", null=True)

    class Meta:
        verbose_name = "fait"
        indexes = [models.Index(fields=["nom", "cle", "-saisi_le", "-id"], name="fait_par_ligne")]
        constraints = [models.CheckConstraint(name="fait_nomme", condition=~Q(nom=""))]
        triggers = [
            pgtrigger.Protect(name="fait_immuable", operation=IMMUABLE),
            pgtrigger.Trigger(
                name="fait_ecrit_par_la_base",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ECRIT_PAR_LA_BASE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom} {self.cle}, {self.saisi_le:%d/%m/%Y %H:%M:%S}"


PARTAGER = f"PERFORM pg_advisory_xact_lock_shared({verrous.cle(VERROU)});"
