"""Documents, what is known of their content, and what keeps them."""

from datetime import timedelta

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.actes import ActeDeDocument
from rebond.socle.documents.etats import ContenuActif, Ouverture

# How long a document that nothing refers to any more is kept.
CONSERVATION = timedelta(days=7)
# What is known of a document, and does not keep it; whatever else refers to it does, a table made tomorrow too.
FAITS = ("socle_analyse", "socle_lecture", "socle_lisibilite", "socle_orphelin")
# The row is held by then: each statement reads what was committed before it (READ COMMITTED).
EFFACABLE = f"""
    IF NOT EXISTS (
        SELECT 1 FROM socle_orphelin
         WHERE document_id = OLD.id AND depuis <= clock_timestamp() - INTERVAL '{CONSERVATION.days} days'
    ) THEN
        RAISE EXCEPTION 'ce document n''est pas sans emploi depuis assez longtemps'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'document_garde_son_delai';
    END IF;
    FOR lien IN
        SELECT c.conrelid::regclass AS porteur, a.attname AS colonne
          FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.confrelid = TG_RELID
           AND c.conrelid NOT IN ({", ".join(f"'{table}'::regclass" for table in FAITS)})
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s WHERE %I = $1)', lien.porteur, lien.colonne)
           INTO sert USING OLD.id;
        IF sert THEN
            RAISE EXCEPTION 'ce document sert encore (%)', lien.porteur
                USING ERRCODE = 'check_violation', CONSTRAINT = 'document_sert_encore';
        END IF;
    END LOOP;
    IF NOT EXISTS (
        SELECT 1 FROM socle_entreejournal
         WHERE objet_type = 'socle.document' AND objet_id = OLD.id::text AND acte = '{ActeDeDocument.EFFACER}'
    ) THEN
        RAISE EXCEPTION 'l''effacement d''un document s''écrit d''abord au journal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'document_efface_au_journal';
    END IF;
    RETURN OLD;
"""


class Document(models.Model):
    """A stored file, addressed by its content: the same bytes are kept once, and a row never changes. It goes once
    nothing has referred to it for `CONSERVATION` (`rebond.socle.documents.menage`), and not before.

    The file lies in private storage under its hash; `rebond.socle.documents.stockage` writes and reads it. Names
    belong to what refers to it. `taille` is in bytes.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    taille = models.PositiveBigIntegerField()
    type_mime = models.CharField(max_length=100)
    enregistre_le = models.DateTimeField(db_default=HorlogeBase())

    class Meta:
        verbose_name = "document"
        constraints = [
            models.CheckConstraint(name="document_sha256_hexadecimal", condition=Q(sha256__regex=r"^[0-9a-f]{64}$"))
        ]
        triggers = [
            pgtrigger.Protect(name="document_immuable", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="document_sans_emploi",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                declare=[("lien", "RECORD"), ("sert", "BOOLEAN")],
                func=EFFACABLE,
            ),
        ]

    def __str__(self) -> str:
        return self.sha256

    @property
    def chemin(self) -> str:
        """Where the bytes lie in the storage."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


class Analyse(models.Model):
    """What the antivirus said of a document. Where one is configured, a document without it is in quarantine."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="analyse")
    saine = models.BooleanField("rien trouvé")
    detail = models.CharField("ce qui a été trouvé", max_length=200, blank=True)
    faite_le = models.DateTimeField("faite le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "analyse antivirus"
        verbose_name_plural = "analyses antivirus"
        constraints = [
            models.CheckConstraint(name="analyse_saine_ou_detaillee", condition=Q(saine=True) ^ ~Q(detail=""))
        ]

    def __str__(self) -> str:
        return self.detail or "Rien trouvé"


class Lisibilite(models.Model):
    """What became of a document when it was opened to be read (`rebond.socle.documents.ouverture`). Without it, it
    waits.

    `contenu` is the media type that was then recognised, which later versions of the portal may know better than the
    document's own; empty for none. `detail` goes with the state in brackets.
    """

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="lisibilite")
    contenu = models.CharField("contenu reconnu", max_length=100, blank=True)
    ouverture = models.CharField(max_length=20, choices=Ouverture)
    pages = models.PositiveIntegerField(null=True, blank=True)
    detail = models.CharField("détail", max_length=200, blank=True)
    ouvert_le = models.DateTimeField("ouvert le", db_default=HorlogeBase())
    # None: nobody has looked yet, or the content is not one in which anything runs.
    actif = ArrayField(
        models.CharField(max_length=20, choices=ContenuActif), verbose_name="contenu actif", null=True, blank=True
    )

    class Meta:
        verbose_name = "lisibilité"
        verbose_name_plural = "lisibilités"
        constraints = [
            models.CheckConstraint(name="lisibilite_connue", condition=Q(ouverture__in=Ouverture.values)),
            models.CheckConstraint(
                name="lisibilite_actif_connu",
                condition=Q(actif=None) | Q(actif__contained_by=ContenuActif.values),
            ),
            models.CheckConstraint(
                name="lisibilite_pages_de_ce_qui_se_lit",
                condition=Q(pages=None) | Q(ouverture=Ouverture.LISIBLE, pages__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.get_ouverture_display()


class Orphelin(models.Model):
    """Nothing referred to the document when the portal last looked; `depuis` is stamped by the database."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="orphelin")
    depuis = models.DateTimeField("depuis", db_default=HorlogeBase())

    class Meta:
        verbose_name = "document sans emploi"
        verbose_name_plural = "documents sans emploi"
        triggers = [
            pgtrigger.Trigger(
                name="orphelin_date_par_la_base",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="NEW.depuis := clock_timestamp(); RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"Document {self.document_id}, sans emploi depuis le {self.depuis:%d/%m/%Y}"


class Citation(models.Model):
    """A row whose JSON names a document by its fingerprint: it refers to it as much as a foreign key would.

    Written by Postgres alone, from what `cite_ses_documents` declares. `objet_type` is the name of the table.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    objet_type = models.CharField(max_length=63)
    objet_id = models.BigIntegerField()

    class Meta:
        verbose_name = "document cité par son empreinte"
        verbose_name_plural = "documents cités par leur empreinte"
        constraints = [
            models.UniqueConstraint(fields=["objet_type", "objet_id", "document"], name="citation_une_seule_fois")
        ]

    def __str__(self) -> str:
        return f"{self.objet_type} {self.objet_id}"


def cite_ses_documents(name: str, champ: str, chemin: str) -> pgtrigger.Trigger:
    """For the table whose column `champ` holds fingerprints at `chemin` (SQL/JSON path): each document is cited."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP <> 'INSERT' THEN
                DELETE FROM socle_citation WHERE objet_type = TG_TABLE_NAME AND objet_id = OLD.id;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                INSERT INTO socle_citation (objet_type, objet_id, document_id)
                SELECT DISTINCT TG_TABLE_NAME, NEW.id, document.id
                  FROM jsonb_path_query(NEW.{champ}, '{chemin}') AS cite (empreinte)
                  JOIN socle_document document ON document.sha256 = cite.empreinte #>> '{{}}';
            END IF;
            RETURN NULL;
        """,
    )
