"""Deposits and their receipts."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from candidatures.depot.entreprises import entreprises_en_sql
from candidatures.depot.etats import LectureDuDepot
from candidatures.dossier.etats import EtatCandidature, Source
from candidatures.dossier.models.dossiers import Candidature
from candidatures.vagues.etats import EtatProlongation, EtatVague
from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import Document

# Design, invariant 1. The wave's row is held FOR SHARE until the deposit commits, so that the closing, which takes it
# FOR UPDATE, waits for deposits in flight. Whatever the application believes, the database stamps and judges.
RECEPTION_A_TEMPS = f"""
    SELECT v.ouverture, GREATEST(v.cloture, v.prolongee_au, c.prolongee_au), v.grace, v.etat, c.depot_a_l_echeance_le
      INTO STRICT ouverture, echeance, grace, etat, demande_le
      FROM candidatures_candidature c JOIN candidatures_vague v ON v.id = c.vague_id
     WHERE c.id = NEW.candidature_id FOR SHARE OF v;
    NEW.enregistre_le := clock_timestamp();
    IF etat <> '{EtatVague.PREVUE}' AND NEW.source <> '{Source.REPRISE}' AND NOT EXISTS (
        SELECT 1 FROM candidatures_prolongation p JOIN candidatures_candidature c ON c.vague_id = p.vague_id
         WHERE c.id = NEW.candidature_id AND p.etat = '{EtatProlongation.ACCORDEE}'
           AND (p.candidature_id IS NULL OR p.candidature_id = c.id)
    ) THEN
        RAISE EXCEPTION 'la clôture de la vague est enregistrée'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'depot_avant_proces_verbal';
    ELSIF NEW.recu_le < ouverture OR NEW.recu_le >= echeance THEN
        RAISE EXCEPTION 'reçu hors de la vague'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'depot_recu_dans_la_vague';
    ELSIF NEW.recu_le > NEW.enregistre_le THEN
        RAISE EXCEPTION 'reçu dans le futur'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'depot_recu_avant_enregistrement';
    ELSIF NEW.source = '{Source.PORTAIL}' AND NEW.enregistre_le - NEW.recu_le > grace THEN
        RAISE EXCEPTION 'enregistré après la grâce technique'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'depot_dans_la_grace';
    ELSIF NEW.source = '{Source.ECHEANCE}' AND (demande_le IS NULL OR demande_le > NEW.recu_le) THEN
        RAISE EXCEPTION 'dépôt à l''échéance que personne n''a demandé'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'depot_a_l_echeance_demande';
    END IF;
    RETURN NEW;
"""


# Whatever the application believes, no receipt announces a decision by silence before its file could be deposited.
SILENCE_APRES_L_ECHEANCE = """
    IF NEW.decision_implicite_le IS NULL OR NEW.decision_implicite_le <= (
        SELECT (GREATEST(v.cloture, v.prolongee_au, c.prolongee_au) AT TIME ZONE 'Europe/Paris')::date
          FROM candidatures_depot d JOIN candidatures_candidature c ON c.id = d.candidature_id
          JOIN candidatures_vague v ON v.id = c.vague_id WHERE d.id = NEW.depot_id
    ) THEN
        RAISE EXCEPTION 'décision implicite avant la clôture'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accuse_silence_apres_l_echeance';
    END IF;
    RETURN NEW;
"""
# `candidature.decision_implicite_le`, as Postgres reads it.
DECISION_IMPLICITE = RawSQL(
    "(SELECT ((GREATEST(v.cloture, v.prolongee_au, c.prolongee_au) AT TIME ZONE 'Europe/Paris')::date"
    " + make_interval(months => v.silence_mois))::date FROM candidatures_candidature c"
    " JOIN candidatures_vague v ON v.id = c.vague_id WHERE c.id = candidatures_depot.candidature_id)",
    (),
    output_field=models.DateField(),
)


def silence_apres_l_echeance() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="accuse_silence_apres_l_echeance",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=SILENCE_APRES_L_ECHEANCE,
    )


# The lead agrees by depositing: the other members of what is deposited have each marked this very content.
SIGNE_PAR_SES_MEMBRES = f"""
    IF NEW.source <> '{Source.REPRISE}' AND EXISTS (
        SELECT 1 FROM candidatures_candidature c JOIN candidatures_vague v ON v.id = c.vague_id
         WHERE c.id = NEW.candidature_id AND v.accords_requis
    ) AND EXISTS (
        SELECT 1 FROM jsonb_array_elements(NEW.contenu -> 'membres') WITH ORDINALITY AS m(membre, rang)
         WHERE m.rang > 1 AND NOT EXISTS (
               SELECT 1 FROM candidatures_accord a
                WHERE a.candidature_id = NEW.candidature_id AND a.siren = m.membre ->> 'siren'
                  AND a.empreinte = NEW.empreinte
         )
    ) THEN
        RAISE EXCEPTION 'un membre n''a pas donné son bon pour dépôt'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'depot_signe_par_ses_membres';
    END IF;
    RETURN NEW;
