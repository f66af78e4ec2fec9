"""The aid envelope of a mission, who pays for it, and what is granted from it."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from projets.mission.annulation import rien_pour_un_annule
from projets.mission.models import Mission
from projets.mission.regles import DERNIER_JOUR, PREMIER_JOUR
from rebond.socle.bdd.jumeaux import jumeau_de

# Design, invariant 4: the envelope's row is locked before the sum is read, so that simultaneous grants queue up. After
# the wait, the sum is another statement: it sees what was committed meanwhile (READ COMMITTED).
CONCOURS_DANS_L_ENVELOPPE = """
    SELECT montant INTO STRICT plafond FROM projets_enveloppe WHERE id = NEW.enveloppe_id FOR UPDATE;
    SELECT COALESCE(SUM(montant), 0) INTO accorde FROM projets_concours c WHERE enveloppe_id = NEW.enveloppe_id
       AND NOT EXISTS (SELECT 1 FROM projets_liberation l WHERE l.concours_id = c.id);
    IF accorde + NEW.montant > plafond THEN
        RAISE EXCEPTION 'les concours dépassent l''enveloppe'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'concours_dans_l_enveloppe';
    END IF;
    RETURN NEW;
"""
ENVELOPPE_COUVRE_LES_CONCOURS = """
    SELECT COALESCE(SUM(montant), 0) INTO accorde FROM projets_concours c WHERE enveloppe_id = NEW.id
       AND NOT EXISTS (SELECT 1 FROM projets_liberation l WHERE l.concours_id = c.id);
    IF accorde > NEW.montant THEN
        RAISE EXCEPTION 'l''enveloppe est inférieure aux concours accordés'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'enveloppe_couvre_les_concours';
    END IF;
    RETURN NEW;
"""
# An amount that is freed is the envelope's again from that day, and not before: what is held at once is the largest
# sum on the day of the new grant and on those of the grants that follow it.
CONCOURS_DANS_L_ENVELOPPE_A_SA_DATE = """
    SELECT montant INTO STRICT plafond FROM projets_enveloppe WHERE id = NEW.enveloppe_id FOR UPDATE;
    SELECT COALESCE(MAX(tenu.somme), 0) INTO accorde FROM (
        SELECT SUM(c.montant) AS somme
          FROM (SELECT NEW.accorde_le AS jour UNION SELECT accorde_le FROM projets_concours
                 WHERE enveloppe_id = NEW.enveloppe_id AND accorde_le > NEW.accorde_le) jours
          JOIN projets_concours c ON c.enveloppe_id = NEW.enveloppe_id AND c.accorde_le <= jours.jour
         WHERE NOT EXISTS (
             SELECT 1 FROM projets_liberation l WHERE l.concours_id = c.id AND l.libere_le <= jours.jour)
         GROUP BY jours.jour
    ) tenu;
    IF accorde + NEW.montant > plafond THEN
        RAISE EXCEPTION 'les concours tenus ensemble à cette date dépassent l''enveloppe'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'concours_dans_l_enveloppe_a_sa_date';
    END IF;
    RETURN NEW;
"""
# The estimate of the day counts, else the first one: a grant may be dated before a company gave its figures.
CONCOURS_DANS_L_INVESTISSEMENT = """
    SELECT investissement INTO prevu FROM projets_estimation WHERE projet_id = NEW.projet_id
     ORDER BY (au <= NEW.accorde_le) DESC, CASE WHEN au <= NEW.accorde_le THEN au END DESC NULLS LAST, au, id DESC
     LIMIT 1;
    IF NEW.montant > prevu THEN
        RAISE EXCEPTION 'le concours dépasse l''investissement du projet'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'concours_dans_l_investissement';
    END IF;
    RETURN NEW;
"""
# Whoever takes part or took part in the file of a laureate, or declared a conflict of interest on it, grants nothing
# in the mission that came out of it.
ACCORDE_PAR_UN_TIERS = """
    IF EXISTS (
        SELECT 1 FROM projets_enveloppe e
          JOIN projets_missionlabellisation r ON r.mission_id = e.mission_id
          JOIN candidatures_labellisation l ON l.id = r.labellisation_id
          JOIN (SELECT candidature_id, utilisateur_id FROM candidatures_participation
                UNION ALL SELECT candidature_id, utilisateur_id FROM candidatures_ancienneparticipation
                UNION ALL SELECT candidature_id, utilisateur_id FROM candidatures_declarationinteret
               ) i ON i.candidature_id = l.candidature_id
         WHERE e.id = NEW.enveloppe_id AND i.utilisateur_id = NEW.accorde_par_id
    ) THEN
        RAISE EXCEPTION 'intérêt dans le dossier'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'concours_accorde_par_un_tiers';
    END IF;
    RETURN NEW;
