"""Instruction of the files of a closed wave, decisions, and labels."""

from datetime import datetime
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from candidatures.etats import ACTES_D_INSTRUCTION, SensAvis, SensDecision
from candidatures.models.depots import IMMUABLE
from candidatures.models.dossiers import Candidature
from candidatures.models.vagues import Vague
from rebond.socle.models import HorlogeBase
from territoires.models import Territoire

if TYPE_CHECKING:
    from rebond.socle.models import Utilisateur


def refuse_en_conflit(colonne: str) -> pgtrigger.Trigger:
    """Trigger: whoever declared a conflict of interest on a file, or takes part in it, does not act on it (design,
    invariant 7)."""
    return pgtrigger.Trigger(
        name="refuse_auteur_en_conflit",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF EXISTS (SELECT 1 FROM candidatures_declarationinteret d
                        WHERE d.candidature_id = NEW.candidature_id AND d.utilisateur_id = NEW.{colonne}) THEN
                RAISE EXCEPTION 'conflit d''intérêts déclaré'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'auteur_sans_conflit';
            END IF;
            IF EXISTS (SELECT 1 FROM candidatures_participation p
                        WHERE p.candidature_id = NEW.candidature_id AND p.utilisateur_id = NEW.{colonne}) THEN
                RAISE EXCEPTION 'participation au dossier'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'auteur_etranger_au_dossier';
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
    """Whether the file meets the conditions of the call, and who said so."""

    candidature = models.OneToOneField(Candidature, on_delete=models.PROTECT, related_name="recevabilite")
    recevable = models.BooleanField("recevable")
    motif = models.TextField("motif", blank=True)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    constatee_le = models.DateTimeField("constatée le")

    class Meta:
        verbose_name = "constat de recevabilité"
        verbose_name_plural = "constats de recevabilité"
        constraints = [
            models.CheckConstraint(
                name="irrecevabilite_motivee",
                condition=Q(recevable=True) | ~Q(motif=""),
                violation_error_message="Une irrecevabilité se motive.",
            )
        ]
        triggers = [refuse_en_conflit("auteur_id")]

    def __str__(self) -> str:
        return "Recevable" if self.recevable else "Irrecevable"


class AvisQuerySet(models.QuerySet["Avis"]):
    def rendus(self) -> "AvisQuerySet":
        return self.exclude(rendu_le=None)

    def demandes(self) -> "AvisQuerySet":
        """All but the requests that were revoked."""
        return self.filter(revoque_le=None)

    def attendus_de(self, utilisateur: "Utilisateur") -> "AvisQuerySet":
        return self.demandes().filter(expert=utilisateur, rendu_le=None)


class Avis(models.Model):
    """An opinion on a file: asked of `expert` by an instructeur, then given once. An instructeur may give their
    own. The request is revoked, for good, when the expert declares a conflict of interest before giving it."""

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="avis")
    expert = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="avis")
    demande_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    demande_le = models.DateTimeField("demandé le")
    question = models.TextField("question posée", blank=True)
    sens = models.CharField("sens", max_length=20, choices=SensAvis.choices, blank=True)
    texte = models.TextField("avis", blank=True)
    rendu_le = models.DateTimeField("rendu le", null=True, blank=True)
    revoque_le = models.DateTimeField("demande annulée le", null=True, blank=True)

    objects = AvisQuerySet.as_manager()

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidature", "expert"],
                name="avis_un_par_expert",
                violation_error_message="L’avis de cette personne est déjà demandé sur ce dossier.",
            ),
            models.CheckConstraint(
                name="avis_rendu_entier",
                condition=Q(rendu_le=None, sens="", texte="")
                | (Q(rendu_le__isnull=False, sens__in=SensAvis.values) & ~Q(texte="")),
            ),
            models.CheckConstraint(
                name="avis_rendu_ou_revoque",
                condition=Q(rendu_le=None) | Q(revoque_le=None),
                violation_error_message="La demande de cet avis est annulée : il ne peut plus être rendu.",
            ),
        ]
        triggers = [
            refuse_en_conflit("expert_id"),
            pgtrigger.Protect(
                name="avis_rendu_immuable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__rendu_le__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Avis de {self.expert}"


class Proposition(models.Model):
    """What the instruction proposes to the valideur. `revision` grows by one each time that it is revised: nobody
    replaces, nor signs, a proposal that they have not read."""

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
        ]

    def __str__(self) -> str:
        return self.get_sens_display()


class Decision(models.Model):
    """The decision on one file: signed by a valideur who took no part in its instruction, never changed."""

    candidature = models.OneToOneField(Candidature, on_delete=models.PROTECT, related_name="decision")
    sens = models.CharField("décision", max_length=20, choices=SensDecision.choices)
    motif = models.TextField("motif", blank=True)
    valideur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prise_le = models.DateTimeField("prise le")

    class Meta:
        verbose_name = "décision"
        triggers = [
            pgtrigger.Protect(name="decision_immuable", operation=IMMUABLE),
            refuse_en_conflit("valideur_id"),
            pgtrigger.Trigger(
                name="valideur_n_a_pas_instruit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM candidatures_recevabilite
                         WHERE candidature_id = NEW.candidature_id AND auteur_id = NEW.valideur_id
                        UNION ALL
                        SELECT 1 FROM candidatures_proposition
                         WHERE candidature_id = NEW.candidature_id AND auteur_id = NEW.valideur_id
                        UNION ALL
                        SELECT 1 FROM candidatures_avis
                         WHERE candidature_id = NEW.candidature_id
                           AND NEW.valideur_id IN (expert_id, demande_par_id)
                        UNION ALL
                        -- An act that someone else redid since.
                        SELECT 1 FROM socle_entreejournal
                         WHERE objet_type = 'candidatures.candidature' AND objet_id = NEW.candidature_id::text
                           AND acteur_id_copie = NEW.valideur_id AND acte IN {ACTES_D_INSTRUCTION}
                    ) THEN
                        RAISE EXCEPTION 'le valideur a instruit ce dossier'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'valideur_n_a_pas_instruit';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.get_sens_display()


class LabellisationQuerySet(models.QuerySet["Labellisation"]):
    def publiques(self, maintenant: datetime) -> "LabellisationQuerySet":
        """Announced, embargo over: what anyone may know."""
        return self.filter(publique_a__lte=maintenant)

    def annoncees_avant(self, instant: datetime) -> "LabellisationQuerySet":
        """Announced strictly before `instant`, embargo or not: what press figures « au » a date count."""
        return self.filter(annoncee_le__lt=instant)

    def pour_liste(self) -> "LabellisationQuerySet":
        return self.select_related("vague", "territoire", "territoire__region_pilote", "territoire__chef_de_file")


class Labellisation(models.Model):
    """A laureate territory: dated when decided, known to others once announced, public once its embargo is over."""

    candidature = models.OneToOneField(Candidature, on_delete=models.PROTECT, related_name="labellisation")
    territoire = models.ForeignKey(Territoire, on_delete=models.PROTECT, related_name="labellisations")
    vague = models.ForeignKey(Vague, on_delete=models.PROTECT, related_name="labellisations")
    decidee_le = models.DateTimeField("décidée le")
    annoncee_le = models.DateTimeField("annoncée le", null=True, blank=True)
    publique_a = models.DateTimeField("publique à partir de", null=True, blank=True)

    objects = LabellisationQuerySet.as_manager()

    class Meta:
        verbose_name = "labellisation"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territoire"],
                name="labellisation_une_par_territoire",
                violation_error_message="Ce territoire est déjà lauréat.",
            ),
            models.CheckConstraint(
                name="labellisation_annonce_ordonnee",
                condition=Q(annoncee_le=None, publique_a=None)
                | Q(annoncee_le__gte=F("decidee_le"), publique_a__gte=F("annoncee_le")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="labellisation_conservee", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="labellisation_annoncee_figee",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__annoncee_le__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.territoire)