"""


class DepotQuerySet(models.QuerySet["Depot"]):
    def qui_comptent(self) -> "DepotQuerySet":
        """The last deposit of each file that is not withdrawn."""
        plus_recent = Depot.objects.filter(
            candidature=models.OuterRef("candidature"), rang__gt=models.OuterRef("rang")
        )
        return self.exclude(candidature__etat=EtatCandidature.RETIREE).filter(~models.Exists(plus_recent))

    def sans_accuse(self) -> "DepotQuerySet":
        return self.filter(accuse=None).exclude(source=Source.REPRISE)

    def a_rectifier(self) -> "DepotQuerySet":
        """Whose last receipt announces another day for the decision by silence than the rule now gives: the deadline
        was extended, or the receipt is older than the rule. A decision that is known needs no other announcement, nor
        does a deposit that another one replaced.
        """
        dernier = AccuseRectificatif.objects.filter(depot=models.OuterRef("pk")).order_by("-rang")
        annoncee = Coalesce(
            models.Subquery(dernier.values("decision_implicite_le")[:1]), "accuse__decision_implicite_le"
        )
        return (
            self.qui_comptent()
            .filter(accuse__isnull=False)
            .exclude(candidature__vague__etat=EtatVague.PUBLIEE)
            .annotate(annoncee=annoncee, due=DECISION_IMPLICITE)
            .filter(Q(annoncee=None) | ~Q(annoncee=models.F("due")))
        )


class Depot(models.Model):
    """An immutable snapshot of a file, as it was deposited.

    `recu_le` is the reception, the only instant that the deadline judges; `enregistre_le` is stamped by the database.
    `contenu` is the canonical snapshot (`candidatures.depots`) and `empreinte` its SHA-256. `cle` makes the request
    idempotent: the same form sent twice is one deposit. The deposit of highest `rang` counts. `lecture` says how the
    content relates to what its author had read; empty where nobody reads (the closing, a takeover) or asked then.

    A deposit made by the portal at the deadline (`source = echeance`) was received when its complete version was
    saved, or when its porteur asked for it, whichever is later. One taken over may be recorded after the
    procès-verbal, which lists what this portal received.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="depots")
    rang = models.PositiveSmallIntegerField("rang")
    numero = models.CharField("numéro", max_length=30, unique=True)
    recu_le = models.DateTimeField("reçu le")
    enregistre_le = models.DateTimeField("enregistré le", db_default=HorlogeBase())
    source = models.CharField("origine", max_length=10, choices=Source.choices, default=Source.PORTAIL)
    contenu = models.JSONField("contenu")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    cle = models.UUIDField("clé de la demande", unique=True)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="depots")
    lecture = models.CharField("ce qui avait été relu", max_length=12, choices=LectureDuDepot.choices, blank=True)

    objects = DepotQuerySet.as_manager()

    class Meta:
        verbose_name = "dépôt"
        ordering = ["pk"]
        indexes = [
            GinIndex(OpClass(entreprises_en_sql("contenu"), name="jsonb_ops"), name="depot_par_entreprise"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["candidature", "rang"], name="depot_rang_unique"),
            models.CheckConstraint(name="depot_rang_positif", condition=Q(rang__gte=1)),
            models.CheckConstraint(name="depot_empreinte", condition=Q(empreinte__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="depot_lecture_sur_le_portail",
                condition=Q(lecture="") | Q(lecture__in=LectureDuDepot.values, source=Source.PORTAIL),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="depot_recu_a_temps",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[
                    ("ouverture", "TIMESTAMPTZ"),
                    ("echeance", "TIMESTAMPTZ"),
                    ("grace", "INTERVAL"),
                    ("etat", "TEXT"),
                    ("demande_le", "TIMESTAMPTZ"),
                ],
                func=RECEPTION_A_TEMPS,
            ),
            pgtrigger.Trigger(
                name="depot_signe_par_ses_membres",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=SIGNE_PAR_SES_MEMBRES,
            ),
            pgtrigger.Protect(name="depot_immuable", operation=IMMUABLE),
        ]

    def __str__(self) -> str:
        return self.numero

    @property
    def est_repris(self) -> bool:
        """Whether another system received it."""
        return self.source == Source.REPRISE

    @property
    def fait_par_le_portail(self) -> bool:
        """Whether the portal made it at the deadline, as its porteur had asked."""
        return self.source == Source.ECHEANCE


class PieceDeposee(models.Model):
    """A file of one deposit, kept with the deposit even when the draft drops it."""

    depot = models.ForeignKey(Depot, on_delete=models.PROTECT, related_name="pieces")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    nature = models.CharField("nature de la pièce", max_length=60)
    intitule = models.CharField("intitulé", max_length=300)
    nom = models.CharField("nom du fichier", max_length=200)

    class Meta:
        verbose_name = "pièce déposée"
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="piece_deposee_immuable", operation=IMMUABLE)]

    def __str__(self) -> str:
        return self.nom


