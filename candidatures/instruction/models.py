"""Admissibility, proposal, declared interests."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.dossier.etats import SensDecision
from candidatures.dossier.models.dossiers import Candidature
from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase


def a_un_interet(dossier: str, personne: str) -> str:
    """Condition: `personne` declared an interest in `dossier`, takes part in it or did, both keys in SQL."""
    tables = ("declarationinteret", "participation", "ancienneparticipation")
    lus = (
        f"SELECT 1 FROM candidatures_{table} i WHERE i.candidature_id = {dossier} AND i.utilisateur_id = {personne}"
        for table in tables
    )
    return f"EXISTS ({' UNION ALL '.join(lus)})"


def refuse_en_conflit(
    colonne: str,
    operation: pgtrigger.Operation = pgtrigger.Insert | pgtrigger.Update,
    dossier: str = "NEW.candidature_id",
    nom: str = "refuse_auteur_en_conflit",
) -> pgtrigger.Trigger:
    """Trigger: whoever declared a conflict of interest on a file, or takes part or took part in it, does not act
    on it (design, invariant 7). `dossier`: its key, in SQL.

    The file is held: what is declared at that instant comes before, or after (`conflit_rend_le_dossier`)."""
    return pgtrigger.Trigger(
        name=nom,
        when=pgtrigger.Before,
        operation=operation,
        func=f"""
            PERFORM 1 FROM candidatures_candidature WHERE id = {dossier} FOR SHARE;
            IF EXISTS (SELECT 1 FROM candidatures_declarationinteret d
                        WHERE d.candidature_id = {dossier} AND d.utilisateur_id = NEW.{colonne}) THEN
                RAISE EXCEPTION 'conflit d''intérêts déclaré'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'auteur_sans_conflit';
            END IF;
            IF EXISTS (SELECT 1 FROM candidatures_participation p
                        WHERE p.candidature_id = {dossier} AND p.utilisateur_id = NEW.{colonne})
               OR EXISTS (SELECT 1 FROM candidatures_ancienneparticipation p
                        WHERE p.candidature_id = {dossier} AND p.utilisateur_id = NEW.{colonne}) THEN
                RAISE EXCEPTION 'participation au dossier'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'auteur_etranger_au_dossier';
            END IF;
            RETURN NEW;
        """,
    )


def choisi_par_un_tiers(nom: str, colonne: str) -> pgtrigger.Trigger:
    """Trigger: whoever has an interest in a file does not choose who acts on it."""
    return pgtrigger.Trigger(
        name=nom,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF {a_un_interet("NEW.candidature_id", f"NEW.{colonne}")} THEN
                RAISE EXCEPTION 'un intérêt dans le dossier'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{nom}';
            END IF;
            RETURN NEW;
        """,
    )


class DeclarationInteret(models.Model):
    """A person's conflict of interest on a file: from then on, they neither read it nor act on it."""

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="declarations_interets")
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    motif = models.TextField("motif")
    declaree_le = models.DateTimeField("déclarée le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "déclaration d’intérêts"
        verbose_name_plural = "déclarations d’intérêts"
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "utilisateur"],
                name="declaration_interet_unique",
                violation_error_message="Vous avez déjà déclaré un conflit d’intérêts sur ce dossier.",
            )
        ]
        triggers = [pgtrigger.Protect(name="declaration_interet_immuable", operation=IMMUABLE)]

    def __str__(self) -> str:
        return f"{self.utilisateur} – {self.candidature}"


