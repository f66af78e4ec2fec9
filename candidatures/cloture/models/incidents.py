"""What went wrong during a wave, declared by an administrateur or found by the portal itself."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from candidatures.cloture.etats import NatureIncident
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import DERNIER_INSTANT, PREMIER_INSTANT
from rebond.socle.bdd.expressions import HorlogeBase


class Incident(models.Model):
    """From `debut` to `fin` (null while it lasts). Never deleted; once declared, only its end is added.

    One that the portal found has no author and a key (`cle`) under which it is found once.
    """

    vague = models.ForeignKey(Vague, on_delete=models.PROTECT, related_name="incidents")
    nature = models.CharField(max_length=20, choices=NatureIncident)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin", null=True, blank=True)
    description = models.TextField()
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    cle = models.CharField("clef", max_length=100, null=True, blank=True, unique=True)
    declare_le = models.DateTimeField("déclaré le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "incident"
        ordering = ["-debut", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="incident_finit_apres_son_debut",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="Un incident finit après avoir commencé.",
            ),
            models.CheckConstraint(
                name="incident_dans_le_siecle",
                condition=Q(debut__gte=PREMIER_INSTANT, debut__lt=DERNIER_INSTANT)
                & (Q(fin=None) | Q(fin__lt=DERNIER_INSTANT)),
                violation_error_message="Vérifiez l’année de l’incident.",
            ),
            models.CheckConstraint(
                name="incident_signe_ou_constate",
                condition=Q(auteur=None, cle__isnull=False) | Q(auteur__isnull=False, cle=None),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="incident_ne_s_efface_pas", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="incident_ne_change_pas", exclude=["fin"]),
            pgtrigger.Protect(
                name="incident_clos_le_reste",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__fin__isnull=False, old__fin__df=pgtrigger.F("new__fin")),
            ),
        ]

    def __str__(self) -> str:
        return f"Incident de la vague {self.vague.numero}"
