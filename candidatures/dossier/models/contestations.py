"""What an authority says of a file that bears its name and is not its own."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.dossier.etats import ETATS_A_INSTRUIRE, EtatCandidature
from candidatures.dossier.models.dossiers import Candidature
from rebond.socle.bdd.expressions import HorlogeBase
from territoires.models.contraintes import siren_correct

# Only whom the portal knows to work for the authority may say so in its name; and the word, once said, stays.
ETATS_CONTESTABLES = (*sorted(ETATS_A_INSTRUIRE), EtatCandidature.INSTRUITE)
PAR_UN_AGENT_PROUVE = """
    IF NOT EXISTS (
        SELECT 1 FROM territoires_rattachement
         WHERE utilisateur_id = NEW.par_id AND siren = NEW.siren AND prouve_le IS NOT NULL AND fini_le IS NULL
    ) THEN
        RAISE EXCEPTION 'contesté sans preuve'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contestation_par_un_agent_prouve';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM candidatures_membre m JOIN territoires_petr p ON p.id = m.petr_id
         WHERE m.candidature_id = NEW.candidature_id AND p.siren = NEW.siren
        UNION ALL
        SELECT 1 FROM candidatures_candidature c JOIN territoires_territoire_epcis te USING (territoire_id)
          JOIN territoires_epci e ON e.id = te.epci_id
         WHERE c.id = NEW.candidature_id AND e.siren = NEW.siren
        UNION ALL
        SELECT 1 FROM candidatures_depot d WHERE d.candidature_id = NEW.candidature_id
           AND d.contenu -> 'territoire' -> 'epcis' @> jsonb_build_array(jsonb_build_object('siren', NEW.siren))
    ) THEN
        RAISE EXCEPTION 'collectivité étrangère au dossier'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contestation_d_un_membre';
    END IF;
    -- Whoever contests is heard before the file holds anything more.
    UPDATE candidatures_candidature SET territoire_tenu = '', reserve_sue = TRUE
     WHERE id = NEW.candidature_id AND territoire_tenu <> '' AND etat IN ({etats});
    RETURN NEW;
"""

PAR_UN_TIERS = """
    IF EXISTS (
        SELECT 1 FROM (SELECT candidature_id, utilisateur_id FROM candidatures_participation
                       UNION ALL SELECT candidature_id, utilisateur_id FROM candidatures_ancienneparticipation) p
         WHERE p.candidature_id = NEW.candidature_id AND p.utilisateur_id = NEW.tranchee_par_id
    ) THEN
        RAISE EXCEPTION 'participation au dossier signalé'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contestation_tranchee_par_un_tiers';
    END IF;
    RETURN NEW;
"""


class ContestationQuerySet(models.QuerySet["Contestation"]):
    def en_cours(self) -> "ContestationQuerySet":
        """Those that nobody has judged."""
        return self.filter(tranchee_le=None)

    def retenues(self) -> "ContestationQuerySet":
        """Those that keep a file from holding its territory: not judged, or found right."""
        return self.filter(Q(tranchee_le=None) | Q(fondee=True))


class Contestation(models.Model):
    """« Ce dossier n’est pas de nous »: said by someone who is known to work for one of the file's authorities
    (`siren`).

    From then on the file holds no territory, until an agent of the State has said whether it is right (`fondee`).
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="contestations")
    siren = models.CharField("numéro SIREN", max_length=9)
    nom = models.CharField("collectivité", max_length=160)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    faite_le = models.DateTimeField("faite le", db_default=HorlogeBase())
    tranchee_le = models.DateTimeField("tranchée le", null=True, blank=True)
    tranchee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fondee = models.BooleanField("fondée", null=True)
    reponse = models.TextField("réponse", blank=True)

    objects = ContestationQuerySet.as_manager()

    class Meta:
        verbose_name = "contestation"
        ordering = ["pk"]
        constraints = [
            siren_correct("contestation_siren_valide"),
            models.UniqueConstraint(
                fields=["candidature", "siren"],
                name="contestation_une_par_collectivite",
                condition=Q(tranchee_le=None),
                violation_error_message="Votre collectivité a déjà signalé ce dossier\u00a0: nous l’examinons.",
            ),
            models.CheckConstraint(
                name="contestation_tranchee_et_motivee",
                condition=Q(tranchee_le=None, tranchee_par=None, fondee=None, reponse="")
                | (Q(tranchee_le__isnull=False, tranchee_par__isnull=False, fondee__isnull=False) & ~Q(reponse="")),
            ),
            models.CheckConstraint(
                name="contestation_tranchee_par_autrui",
                condition=Q(tranchee_par=None) | ~Q(tranchee_par=models.F("par")),
                violation_error_message="Une autre personne que celle qui a signalé le dossier doit répondre.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="contestation_par_un_agent_prouve",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=PAR_UN_AGENT_PROUVE.format(etats=", ".join(f"'{etat}'" for etat in ETATS_CONTESTABLES)),
            ),
            pgtrigger.Trigger(
                name="contestation_tranchee_par_un_tiers",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__tranchee_par__isnull=False),
                func=PAR_UN_TIERS,
            ),
            pgtrigger.Protect(name="contestation_ne_s_efface_pas", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.candidature} – {self.nom}"