class Recevabilite(models.Model):
    """Whether the file meets the conditions of the call, and who said so.

    `constats` is what was found of each (`conditions.regles`); empty under specifications that have none, and in rows
    of before they had. `irrecevabilite` is what a valideur signed; older rows have none.
    """

    candidature = models.OneToOneField(Candidature, on_delete=models.PROTECT, related_name="recevabilite")
    recevable = models.BooleanField("recevable")
    motif = models.TextField("motif", blank=True)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    constatee_le = models.DateTimeField("constatée le")
    constats = models.JSONField("constats", default=dict, blank=True)
    irrecevabilite = models.OneToOneField(
        "candidatures.PropositionDIrrecevabilite",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recevabilite",
    )

    class Meta:
        verbose_name = "constat de recevabilité"
        verbose_name_plural = "constats de recevabilité"
        constraints = [
            models.CheckConstraint(
                name="irrecevabilite_motivee",
                condition=Q(recevable=True) | ~Q(motif=""),
                violation_error_message="Une irrecevabilité se motive.",
            ),
            models.CheckConstraint(
                name="recevable_sans_irrecevabilite", condition=Q(recevable=False) | Q(irrecevabilite=None)
            ),
        ]
        triggers = [
            refuse_en_conflit("auteur_id"),
            pgtrigger.Protect(name="recevabilite_immuable", operation=IMMUABLE),
            pgtrigger.Trigger(
                name="recevable_sans_reserve",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.recevable AND EXISTS (
                        SELECT 1 FROM candidatures_candidature WHERE id = NEW.candidature_id AND territoire_tenu = ''
                    ) THEN
                        RAISE EXCEPTION 'recevable sous réserve'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'recevable_sans_reserve';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return "Recevable" if self.recevable else "Irrecevable"


class Proposition(models.Model):
    """What the instruction proposes to the valideur. `revision` grows by one each time that it is revised: nobody
    replaces, nor signs, a proposal that they have not read. Each revision is kept (`RevisionDeProposition`), and there
    is none once the decision is taken."""

    candidature = models.OneToOneField(Candidature, on_delete=models.PROTECT, related_name="proposition")
    sens = models.CharField("proposition", max_length=20, choices=SensDecision.choices)
    motif = models.TextField("motif")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    faite_le = models.DateTimeField("faite le")
    revision = models.PositiveIntegerField("révision", default=1)

    class Meta:
        verbose_name = "proposition"
        constraints = [models.CheckConstraint(name="proposition_motivee", condition=~Q(motif=""))]
        triggers = [
            refuse_en_conflit("auteur_id"),
            pgtrigger.Trigger(
                name="proposition_revisee_une_a_une",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.revision <> OLD.revision + 1 THEN
                        RAISE EXCEPTION 'proposition révisée depuis'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'proposition_revisee_une_a_une';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(name="proposition_d_un_seul_dossier", fields=["candidature"]),
            pgtrigger.Protect(name="proposition_conservee", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="proposition_avant_la_decision",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF EXISTS (SELECT 1 FROM candidatures_decision d WHERE d.candidature_id = NEW.candidature_id) THEN
                        RAISE EXCEPTION 'la décision est prise'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'proposition_avant_la_decision';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="proposition_gardee",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    INSERT INTO candidatures_revisiondeproposition
                        (proposition_id, revision, sens, motif, auteur_id, faite_le)
                    VALUES (NEW.id, NEW.revision, NEW.sens, NEW.motif, NEW.auteur_id, NEW.faite_le);
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.get_sens_display()


class RevisionDeProposition(models.Model):
    """A proposal as it was proposed, each time: written by the database, never changed."""

    proposition = models.ForeignKey(Proposition, on_delete=models.PROTECT, related_name="revisions")
    revision = models.PositiveIntegerField("révision")
    sens = models.CharField("proposition", max_length=20, choices=SensDecision.choices)
    motif = models.TextField("motif")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    faite_le = models.DateTimeField("faite le")

    class Meta:
        verbose_name = "révision d’une proposition"
        verbose_name_plural = "révisions des propositions"
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["proposition", "revision"], name="revision_de_proposition_unique")
        ]
        triggers = [
            pgtrigger.Protect(name="revision_de_proposition_immuable", operation=IMMUABLE),
            pgtrigger.Trigger(
                name="revision_gardee_par_la_base",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    -- One for this trigger, one for that of the proposal which makes the row.
                    IF pg_trigger_depth() < 2 THEN
                        RAISE EXCEPTION 'les révisions suivent les propositions'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_gardee_par_la_base';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sens_display()} (révision {self.revision})"
