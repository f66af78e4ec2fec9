"""What came back of a letter that left."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.courriers.models import Courrier
from rebond.socle.courriers.retours.regles import NON_ARRIVEES, Genre, Source, raison

# A letter comes back from where it went: by the mail server itself, while it is handed over, or after it left.
D_UN_COURRIER_PARTI = f"""
    NEW.recu_le := clock_timestamp();
    IF NEW.source <> '{Source.SMTP}' AND NOT EXISTS (
        SELECT 1 FROM socle_courrier WHERE id = NEW.courrier_id AND envoye_le = NEW.parti_le
    ) THEN
        RAISE EXCEPTION 'retour d''une lettre qui n''est pas partie'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'retour_d_un_courrier_parti';
    END IF;
    RETURN NEW;
"""


class RetourQuerySet(models.QuerySet["Retour"]):
    def non_arrives(self) -> "RetourQuerySet":
        return self.filter(genre__in=NON_ARRIVEES)

    def sans_autre_envoi(self) -> "RetourQuerySet":
        """Of letters that were not sent again since: one that was may have arrived."""
        return self.filter(Q(courrier__envoye_le=None) | Q(courrier__envoye_le=F("parti_le")))


class Retour(models.Model):
    """That a letter came back, or waits: once for each time that it left, whoever says it and how often.

    `statut` is the code of RFC 3463 (« 5.1.1 »), empty when nobody gave it. Nothing of what the report itself says is
    kept: it quotes addresses and letters.
    """

    courrier = models.ForeignKey(Courrier, on_delete=models.PROTECT, related_name="retours")
    genre = models.CharField(max_length=10, choices=Genre)
    statut = models.CharField("code de statut", max_length=11, blank=True)
    source = models.CharField(max_length=11, choices=Source)
    parti_le = models.DateTimeField("partie le")
    recu_le = models.DateTimeField("revenue le", db_default=HorlogeBase())

    objects = RetourQuerySet.as_manager()

    class Meta:
        verbose_name = "retour d’une lettre"
        verbose_name_plural = "retours de lettres"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["courrier", "parti_le", "genre"], name="retour_une_seule_fois"),
            models.CheckConstraint(
                name="retour_statut", condition=Q(statut="") | Q(statut__regex=r"^[45](\.\d{1,3}){2}$")
            ),
            models.CheckConstraint(name="retour_connu", condition=Q(genre__in=Genre.values, source__in=Source.values)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="retour_d_un_courrier_parti",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=D_UN_COURRIER_PARTI,
            ),
            pgtrigger.Protect(name="retour_immuable", operation=IMMUABLE),
        ]

    def __str__(self) -> str:
        return f"{self.courrier_id}, {self.raison}"

    @property
    def est_perdue(self) -> bool:
        """Whether the letter will not arrive any more."""
        return self.genre in NON_ARRIVEES

    @property
    def raison(self) -> str:
        return raison(self.genre, self.statut)
