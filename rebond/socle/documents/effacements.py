"""A document that held what it must not: its bytes go, its row and its fingerprint stay, with who, when and why.

What froze it (a deposit, a procès-verbal) still names it, and says so instead of giving it.
"""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import FAITS, Document

#: Tables that hold what people sent, and what the portal keeps ready of it. Whatever else refers to a document is
#: made by the portal, and is the proof of an act: nobody erases that. `tests` hold it equal to what rooms declare.
ENVOYES = (
    "candidatures_piecejointe",
    "candidatures_piecedeposee",
    "candidatures_piecedemessage",
    "candidatures_piecedecorrection",
    "candidatures_avisrendu",
    "candidatures_brouillondavis",
)
CITANTES = ("candidatures_versioncomplete",)
_TABLES = ", ".join(f"'{table}'" for table in (*ENVOYES, *FAITS, "socle_citation", "socle_effacementdedocument"))
# Names of tables alone are put in it.
DE_CE_QUI_A_ETE_ENVOYE = f"""
    FOR lien IN
        SELECT c.conrelid::regclass AS porteur, a.attname AS colonne
          FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.confrelid = 'socle_document'::regclass
           AND c.conrelid::regclass::text NOT IN ({_TABLES})
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s WHERE %I = $1)', lien.porteur, lien.colonne)
           INTO sert USING NEW.document_id;
        IF sert THEN
            RAISE EXCEPTION 'ce document est la preuve d''un acte (%)', lien.porteur
                USING ERRCODE = 'check_violation', CONSTRAINT = 'effacement_de_ce_qui_a_ete_envoye';
        END IF;
    END LOOP;
    IF EXISTS (
        SELECT 1 FROM socle_citation WHERE document_id = NEW.document_id
           AND objet_type NOT IN ({", ".join(f"'{table}'" for table in CITANTES)})
    ) THEN
        RAISE EXCEPTION 'ce document est cité par une publication'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'effacement_de_ce_qui_a_ete_envoye';
    END IF;
    RETURN NEW;
"""  # noqa: S608


class EffacementQuerySet(models.QuerySet["EffacementDeDocument"]):
    def en_attente(self) -> "EffacementQuerySet":
        """Asked, and not signed."""
        return self.filter(signe_le=None)

    def a_finir(self) -> "EffacementQuerySet":
        """Signed, and whose bytes may still lie there."""
        return self.filter(octets_effaces_le=None).exclude(signe_le=None)


class EffacementDeDocument(models.Model):
    """Asked by one person with a reason (`motif`), done once another has signed. Nothing changes before that.

    From `signe_le` on nobody is given the document, nor keeps the same bytes anew; the bytes are gone at
    `octets_effaces_le`, a moment later.
    """

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="effacement")
    motif = models.CharField("raison", max_length=300)
    demande_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    demande_le = models.DateTimeField("demandé le", db_default=HorlogeBase())
    signe_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signe_le = models.DateTimeField("effacé le", null=True, blank=True)
    octets_effaces_le = models.DateTimeField("octets effacés le", null=True, blank=True)

    objects = EffacementQuerySet.as_manager()

    class Meta:
        verbose_name = "effacement d’un document"
        verbose_name_plural = "effacements de documents"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="effacement_motive", condition=~Q(motif="")),
            models.CheckConstraint(
                name="effacement_signe_et_date",
                condition=Q(signe_par=None, signe_le=None) | Q(signe_par__isnull=False, signe_le__isnull=False),
            ),
            models.CheckConstraint(
                name="effacement_signe_par_un_autre",
                condition=Q(signe_par=None) | ~Q(signe_par=F("demande_par")),
                violation_error_message="Une autre personne que celle qui a demandé l’effacement doit le signer.",
            ),
            models.CheckConstraint(
                name="effacement_signe_avant_que_les_octets_partent",
                condition=Q(octets_effaces_le=None) | Q(signe_le__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="effacement_de_ce_qui_a_ete_envoye",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("signe_le"),  # type: ignore[no-untyped-call]
                declare=[("lien", "RECORD"), ("sert", "BOOLEAN")],
                func=DE_CE_QUI_A_ETE_ENVOYE,
            ),
            pgtrigger.Protect(
                name="effacement_reste_ce_qui_fut_demande",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("document", "motif", "demande_par", "demande_le"),
            ),
            pgtrigger.Protect(
                name="effacement_signe_ne_change_pas",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.signe_le IS NOT NULL AND (OLD.signe_par_id, OLD.signe_le) IS DISTINCT FROM "
                    "(NEW.signe_par_id, NEW.signe_le) OR OLD.octets_effaces_le IS NOT NULL"
                ),
            ),
            pgtrigger.Protect(
                name="effacement_signe_reste",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.signe_le IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"Effacement n° {self.pk}"


def efface_le(document: Document) -> datetime | None:
    """Since when nobody is given this document; None when it is kept. Lists join `document__effacement`."""
    effacement: EffacementDeDocument | None = getattr(document, "effacement", None)
    return effacement.signe_le if effacement else None


def verrou_des_octets(sha256: str) -> str:
    """Shared by whoever keeps these bytes, until the end of their transaction; alone, by whoever takes them away."""
    return f"octets {sha256}"
