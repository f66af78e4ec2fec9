"""Reports and press releases: both freeze the figures that they print."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from projets.etats import TRANSITIONS_RAPPORT, EtatRapport
from projets.models.missions import Mission
from projets.regles import MOTIF_MOTS, MOTIF_SIGNES
from rebond.socle.etats import Table, declencheur_etats
from rebond.socle.models import Document, HorlogeBase

IMMUABLE = pgtrigger.Update | pgtrigger.Delete


class RapportQuerySet(models.QuerySet["Rapport"]):
    def a_fabriquer(self, avant: datetime) -> "RapportQuerySet":
        """Waiting, or begun by a worker that gave no sign of life since `avant`."""
        return self.filter(
            Q(etat=EtatRapport.DEMANDE) | Q(etat=EtatRapport.EN_COURS, signe_de_vie__lt=avant)
        ).order_by("pk")


class Rapport(models.Model):
    """One version of a mission's report. The row is the pending work; a worker makes the PDF and freezes the
    figures."""

    TRANSITIONS: ClassVar[Table] = TRANSITIONS_RAPPORT

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="rapports")
    version = models.PositiveSmallIntegerField("version")
    au = models.DateField("chiffres au")
    etat = models.CharField("état", max_length=20, choices=EtatRapport.choices, default=EtatRapport.DEMANDE)
    etape = models.CharField("étape en cours", max_length=100, blank=True)
    avancement = models.PositiveSmallIntegerField("avancement (%)", default=0)
    signe_de_vie = models.DateTimeField("dernier signe de vie", db_default=HorlogeBase())
    demande_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    demande_le = models.DateTimeField("demandé le", db_default=HorlogeBase())
    chiffres = models.JSONField("chiffres figés", null=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    pret_le = models.DateTimeField("prêt le", null=True)
    erreur = models.TextField("erreur", blank=True)

    objects = RapportQuerySet.as_manager()

    class Meta:
        verbose_name = "rapport de mission"
        verbose_name_plural = "rapports de mission"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "version"], name="rapport_version_unique"),
            models.UniqueConstraint(
                fields=["mission"],
                name="rapport_un_seul_en_fabrication",
                condition=Q(etat__in=[EtatRapport.DEMANDE, EtatRapport.EN_COURS]),
                violation_error_message="Un rapport est déjà en cours de fabrication pour cette mission.",
            ),
            models.CheckConstraint(name="rapport_avancement", condition=Q(avancement__lte=100)),
            models.CheckConstraint(
                name="rapport_pret_entier",
                condition=Q(
                    etat=EtatRapport.PRET,
                    document__isnull=False,
                    chiffres__isnull=False,
                    pret_le__isnull=False,
                )
                | Q(~Q(etat=EtatRapport.PRET), document=None, chiffres=None, pret_le=None),
            ),
        ]
        triggers = [
            declencheur_etats(TRANSITIONS_RAPPORT),
            pgtrigger.Protect(
                name="rapport_pret_immuable", operation=IMMUABLE, condition=pgtrigger.Q(old__etat=EtatRapport.PRET)
            ),
        ]

    def __str__(self) -> str:
        return f"Rapport de mission v{self.version} – {self.mission}"

    @property
    def nom(self) -> str:
        return f"rapport-mission-{self.mission_id}-v{self.version}.pdf"


# Postgres alone sees every release, whoever writes it. The lock puts two releases of a date in line: the second one
# reads the first, since each statement of the trigger sees what was committed before it (READ COMMITTED).
COMMUNIQUE_FIGEABLE = rf"""
    PERFORM pg_advisory_xact_lock(hashtext('projets_communique'), NEW.au - DATE '2000-01-01');
    SELECT version, empreinte INTO derniere, precedente FROM projets_communique
     WHERE au = NEW.au ORDER BY version DESC LIMIT 1;
    refus := CASE
        WHEN NEW.au >= (clock_timestamp() AT TIME ZONE 'Europe/Paris')::date THEN 'communique_jour_fini'
        WHEN NEW.version <> COALESCE(derniere, 0) + 1 THEN 'communique_version_suivante'
        WHEN NEW.empreinte = precedente THEN 'communique_change'
        WHEN NEW.version > 1 AND (
            char_length(btrim(NEW.motif)) < {MOTIF_SIGNES}
            OR (SELECT count(*) FROM regexp_matches(NEW.motif, '\S\S+', 'g')) < {MOTIF_MOTS}
        ) THEN 'communique_motif_suffisant'
        WHEN COALESCE(jsonb_array_length(NEW.contenu -> 'contacts'), 0) = 0
            OR (NEW.contenu ->> 'contacts') ~* '\[[^\]"]*à renseigner' THEN 'communique_contact_reel'
        WHEN NEW.contenu::text ~* 'https?://(localhost|127\.|0\.0\.0\.0|\[::)' THEN 'communique_adresse_publique'
    END;
    IF refus IS NOT NULL THEN
        RAISE EXCEPTION 'ce communiqué ne peut pas être figé'
            USING ERRCODE = 'check_violation', CONSTRAINT = refus;
    END IF;
    RETURN NEW;
"""


class Communique(models.Model):
    """A frozen press release: text, figures and map as they went out. Contradicted later, it is followed by a
    rectificatif (a new `version` for the same date), never overwritten (design, invariant 5)."""

    au = models.DateField("chiffres au")
    version = models.PositiveSmallIntegerField("version")
    chiffres = models.JSONField("chiffres figés")
    contenu = models.JSONField("texte figé")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    motif = models.TextField("motif du rectificatif", blank=True)
    fige_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fige_le = models.DateTimeField("figé le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "communiqué"
        ordering = ["-au", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["au", "version"], name="communique_version_unique"),
            models.CheckConstraint(
                name="communique_rectificatif_motive", condition=Q(version=1) | (Q(version__gt=1) & ~Q(motif=""))
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="communique_immuable", operation=IMMUABLE),
            pgtrigger.Trigger(
                name="communique_figeable",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("derniere", "INTEGER"), ("precedente", "TEXT"), ("refus", "TEXT")],
                func=COMMUNIQUE_FIGEABLE,
            ),
        ]

    def __str__(self) -> str:
        return f"Communiqué au {self.au:%d/%m/%Y} (version {self.version})"


class FichierDeCommunique(models.Model):
    """One file of a frozen release, as it was made then: no later code makes it again.

    `cle` is its format. A release frozen under embargo has each file twice: with the embargo written on it, without.
    `fabrique_le` is later than the freeze for releases that were frozen before files were kept.
    """

    communique = models.ForeignKey(Communique, on_delete=models.PROTECT, related_name="fichiers")
    cle = models.CharField("format", max_length=20)
    sous_embargo = models.BooleanField("porte l’embargo")
    nom = models.CharField("nom du fichier", max_length=200)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    fabrique_le = models.DateTimeField("fabriqué le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "fichier de communiqué"
        verbose_name_plural = "fichiers de communiqué"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["communique", "cle", "sous_embargo"], name="fichier_de_communique_unique")
        ]
        triggers = [pgtrigger.Protect(name="fichier_de_communique_immuable", operation=IMMUABLE)]

    def __str__(self) -> str:
        return self.nom
