"""Who evaluates a file."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.evaluation import verite
from candidatures.evaluation.etats import CLOS_PAR_LA_BASE, FinDEvaluateur
from candidatures.instruction.affectation.verite import roles_sur
from candidatures.instruction.models import (
    DeclarationInteret,
    Proposition,
    choisi_par_un_tiers,
    refuse_en_conflit,
)
from candidatures.instruction.suivi.notes import ouvertes


class EvaluateurQuerySet(models.QuerySet["Evaluateur"]):
    def en_cours(self) -> "EvaluateurQuerySet":
        return self.filter(retire_le=None)


class Evaluateur(models.Model):
    """`personne` evaluates the file from `confie_le` to `retire_le`; `fin` says why no more, `motif` in which words.

    Entrusted by `confie_par` among those who instruct there, who neither have an interest in the file nor proposed a
    decision on it. Nobody joins nor leaves once the evaluations are read by all, but by a conflict or a part in the
    file, which Postgres records: what they said then counts no more.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="evaluateurs")
    personne = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confie_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confie_le = models.DateTimeField("confié le")
    retire_le = models.DateTimeField("jusqu’au", null=True, blank=True)
    retire_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fin = models.CharField("fin", max_length=13, choices=FinDEvaluateur.choices, blank=True)
    motif = models.TextField("raison", blank=True)

    objects = EvaluateurQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluateur"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "personne"],
                name="evaluateur_une_seule_fois",
                condition=Q(retire_le=None),
                violation_error_message="Cette personne évalue déjà ce dossier.",
            ),
            models.CheckConstraint(
                name="evaluateur_retire_pour_une_raison",
                condition=Q(retire_le=None, retire_par=None, fin="", motif="")
                | (Q(retire_le__isnull=False, retire_par__isnull=False, fin=FinDEvaluateur.RETIRE) & ~Q(motif=""))
                | Q(retire_le__isnull=False, retire_par=None, fin__in=CLOS_PAR_LA_BASE, motif=""),
            ),
        ]
        indexes = [models.Index(fields=["personne"], condition=Q(retire_le=None), name="evaluateur_en_cours")]
        triggers = [
            # The file, then the role, are held, as for an assignment.
            pgtrigger.Trigger(
                name="evaluateur_permis",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    PERFORM 1 FROM candidatures_candidature
                     WHERE id = NEW.candidature_id AND etat IN ({verite.EVALUES}) FOR NO KEY UPDATE;
                    IF NOT FOUND THEN
                        {verite.refuser("le dossier n''est plus en instruction", "evaluateur_d_un_dossier_en_cours")}
                    END IF;
                    PERFORM 1 {roles_sur("NEW.candidature_id", "NEW.personne_id")} FOR SHARE OF h, u;
                    IF NOT FOUND THEN
                        {verite.refuser("aucun rôle sur ce territoire", "evaluateur_dans_le_perimetre")}
                    END IF;
                    IF {ouvertes("NEW.candidature_id")} THEN
                        {verite.refuser("les évaluations sont lues", "evaluateur_avant_l_ouverture")}
                    END IF;
                    IF EXISTS (SELECT 1 FROM candidatures_proposition p
                                 JOIN candidatures_revisiondeproposition r ON r.proposition_id = p.id
                                WHERE p.candidature_id = NEW.candidature_id AND r.auteur_id = NEW.personne_id) THEN
                        {verite.refuser("a proposé une décision", "evaluateur_n_a_pas_propose")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            refuse_en_conflit("personne_id", pgtrigger.Insert),
            choisi_par_un_tiers("evaluateur_par_un_tiers", "confie_par_id"),
            pgtrigger.Trigger(
                name="evaluateur_retire_avant_l_ouverture",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__fin=FinDEvaluateur.RETIRE),
                func=f"""
                    {verite.tenir("NEW.candidature_id")}
                    IF {ouvertes("NEW.candidature_id")} THEN
                        {verite.refuser("les évaluations sont lues", "evaluateur_avant_l_ouverture")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(
                name="evaluateur_ne_change_pas", fields=["candidature", "personne", "confie_par", "confie_le"]
            ),
            pgtrigger.Protect(
                name="evaluateur_retire_le_reste",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__retire_le__isnull=False),
            ),
            pgtrigger.Protect(name="evaluateur_conserve", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="evaluateur_parti_ouvre",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                func=verite.OUVRIR,
            ),
            pgtrigger.Trigger(
                name="suivi_de_l_evaluateur", when=pgtrigger.After, operation=pgtrigger.Update, func=verite.SUIVRE
            ),
        ]

    def __str__(self) -> str:
        return str(self.personne)


def _retirer(modele: Any, nom: str, raison: FinDEvaluateur) -> None:
    """Who declares an interest in a file, or comes to take part in it, evaluates it no more. The file is held."""
    pgtrigger.Trigger(
        name=nom,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=f"""
            PERFORM 1 FROM candidatures_candidature
             WHERE id = NEW.candidature_id AND etat IN ({verite.EVALUES}) FOR NO KEY UPDATE;
            UPDATE candidatures_evaluateur SET retire_le = clock_timestamp(), fin = '{raison}'
             WHERE candidature_id = NEW.candidature_id AND personne_id = NEW.utilisateur_id AND retire_le IS NULL;
            RETURN NULL;
        """,
    ).register(modele)


_retirer(DeclarationInteret, "conflit_retire_l_evaluation", FinDEvaluateur.CONFLIT)
_retirer(Participation, "participation_retire_l_evaluation", FinDEvaluateur.PARTICIPATION)
# Nobody evaluates a file and proposes a decision on it; the other way round, `evaluateur_permis`.
pgtrigger.Trigger(
    name="proposant_n_evalue_pas",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func=f"""
        {verite.tenir("NEW.candidature_id")}
        IF EXISTS (SELECT 1 FROM candidatures_evaluateur e
                    WHERE e.candidature_id = NEW.candidature_id AND e.personne_id = NEW.auteur_id
                      AND (e.retire_le IS NULL OR EXISTS (
                           SELECT 1 FROM candidatures_evaluation v
                            WHERE v.evaluateur_id = e.id AND v.rendue_le IS NOT NULL))) THEN
            {verite.refuser("évalue ce dossier", "proposant_n_evalue_pas")}
        END IF;
        RETURN NEW;
    """,
).register(Proposition)  # type: ignore[arg-type]
