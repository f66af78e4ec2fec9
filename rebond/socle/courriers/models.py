"""Letters that wait, and outages of the mail server."""

from datetime import timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.courriers.regles import LETTRES_PAR_JOUR
from rebond.socle.documents.models import Document

# One at a time for each person: of two requests at once the second counts the letter of the first.
LETTRES_COMPTEES = f"""
    IF NEW.demande_par_id IS NULL AND NEW.cle LIKE 'invitation-%' THEN
        RAISE EXCEPTION 'invitation que personne n''a demandée'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'courrier_invitation_comptee';
    END IF;
    IF NEW.demande_par_id IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('courrier_lettres_par_jour'), NEW.demande_par_id::int);
        NEW.cree_le := clock_timestamp();
        IF (SELECT count(*) FROM socle_courrier WHERE demande_par_id = NEW.demande_par_id
               AND cree_le > NEW.cree_le - interval '24 hours') >= {LETTRES_PAR_JOUR} THEN
            RAISE EXCEPTION 'trop de lettres demandées en un jour'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'courrier_lettres_par_jour';
        END IF;
    END IF;
    RETURN NEW;
"""


class CourrierQuerySet(models.QuerySet["Courrier"]):
    def a_envoyer(self, maintenant: Any) -> "CourrierQuerySet":
        return self.filter(envoye_le=None, abandonne_le=None, prochain_essai__lte=maintenant)

    def perimes(self, maintenant: Any) -> "CourrierQuerySet":
        """What nobody can use any more, and has not left."""
        return self.filter(envoye_le=None, perime_le__lte=maintenant)

    def venus(self, maintenant: Any) -> "CourrierQuerySet":
        """Those whose first instant has come. A letter of results that waits for the end of an embargo is nobody's to
        see before."""
        attendent = Q(tentatives=0, envoye_le=None, abandonne_le=None, prochain_essai__gt=maintenant)
        return self.lisibles().exclude(attendent)

    def abandonnes(self) -> "CourrierQuerySet":
        return self.lisibles().exclude(abandonne_le=None)

    def lisibles(self) -> "CourrierQuerySet":
        """Without those whose words and reader have gone with time (`rebond.donnees.conservation`)."""
        return self.exclude(destinataire="")

    def demandees_depuis_un_jour(self, personne: Any) -> "CourrierQuerySet":
        """Those that `personne` had sent to addresses of their choice in the last twenty-four hours."""
        return self.filter(demande_par=personne, cree_le__gt=HorlogeBase() - timedelta(hours=24))


class Courrier(models.Model):
    """A letter: a row first, written in the act's own transaction, then sent at least once by a worker.

    `cle` says which letter it is (« accuse-R3-0012 »): the same act done twice queues one letter. After repeated
    failures it is set aside (`abandonne_le`) until someone sends it again.

    The text of one that only its reader may read is in `scelle` instead of `texte` (`rebond.socle.courriers.scelle`),
    until it has left. One that is worth nothing after `perime_le` is then forgotten: the row goes.

    `demande_par` is whoever had it sent to an address of their choice: such letters are counted.
    """

    cle = models.CharField(max_length=200, unique=True)
    destinataire = models.EmailField()
    objet = models.CharField(max_length=200)
    texte = models.TextField(blank=True)
    scelle = models.TextField("texte sous scellé", blank=True, default="", db_default="")
    perime_le = models.DateTimeField("périmé le", null=True, blank=True)
    pieces = models.ManyToManyField(Document, through="PieceDeCourrier", related_name="courriers")
    cree_le = models.DateTimeField(db_default=HorlogeBase())
    prochain_essai = models.DateTimeField(db_default=HorlogeBase())
    tentatives = models.PositiveSmallIntegerField(default=0)
    envoye_le = models.DateTimeField(null=True, blank=True)
    abandonne_le = models.DateTimeField(null=True, blank=True)
    derniere_erreur = models.TextField(blank=True)
    demande_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CourrierQuerySet.as_manager()

    class Meta:
        verbose_name = "courrier"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="courrier_envoye_ou_abandonne", condition=Q(envoye_le=None) | Q(abandonne_le=None)
            ),
            models.CheckConstraint(
                name="courrier_scelle_ou_en_clair",
                condition=Q(scelle="") | Q(texte=""),
                violation_error_message="Un e-mail sous scellé n’a pas de texte en clair.",
            ),
            models.CheckConstraint(
                name="courrier_scelle_efface_une_fois_parti",
                condition=Q(envoye_le=None) | Q(scelle=""),
                violation_error_message="Un e-mail parti ne garde pas ce qui était sous scellé.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="courrier_lettres_par_jour",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=LETTRES_COMPTEES,
            )
        ]
        indexes = [
            models.Index(
                fields=["prochain_essai"],
                name="courrier_a_envoyer",
                condition=Q(envoye_le=None, abandonne_le=None),
            ),
            models.Index(
                fields=["perime_le"], name="courrier_perime", condition=Q(envoye_le=None, perime_le__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objet} ({self.destinataire})"


class PieceDeCourrier(models.Model):
    courrier = models.ForeignKey(Courrier, on_delete=models.CASCADE)
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    nom = models.CharField(max_length=200)

    class Meta:
        verbose_name = "pièce jointe à un courrier"

    def __str__(self) -> str:
        return self.nom


class PanneMessagerieQuerySet(models.QuerySet["PanneMessagerie"]):
    def en_cours(self) -> "PanneMessagerie | None":
        return self.filter(fin=None).first()


class PanneMessagerie(models.Model):
    """A time during which no letter could leave, whichever it was: from the first try that failed to the next one
    that succeeded (`fin`; null while it lasts). The server is not tried before `prochain_essai`.
    """

    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin", null=True, blank=True)
    prochain_essai = models.DateTimeField()
    essais = models.PositiveIntegerField(default=0)
    erreur = models.TextField(blank=True)

    objects = PanneMessagerieQuerySet.as_manager()

    class Meta:
        verbose_name = "panne de la messagerie"
        verbose_name_plural = "pannes de la messagerie"
        ordering = ["-debut", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="panne_messagerie_une_a_la_fois", fields=["fin"], condition=Q(fin=None), nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"Panne de la messagerie ({self.erreur})"