"""


class EnveloppeQuerySet(models.QuerySet["Enveloppe"]):
    @jumeau_de("postgres:concours_dans_l_enveloppe", "postgres:enveloppe_couvre_les_concours")
    def avec_totaux(self) -> "EnveloppeQuerySet":
        """Adds `accorde`, in euros: the sum of the grants that are not freed."""
        accorde = (
            Concours.objects.en_vigueur()
            .filter(enveloppe=models.OuterRef("pk"))
            .order_by()
            .values("enveloppe")
            .annotate(total=Sum("montant"))
            .values("total")
        )
        return self.annotate(accorde=Coalesce(models.Subquery(accorde), 0, output_field=models.BigIntegerField()))


class Enveloppe(models.Model):
    """Money set aside for the structuring projects of one mission. Amounts in whole euros."""

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="enveloppes")
    nom = models.CharField("nom", max_length=200)
    montant = models.PositiveBigIntegerField("montant (€)")
    ouverte_le = models.DateField("ouverte le")

    objects = EnveloppeQuerySet.as_manager()

    class Meta:
        verbose_name = "enveloppe"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="enveloppe_montant_positif", condition=Q(montant__gt=0))]
        triggers = [
            pgtrigger.Trigger(
                name="enveloppe_couvre_les_concours",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("accorde", "NUMERIC")],
                func=ENVELOPPE_COUVRE_LES_CONCOURS,
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Cofinancement(models.Model):
    """What one funder puts in the envelope, in whole euros."""

    enveloppe = models.ForeignKey(Enveloppe, on_delete=models.CASCADE, related_name="cofinancements")
    financeur = models.CharField("financeur", max_length=200)
    montant = models.PositiveBigIntegerField("montant (€)")

    class Meta:
        verbose_name = "cofinancement"
        ordering = ["-montant", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enveloppe", "financeur"], name="cofinancement_un_par_financeur"),
            models.CheckConstraint(name="cofinancement_positif", condition=Q(montant__gt=0)),
        ]

    def __str__(self) -> str:
        return self.financeur


class ConcoursQuerySet(models.QuerySet["Concours"]):
    def en_vigueur(self) -> "ConcoursQuerySet":
        return self.filter(liberation=None)

    def accordes(self, au: date) -> "ConcoursQuerySet":
        """Granted on or before `au`, and not freed by then."""
        return self.filter(accorde_au(au))


def accorde_au(au: date, prefixe: str = "") -> Q:
    """Of a grant: given on or before `au`, and not freed by then. `prefixe` leads to it: « concours__ »."""
    libere = Q((f"{prefixe}liberation", None)) | Q((f"{prefixe}liberation__libere_le__gt", au))
    return Q((f"{prefixe}accorde_le__lte", au)) & libere


class Concours(models.Model):
    """An aid granted to a project from an envelope, in whole euros; never changed. The total of those that are held
    at once, on any day, never exceeds the envelope, and none exceeds the investment of its project."""

    enveloppe = models.ForeignKey(Enveloppe, on_delete=models.PROTECT, related_name="concours")
    projet = models.OneToOneField("projets.Projet", on_delete=models.PROTECT, related_name="concours")
    montant = models.PositiveBigIntegerField("montant (€)")
    accorde_le = models.DateField("accordé le")
    accorde_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ConcoursQuerySet.as_manager()

    class Meta:
        verbose_name = "concours"
        verbose_name_plural = "concours"
        ordering = ["accorde_le", "pk"]
        constraints = [
            models.CheckConstraint(name="concours_positif", condition=Q(montant__gt=0)),
            models.CheckConstraint(
                name="concours_dans_le_programme",
                condition=Q(accorde_le__gte=PREMIER_JOUR, accorde_le__lte=DERNIER_JOUR),
            ),
        ]
        triggers = [
            rien_pour_un_annule(
                "concours_d_un_projet_retenu", "projets_projet", "projet_id", "le projet de cette aide est annulé"
            ),
            pgtrigger.Trigger(
                name="concours_dans_l_enveloppe",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("plafond", "NUMERIC"), ("accorde", "NUMERIC")],
                func=CONCOURS_DANS_L_ENVELOPPE,
            ),
            # Postgres fires triggers by name: the plainer refusal comes first.
            pgtrigger.Trigger(
                name="concours_dans_l_enveloppe_a_sa_date",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("plafond", "NUMERIC"), ("accorde", "NUMERIC")],
                func=CONCOURS_DANS_L_ENVELOPPE_A_SA_DATE,
            ),
            pgtrigger.Trigger(
                name="concours_dans_l_investissement",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("prevu", "NUMERIC")],
                func=CONCOURS_DANS_L_INVESTISSEMENT,
            ),
            pgtrigger.Trigger(
                name="concours_accorde_par_un_tiers",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ACCORDE_PAR_UN_TIERS,
            ),
            pgtrigger.Protect(name="concours_immuable", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.projet} – {self.montant} €"

    @property
    @jumeau_de("projets.enveloppe.models.ConcoursQuerySet.en_vigueur")
    def est_libere(self) -> bool:
        """Free after `liberation` was selected with it."""
        return getattr(self, "liberation", None) is not None

    @jumeau_de("projets.enveloppe.models.ConcoursQuerySet.accordes")
    def accorde_au(self, au: date) -> bool:
        """Whether the project had this aid at the end of the day `au`."""
        liberation = getattr(self, "liberation", None)
        return self.accorde_le <= au and (liberation is None or liberation.libere_le > au)


class Liberation(models.Model):
    """The end of a grant whose project was given up: from `libere_le` on, its amount is the envelope's again."""

    concours = models.OneToOneField(Concours, on_delete=models.PROTECT, related_name="liberation")
    libere_le = models.DateField("libéré le")
    libere_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "libération d’une aide"
        verbose_name_plural = "libérations d’aides"
        triggers = [pgtrigger.Protect(name="liberation_immuable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.concours}, libéré le {self.libere_le:%d/%m/%Y}"
