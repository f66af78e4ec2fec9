"""Letters that wait, and outages of the mail server."""

from datetime import timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.courriers.natures import CONFORT, Rythme, Sorte
from rebond.socle.courriers.regles import COURRIEL_EFFACE, LETTRES_PAR_JOUR, Retenue
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

# What a letter says never changes: its words and its reader only go, together, and what left has left for ever.
NE_CHANGE_PAS = f"""
    IF (NEW.cle, NEW.jeton, NEW.sorte, NEW.cree_le, NEW.perime_le, NEW.utile_avant)
           IS DISTINCT FROM (OLD.cle, OLD.jeton, OLD.sorte, OLD.cree_le, OLD.perime_le, OLD.utile_avant)
       OR OLD.envoye_le IS NOT NULL AND NEW.envoye_le IS DISTINCT FROM OLD.envoye_le
       OR NEW.destinataire NOT IN (OLD.destinataire, '')
       OR NEW.objet <> OLD.objet AND (NEW.objet <> '{COURRIEL_EFFACE}' OR NEW.destinataire <> '')
       OR NEW.texte <> OLD.texte AND (NEW.texte <> '' OR NEW.destinataire <> '')
       OR NEW.scelle NOT IN (OLD.scelle, '')
       OR NEW.demande_par_id IS DISTINCT FROM OLD.demande_par_id
          AND (NEW.demande_par_id IS NOT NULL OR NEW.destinataire <> '') THEN
        RAISE EXCEPTION 'une lettre ne change pas'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'courrier_ne_change_pas';
    END IF;
    RETURN NEW;
"""


class CourrierQuerySet(models.QuerySet["Courrier"]):
    def en_attente(self) -> "CourrierQuerySet":
        """Neither sent, nor set aside, nor held back."""
        return self.filter(envoye_le=None, abandonne_le=None, retenu_le=None)

    def a_envoyer(self, maintenant: Any) -> "CourrierQuerySet":
        return self.en_attente().filter(prochain_essai__lte=maintenant)

    def perimes(self, maintenant: Any) -> "CourrierQuerySet":
        """What nobody can use any more, and has not left. One that came back stays: it tells whom it did not reach."""
        return self.filter(envoye_le=None, perime_le__lte=maintenant, retours=None)

    def venus(self, maintenant: Any) -> "CourrierQuerySet":
        """Those whose first instant has come. A letter of results that waits for the end of an embargo is nobody's to
        see before."""
        attendent = Q(tentatives=0, envoye_le=None, abandonne_le=None, prochain_essai__gt=maintenant)
        return self.lisibles().exclude(attendent)

    def abandonnes(self) -> "CourrierQuerySet":
        """Those set aside that may be sent again: whoever wrote one that is soon worth nothing writes another."""
        return self.lisibles().exclude(abandonne_le=None).filter(perime_le=None)

    def lisibles(self) -> "CourrierQuerySet":
        """Without those whose words and reader have gone with time (`rebond.donnees.conservation`)."""
        return self.exclude(destinataire="")

    def pour(self, adresse: str) -> "CourrierQuerySet":
        """Those to this address, however it was typed."""
        return self.alias(vers=Lower("destinataire")).filter(vers=adresse.lower())

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

    `jeton` names it outside: what comes back to the portal is bound to it by that alone. `sorte` is what its template
    says (`natures`); one of comfort may never leave (`retenu_le`, for `retenue`), or wait for the summary of the day
    (`au_resume`), unless it would be of no use there (`utile_avant`).
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
    jeton = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    sorte = models.CharField(max_length=10, choices=Sorte, default=Sorte.LOI, db_default=Sorte.LOI)
    utile_avant = models.DateTimeField("utile avant", null=True, blank=True)
    au_resume = models.BooleanField("dans le résumé du jour", default=False, db_default=False)
    retenu_le = models.DateTimeField("retenu le", null=True, blank=True)
    retenue = models.CharField(
        "pourquoi il est retenu", max_length=10, choices=Retenue, blank=True, default="", db_default=""
    )
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
            models.CheckConstraint(
                name="courrier_de_confort_retenu",
                condition=Q(retenu_le=None, retenue="")
                | Q(retenu_le__isnull=False, envoye_le=None, abandonne_le=None) & ~Q(sorte=Sorte.LOI) & ~Q(retenue=""),
                violation_error_message="Un e-mail du droit ou de la sécurité n’est jamais retenu.",
            ),
            models.CheckConstraint(
                name="courrier_du_resume",
                condition=Q(au_resume=False) | Q(sorte__in=[sorte.value for sorte in CONFORT]),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="courrier_lettres_par_jour",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=LETTRES_COMPTEES,
            ),
            pgtrigger.Trigger(
                name="courrier_ne_change_pas",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=NE_CHANGE_PAS,
            ),
            pgtrigger.Protect(
                name="courrier_parti_ne_s_efface_pas",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__envoye_le__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["prochain_essai"],
                name="courrier_a_envoyer",
                condition=Q(envoye_le=None, abandonne_le=None, retenu_le=None),
            ),
            # How many letters an address got in a day, what came back from it, what is to go with its holder.
            models.Index(Lower("destinataire"), name="courrier_par_adresse"),
            models.Index(
                fields=["perime_le"], name="courrier_perime", condition=Q(envoye_le=None, perime_le__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objet} ({self.destinataire})"


class PreferenceDeLettres(models.Model):
    """When somebody wants the comfort letters of one kind; without a row, at once."""

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    sorte = models.CharField(max_length=10, choices=[(sorte.value, sorte.label) for sorte in CONFORT])
    rythme = models.CharField(max_length=10, choices=Rythme)

    class Meta:
        verbose_name = "préférence de lettres"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["utilisateur", "sorte"], name="preference_une_par_sorte"),
            models.CheckConstraint(
                name="preference_de_confort",
                condition=Q(sorte__in=[sorte.value for sorte in CONFORT], rythme__in=Rythme.values),
                violation_error_message="Ces e-mails-là ne se refusent pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sorte_display()} : {self.get_rythme_display()}"


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
