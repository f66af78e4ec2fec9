"""Room that is taken on the disk before any byte is kept, by file and by account."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.dossier.models.dossiers import Candidature
from candidatures.dossier.models.pieces import Televersement
from candidatures.dossier.regles import OCTETS_PAR_COMPTE_ET_JOUR, OCTETS_PAR_DOSSIER
from rebond.socle.bdd.expressions import HorlogeBase

# Two people, or two pages of one, at the same instant: the second reads what the first took (READ COMMITTED). No row
# of the file is locked for it: a deposit waits for nobody's attachment.
DANS_LES_LIMITES = f"""
    PERFORM pg_advisory_xact_lock(hashtext('candidatures_reserve dossier'), NEW.candidature_id::int);
    PERFORM pg_advisory_xact_lock(hashtext('candidatures_reserve compte'), NEW.utilisateur_id::int);
    NEW.prise_le := clock_timestamp();
    IF octets_du_dossier(NEW.candidature_id) + NEW.octets > {OCTETS_PAR_DOSSIER} THEN
        RAISE EXCEPTION 'ce dossier pèserait trop'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reserve_dossier_dans_sa_limite';
    END IF;
    IF octets_envoyes_par(NEW.utilisateur_id) + NEW.octets > {OCTETS_PAR_COMPTE_ET_JOUR} THEN
        RAISE EXCEPTION 'ce compte a trop envoyé en vingt-quatre heures'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reserve_compte_dans_sa_limite';
    END IF;
    RETURN NEW;
"""


class Reserve(models.Model):
    """Bytes that somebody was allowed to bring to a file. Taken when an upload is announced, or when a whole file is
    received; given back (the row goes) with an upload that is given up, and when the bytes are refused.

    `consommee`: they are kept. Their document weighs on the file from then on, the row only on the account's day.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.CASCADE, related_name="reserves")
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    televersement = models.OneToOneField(
        Televersement, on_delete=models.CASCADE, null=True, blank=True, related_name="reserve"
    )
    octets = models.PositiveBigIntegerField("octets")
    prise_le = models.DateTimeField("prise le", db_default=HorlogeBase())
    consommee = models.BooleanField("consommée", default=False)

    class Meta:
        verbose_name = "place réservée"
        verbose_name_plural = "places réservées"
        constraints = [
            # Whoever forgets an upload does not give back what its bytes have taken of the day.
            models.CheckConstraint(
                name="reserve_consommee_sans_televersement", condition=Q(consommee=False) | Q(televersement=None)
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="reserve_dans_les_limites",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=DANS_LES_LIMITES,
            ),
            pgtrigger.Protect(
                name="reserve_ne_change_pas",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("candidature", "utilisateur", "octets", "prise_le"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.octets} octets, {self.utilisateur}"
