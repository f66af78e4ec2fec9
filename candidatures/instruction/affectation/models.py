"""Who holds a file: one instructeur at a time, whom Postgres knows to be entitled to it."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.dossier.models.dossiers import Candidature, Participation
from candidatures.instruction.affectation.etats import CLOSES_PAR_LA_BASE, FinDAffectation
from candidatures.instruction.affectation.verite import CONFIES, SUIVRE, fermer, roles_sur, sans_titre
from candidatures.instruction.models import DeclarationInteret, choisi_par_un_tiers, refuse_en_conflit
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.utilisateur import Utilisateur
from territoires.models import Habilitation

Fin = FinDAffectation


class AffectationQuerySet(models.QuerySet["Affectation"]):
    def en_cours(self) -> "AffectationQuerySet":
        return self.filter(close_le=None)


class Affectation(models.Model):
    """`instructeur` holds the file from `faite_le` to `close_le`; `fin` says why no more, `mot` what was told them.

    `par` entrusted it to them, or is themselves when they took it. Without one in force the file is to be taken. A
    conflict of interest, a part in the file, the end of a role or of an account close it, by Postgres.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="affectations")
    instructeur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="affectations")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mot = models.TextField("mot pour qui reprend le dossier", blank=True)
    faite_le = models.DateTimeField("confié le")
    close_le = models.DateTimeField("jusqu’au", null=True, blank=True)
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fin = models.CharField("fin", max_length=13, choices=Fin.choices, blank=True)
    enregistree_le = models.DateTimeField(db_default=HorlogeBase())

    objects = AffectationQuerySet.as_manager()

    class Meta:
        verbose_name = "affectation d’un dossier"
        verbose_name_plural = "affectations des dossiers"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature"],
                name="affectation_une_seule_en_cours",
                condition=Q(close_le=None),
                violation_error_message="Quelqu’un suit déjà ce dossier.",
            ),
            models.CheckConstraint(
                name="affectation_close_pour_une_raison",
                condition=Q(close_le=None, close_par=None, fin="")
                | Q(close_le__isnull=False, close_par__isnull=False, fin__in=[Fin.CONFIEE, Fin.RENDUE])
                | Q(close_le__isnull=False, close_par=None, fin__in=CLOSES_PAR_LA_BASE),
            ),
        ]
        indexes = [
            models.Index(fields=["instructeur"], condition=Q(close_le=None), name="affectation_en_cours_de"),
        ]
        triggers = [
            # The file, then the role, are held: a conflict declared or a role withdrawn at that instant is waited for.
            pgtrigger.Trigger(
                name="affectation_permise",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    PERFORM 1 FROM candidatures_candidature
                     WHERE id = NEW.candidature_id AND etat IN ({CONFIES}) FOR NO KEY UPDATE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'le dossier n''est plus en instruction'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'affectation_d_un_dossier_en_instruction';
                    END IF;
                    PERFORM 1 {roles_sur("NEW.candidature_id", "NEW.instructeur_id")} FOR SHARE OF h, u;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'aucun rôle sur ce territoire'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'affectation_dans_le_perimetre';
                    END IF;
                    RETURN NEW;
                """,
            ),
            refuse_en_conflit("instructeur_id", pgtrigger.Insert),
            # Nor does whoever has an interest in the file choose who instructs it.
            choisi_par_un_tiers("affectation_par_un_tiers", "par_id"),
            pgtrigger.ReadOnly(
                name="affectation_ne_change_pas",
                fields=["candidature", "instructeur", "par", "mot", "faite_le", "enregistree_le"],
            ),
            pgtrigger.Protect(
                name="affectation_close_le_reste",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__close_le__isnull=False),
            ),
            pgtrigger.Protect(name="affectation_conservee", operation=pgtrigger.Delete),
            *(
                pgtrigger.Trigger(
                    name=f"suivi_de_l_affectation_{nom}",
                    level=pgtrigger.Statement,
                    when=pgtrigger.After,
                    operation=operation,
                    referencing=pgtrigger.Referencing(new="changees"),  # type: ignore[no-untyped-call]
                    func=SUIVRE,
                )
                for nom, operation in (("faite", pgtrigger.Insert), ("close", pgtrigger.Update))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidature} – {self.instructeur}"


def _rendre(modele: Any, nom: str, raison: Fin) -> None:
    """Who declares an interest in a file, or comes to take part in it, holds it no more. The file is held: an
    assignment under way is waited for."""
    pgtrigger.Trigger(
        name=nom,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=f"""
            PERFORM 1 FROM candidatures_candidature
             WHERE id = NEW.candidature_id AND etat IN ({CONFIES}) FOR NO KEY UPDATE;
            {fermer(raison, "a.candidature_id = NEW.candidature_id AND a.instructeur_id = NEW.utilisateur_id")}
            RETURN NULL;
        """,
    ).register(modele)


_rendre(DeclarationInteret, "conflit_rend_le_dossier", Fin.CONFLIT)
_rendre(Participation, "participation_rend_le_dossier", Fin.PARTICIPATION)
pgtrigger.Trigger(
    name="fin_de_role_rend_les_dossiers",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__utilisateur__isnull=False, old__etat__df=pgtrigger.F("new__etat")),
    func=f"{fermer(Fin.ROLE, sans_titre('NEW.utilisateur_id'))} RETURN NULL;",
).register(Habilitation)  # type: ignore[arg-type]


class CompteDInstructeur(Utilisateur):
    """Bears what gives back the files of whoever has no account any more."""

    class Meta:
        proxy = True
        verbose_name = "compte d’un instructeur"
        triggers = [
            pgtrigger.Trigger(
                name="compte_ferme_rend_les_dossiers",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__is_active=True, new__is_active=False),
                func=f"{fermer(Fin.ROLE, sans_titre('NEW.id'))} RETURN NULL;",
            )
        ]