class AccuseReception(models.Model):
    """The PDF receipt of one deposit: made once, never again. CRPA art. L112-11 and R112-11-1.

    `decision_implicite_le` is the day that it announces; empty in those made before it was kept, which counted it from
    the reception. A receipt that became wrong stays as it was sent: a corrected one comes beside.
    """

    depot = models.OneToOneField(Depot, on_delete=models.PROTECT, related_name="accuse")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    decision_implicite_le = models.DateField("décision implicite annoncée au", null=True)
    etabli_le = models.DateTimeField("établi le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "accusé de réception"
        verbose_name_plural = "accusés de réception"
        triggers = [
            pgtrigger.Protect(name="accuse_immuable", operation=IMMUABLE),
            silence_apres_l_echeance(),
        ]

    def __str__(self) -> str:
        return f"Accusé de réception {self.depot}"

    @property
    def nom(self) -> str:
        return f"accuse-reception-{self.depot.numero}.pdf"


def nom_du_rectificatif(numero: str, rang: int) -> str:
    return f"accuse-reception-{numero}-rectificatif-{rang}.pdf"


class AccuseRectificatif(models.Model):
    """A corrected receipt, made beside the first one when the day that it announced became wrong; `motif` says why."""

    depot = models.ForeignKey(Depot, on_delete=models.PROTECT, related_name="rectificatifs")
    rang = models.PositiveSmallIntegerField("rang")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    motif = models.TextField("motif")
    decision_implicite_le = models.DateField("décision implicite annoncée au")
    etabli_le = models.DateTimeField("établi le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "accusé de réception rectificatif"
        verbose_name_plural = "accusés de réception rectificatifs"
        ordering = ["depot", "rang"]
        constraints = [
            models.UniqueConstraint(fields=["depot", "rang"], name="rectificatif_rang_unique"),
            models.CheckConstraint(name="rectificatif_motive", condition=Q(rang__gte=1) & ~Q(motif="")),
        ]
        triggers = [
            pgtrigger.Protect(name="rectificatif_immuable", operation=IMMUABLE),
            silence_apres_l_echeance(),
        ]

    def __str__(self) -> str:
        return f"Accusé de réception rectificatif n° {self.rang} {self.depot}"

    @property
    def nom(self) -> str:
        return nom_du_rectificatif(self.depot.numero, self.rang)


def a_redeposer() -> Q:
    """Of files: deposited, and their draft has changed since. `Candidature.a_change_depuis`, in SQL."""
    autre = Depot.objects.filter(candidature=models.OuterRef("pk")).qui_comptent()
    change = models.Exists(autre.exclude(empreinte=models.OuterRef("empreinte")))
    return Q(etat=EtatCandidature.DEPOSEE) & ~Q(empreinte="") & Q(change)


def avec_depot_perime() -> models.Case:
    """`a_redeposer` as a value, for lists."""
    return models.Case(models.When(a_redeposer(), then=True), default=False, output_field=models.BooleanField())
