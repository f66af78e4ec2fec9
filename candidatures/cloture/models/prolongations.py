"""Extensions of a deadline, for one file or a whole wave: proposed by someone, signed by someone else."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import CONTENUS, Candidature
from candidatures.vagues.etats import TRANSITIONS_PROLONGATION, EtatProlongation, EtatVague
from candidatures.vagues.models.vagues import Vague
from candidatures.vagues.regles import UN_AN_AU_PLUS
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.etats.table import Table, declencheur_etats

if TYPE_CHECKING:
    from rebond.socle.utilisateur import Utilisateur

EP = EtatProlongation

# An extension is granted before the results are decided on, of a file that may still be deposited, to an instant that
# lies ahead. The wave's row is held, so that a closing or decisions under way are waited for.
ACCORDABLE = f"""
    IF TG_OP = 'UPDATE' AND OLD.etat = NEW.etat THEN
        RETURN NEW;
    END IF;
    SELECT v.etat, GREATEST(v.cloture, v.prolongee_au, c.prolongee_au) INTO STRICT etat_vague, echeance
      FROM candidatures_vague v LEFT JOIN candidatures_candidature c ON c.id = NEW.candidature_id
     WHERE v.id = NEW.vague_id FOR SHARE OF v;
    IF etat_vague NOT IN ('{EtatVague.PREVUE}', '{EtatVague.EN_INSTRUCTION}') THEN
        RAISE EXCEPTION 'les décisions de la vague sont prises'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prolongation_avant_les_decisions';
    ELSIF NEW.jusqu_au <= GREATEST(echeance, clock_timestamp()) THEN
        RAISE EXCEPTION 'la prolongation ne prolonge rien'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prolongation_a_venir';
    ELSIF NEW.candidature_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM candidatures_candidature WHERE id = NEW.candidature_id AND vague_id = NEW.vague_id
           AND etat IN ('{EtatCandidature.BROUILLON}', '{EtatCandidature.DEPOSEE}')
    ) THEN
        RAISE EXCEPTION 'dossier d''une autre vague, ou qui ne se dépose plus'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prolongation_d_un_dossier_ouvert';
    END IF;
    RETURN NEW;
"""

# Nobody gives time to a file that they write, or wrote, with its territory.
PAR_UN_TIERS = """
    IF EXISTS (
        SELECT 1 FROM (SELECT candidature_id, utilisateur_id FROM candidatures_participation
                       UNION ALL SELECT candidature_id, utilisateur_id FROM candidatures_ancienneparticipation) p
         WHERE p.candidature_id = NEW.candidature_id AND p.utilisateur_id IN (NEW.demandee_par_id, NEW.signee_par_id)
    ) THEN
        RAISE EXCEPTION 'participation au dossier prolongé'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prolongation_par_un_tiers';
    END IF;
    RETURN NEW;
"""


class ProlongationQuerySet(models.QuerySet["Prolongation"]):
    def en_vigueur(self) -> "ProlongationQuerySet":
        """Granted, and whose end is not recorded yet."""
        return self.filter(etat=EP.ACCORDEE)

    def finies(self, maintenant: datetime) -> "ProlongationQuerySet":
        """Past their end and the technical grace; it remains to record that."""
        fin = models.ExpressionWrapper(F("jusqu_au") + F("vague__grace"), output_field=models.DateTimeField())
        return self.en_vigueur().alias(fin=fin).filter(fin__lte=maintenant)

    def accordees(self) -> "ProlongationQuerySet":
        return self.filter(etat__in=[EP.ACCORDEE, EP.CLOSE])

    def pour_liste(self) -> "ProlongationQuerySet":
        return self.select_related(
            "vague", "candidature__vague", "candidature__territoire", "demandee_par", "signee_par"
        ).defer(*(f"candidature__{champ}" for champ in CONTENUS))


class Prolongation(models.Model):
    """More time to deposit, until `jusqu_au` excluded: for `candidature`, or for every file of `vague` begun by then.

    It holds once a second person has signed it (`accordee`), until the procès-verbal that records its end (`close`).
    """

    TRANSITIONS: ClassVar[Table] = TRANSITIONS_PROLONGATION

    vague = models.ForeignKey(Vague, on_delete=models.PROTECT, related_name="prolongations")
    candidature = models.ForeignKey(
        Candidature, on_delete=models.PROTECT, null=True, blank=True, related_name="prolongations"
    )
    jusqu_au = models.DateTimeField("jusqu’au")
    motif = models.TextField("motif")
    etat = models.CharField("état", max_length=20, choices=EtatProlongation.choices, default=EP.PROPOSEE)
    demandee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    demandee_le = models.DateTimeField("proposée le")
    signee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signee_le = models.DateTimeField("signée le", null=True, blank=True)
    enregistree_le = models.DateTimeField(db_default=HorlogeBase())

    objects = ProlongationQuerySet.as_manager()

    class Meta:
        verbose_name = "prolongation"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="prolongation_motivee", condition=~Q(motif="")),
            models.CheckConstraint(
                name="prolongation_d_un_an_au_plus", condition=Q(jusqu_au__lte=F("demandee_le") + UN_AN_AU_PLUS)
            ),
            models.CheckConstraint(
                name="prolongation_signee_par_une_autre_personne",
                condition=Q(signee_par=None) | ~Q(signee_par=F("demandee_par")),
                violation_error_message="La seconde signature est celle d’une autre personne.",
            ),
            models.CheckConstraint(
                name="prolongation_accordee_signee",
                condition=Q(etat=EP.PROPOSEE, signee_par=None, signee_le=None)
                | Q(etat=EP.ECARTEE, signee_le__isnull=False)
                | Q(etat__in=[EP.ACCORDEE, EP.CLOSE], signee_par__isnull=False, signee_le__isnull=False),
            ),
        ]
        triggers = [
            declencheur_etats(TRANSITIONS_PROLONGATION),
            pgtrigger.Trigger(
                name="prolongation_accordable",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__etat__in=[EP.PROPOSEE, EP.ACCORDEE]),
                declare=[("etat_vague", "TEXT"), ("echeance", "TIMESTAMPTZ")],
                func=ACCORDABLE,
            ),
            pgtrigger.Trigger(
                name="prolongation_par_un_tiers",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__etat__in=[EP.PROPOSEE, EP.ACCORDEE]),
                func=PAR_UN_TIERS,
            ),
            pgtrigger.Protect(
                name="prolongation_ne_change_pas",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["etat", "signee_par", "signee_le"]),
            ),
            pgtrigger.Protect(
                name="prolongation_signature_ne_change_pas",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__etat__df=EP.PROPOSEE)
                & (
                    pgtrigger.Q(old__signee_par__df=pgtrigger.F("new__signee_par"))
                    | pgtrigger.Q(old__signee_le__df=pgtrigger.F("new__signee_le"))
                ),
            ),
            pgtrigger.Protect(name="prolongation_conservee", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Prolongation de {self.candidature or self.vague}"

    def est_du_dossier_de(self, personne: "Utilisateur") -> bool:
        """Whether it gives time to one file, in which `personne` takes part or took part."""
        if self.candidature_id is None:
            return False
        return Candidature.objects.de_son_territoire(personne).filter(pk=self.candidature_id).exists()

    @property
    def attend_une_signature(self) -> bool:
        return TRANSITIONS_PROLONGATION.permet("accorder", self.etat)
