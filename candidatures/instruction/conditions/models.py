"""What is being found of the conditions of a file, and the inadmissibility that a valideur signs or sends back."""

from typing import cast

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.conditions import gardes
from candidatures.instruction.conditions.etats import Issue
from candidatures.instruction.conditions.regles import QUALITE_MAX, qui_a_signe
from candidatures.instruction.models import Recevabilite, refuse_en_conflit


def _avant(
    nom: str, func: str, operation: pgtrigger.Operation, condition: pgtrigger.Condition | None = None
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(name=nom, when=pgtrigger.Before, operation=operation, func=func, condition=condition)


class ExamenDeRecevabilite(models.Model):
    """What is found so far, condition by condition, by those who instruct the file: a draft, of the file whoever holds
    it. It goes once it leads to something. `revision` grows by one each time: nobody replaces what they have not read.
    """

    candidature = models.OneToOneField(
        Candidature, on_delete=models.CASCADE, primary_key=True, related_name="examen_de_recevabilite"
    )
    constats = models.JSONField("constats", default=dict)
    motif = models.TextField("précisions", blank=True)
    revision = models.PositiveIntegerField("révision", default=1)
    ecrit_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ecrit_le = models.DateTimeField("écrit le")

    class Meta:
        verbose_name = "examen de recevabilité en cours"
        verbose_name_plural = "examens de recevabilité en cours"
        triggers = [
            refuse_en_conflit("ecrit_par_id"),
            _avant("examen_en_cours", gardes.EXAMEN_EN_COURS, pgtrigger.Insert | pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"Examen de {self.candidature}"


class IrrecevabiliteQuerySet(models.QuerySet["PropositionDIrrecevabilite"]):
    def a_signer(self) -> "IrrecevabiliteQuerySet":
        return self.filter(issue="")


class PropositionDIrrecevabilite(models.Model):
    """An inadmissibility, with the findings that lead to it and the reasons that the territory will read.

    One at a time waits on a file, until a valideur who did not instruct it signs it, or sends it back with a word.
    Who signed is kept as they were that day: name, quality, service.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="irrecevabilites")
    constats = models.JSONField("constats", default=dict)
    motif = models.TextField("motif")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposee_le = models.DateTimeField("proposée le")
    issue = models.CharField("issue", max_length=20, choices=Issue.choices, blank=True)
    close_le = models.DateTimeField("signée ou renvoyée le", null=True, blank=True)
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    mot = models.TextField("pourquoi elle est renvoyée", blank=True)
    signataire = models.CharField("nom du signataire", max_length=300, blank=True)
    qualite = models.CharField("qualité du signataire", max_length=QUALITE_MAX, blank=True)
    service = models.CharField("service du signataire", max_length=300, blank=True)

    objects = IrrecevabiliteQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition d’irrecevabilité"
        verbose_name_plural = "propositions d’irrecevabilité"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature"],
                name="irrecevabilite_une_a_signer",
                condition=Q(issue=""),
                violation_error_message="Une irrecevabilité est déjà proposée sur ce dossier.",
            ),
            models.CheckConstraint(
                name="proposition_d_irrecevabilite_motivee",
                condition=~Q(motif=""),
                violation_error_message="Une irrecevabilité se motive\u00a0: écrivez pourquoi.",
            ),
            models.CheckConstraint(
                name="irrecevabilite_close_dite",
                condition=Q(issue="", close_le=None, close_par=None)
                | Q(issue__in=Issue.values, close_le__isnull=False, close_par__isnull=False),
            ),
            models.CheckConstraint(
                name="irrecevabilite_renvoyee_dite",
                condition=(Q(issue=Issue.RENVOYEE) & ~Q(mot="")) | (~Q(issue=Issue.RENVOYEE) & Q(mot="")),
                violation_error_message="Écrivez pourquoi vous la renvoyez\u00a0: la personne qui instruit le lira.",
            ),
            models.CheckConstraint(
                name="irrecevabilite_signataire_dit",
                condition=(Q(issue=Issue.SIGNEE) & ~Q(signataire="") & ~Q(qualite="") & ~Q(service=""))
                | (~Q(issue=Issue.SIGNEE) & Q(signataire="", qualite="", service="")),
                violation_error_message="Dites en quelle qualité vous signez.",
            ),
        ]
        triggers = [
            refuse_en_conflit("auteur_id", pgtrigger.Insert),
            refuse_en_conflit("close_par_id", pgtrigger.Update, nom="refuse_signataire_en_conflit"),
            _avant("irrecevabilite_en_instruction", gardes.PROPOSEE_EN_INSTRUCTION, pgtrigger.Insert),
            _avant("irrecevabilite_close_par_un_autre", gardes.PAR_UN_AUTRE, pgtrigger.Insert | pgtrigger.Update),
            pgtrigger.ReadOnly(
                name="irrecevabilite_proposee_immuable",
                fields=["candidature", "constats", "motif", "auteur", "proposee_le"],
            ),
            pgtrigger.Protect(
                name="irrecevabilite_close_immuable",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__issue=""),
            ),
            pgtrigger.Protect(name="irrecevabilite_conservee", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Irrecevabilité proposée, {self.candidature}"

    @property
    def signature(self) -> str:
        return qui_a_signe(self.signataire, self.qualite, self.service)


def irrecevabilite_a_signer(dossier: Candidature) -> bool:
    """Whether an inadmissibility waits for a signature on `dossier`."""
    return PropositionDIrrecevabilite.objects.a_signer().filter(candidature=dossier).exists()


_avant("recevable_par_ses_conditions", gardes.RECEVABLE_PAR_SES_CONDITIONS, pgtrigger.Insert).register(
    cast("models.Model", Recevabilite)
)
_avant(
    "irrecevable_par_une_signature",
    gardes.ETAT_PAR_UNE_SIGNATURE,
    pgtrigger.Update,
    condition=pgtrigger.Q(old__etat=EtatCandidature.EN_INSTRUCTION)
    & ~pgtrigger.Q(new__etat=EtatCandidature.EN_INSTRUCTION),
).register(cast("models.Model", Candidature))
