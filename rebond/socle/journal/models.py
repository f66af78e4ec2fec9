"""The journal as Postgres holds it, and the seals that chain it."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase, SessionBase

# The database itself writes when, under which role and by whom: given anything but its own defaults, it refuses.
ECRITE_PAR_LA_BASE = """
IF NEW.ecrit_le NOT BETWEEN transaction_timestamp() AND clock_timestamp() OR NEW.session <> session_user THEN
    RAISE EXCEPTION 'le journal est daté et signé par la base'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_date_par_la_base';
END IF;
NEW.ecrit_le := clock_timestamp();
IF NEW.acteur_id_copie IS NULL THEN
    NEW.acteur := 'Portail';
    RETURN NEW;
END IF;
SELECT coalesce(nullif(btrim(u.prenom || ' ' || u.nom), ''), u.email) INTO NEW.acteur
  FROM socle_utilisateur u WHERE u.id = NEW.acteur_id_copie;
IF NOT FOUND THEN
    RAISE EXCEPTION 'aucun compte ne porte le numéro %', NEW.acteur_id_copie
        USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_acteur_connu';
END IF;
RETURN NEW;
"""

# Who holds the journal's table to write in it, but oneself.
ECRIVENT = """database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND relation = 'socle_entreejournal'::regclass AND mode = 'RowExclusiveLock'
       AND pid IS DISTINCT FROM pg_backend_pid()"""
# At most so many numbers a seal.
LOT = 100_000

# Entries take their numbers before they are committed, in any order. A number is sealed once nobody can add one below
# it: the last one given is read first, then those who are writing at that instant (they hold the table's lock until
# the end of their transaction) are waited for. Writers wait for nobody. What lasts too long is left to the next seal.
# `rebond.socle.journal.verification` builds both texts again.
SCELLER = """
IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'un scellé lit ce que les autres viennent de valider';
END IF;
PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_NAME));
SELECT * INTO dernier FROM socle_scelledujournal ORDER BY numero DESC LIMIT 1;
NEW.numero := coalesce(dernier.numero, 0) + 1;
NEW.debut := coalesce(dernier.fin, 0) + 1;
NEW.precedent := coalesce(dernier.empreinte, '');
SELECT last_value INTO jusqu_a FROM socle_entreejournal_id_seq;
NEW.fin := least(jusqu_a, NEW.debut + {LOT} - 1);
SELECT array_agg(virtualtransaction) INTO attendus FROM pg_locks WHERE {ECRIVENT};
WHILE EXISTS (SELECT FROM pg_locks WHERE {ECRIVENT} AND virtualtransaction = ANY (attendus)) LOOP
    IF clock_timestamp() > limite THEN
        RETURN NULL;
    END IF;
    PERFORM pg_sleep(0.02);
END LOOP;
SELECT count(*), encode(sha256(coalesce(string_agg(sha256(convert_to(jsonb_build_array(
           e.id, e.acte, e.acteur_id_copie, e.acteur, e.objet_type, e.objet_id, e.objet,
           (extract(epoch FROM e.fait_le) * 1000000)::bigint, (extract(epoch FROM e.ecrit_le) * 1000000)::bigint,
           e.session, e.details)::text, 'UTF8')), ''::bytea ORDER BY e.id), ''::bytea)), 'hex')
  INTO NEW.nombre, NEW.racine
  FROM socle_entreejournal e WHERE e.id BETWEEN NEW.debut AND NEW.fin;
IF NEW.nombre = 0 AND NEW.fin < NEW.debut + {LOT} - 1 THEN
    RETURN NULL;
END IF;
NEW.scelle_le := clock_timestamp();
NEW.empreinte := encode(sha256(convert_to(jsonb_build_array(
    NEW.numero, NEW.debut, NEW.fin, NEW.nombre, NEW.racine, NEW.precedent,
    (extract(epoch FROM NEW.scelle_le) * 1000000)::bigint)::text, 'UTF8')), 'hex');
RETURN NEW;
""".replace("{ECRIVENT}", ECRIVENT).replace("{LOT}", str(LOT))


class EntreeJournal(models.Model):
    """One act, as it was done. Never changed, never removed: a trigger refuses both.

    `fait_le` is the instant that counts for the act, `ecrit_le` the database's own at writing, `session` the role that
    wrote (empty before the database kept it). Actor and object are copied rather than referenced, because the entry
    outlives them; the actor's name is copied by the database.
    """

    acte = models.CharField(max_length=80)
    acteur_id_copie = models.BigIntegerField(null=True)
    acteur = models.CharField(max_length=254)
    objet_type = models.CharField(max_length=80)
    objet_id = models.CharField(max_length=40)
    objet = models.CharField(max_length=300)
    fait_le = models.DateTimeField(null=True)
    ecrit_le = models.DateTimeField(db_default=HorlogeBase())
    session = models.CharField(max_length=63, db_default=SessionBase())
    details = models.JSONField(default=dict)

    # Nobody chooses where an entry stands.
    colonnes_de_la_base: ClassVar = ("id",)

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        ordering = ["-pk"]
        # What the auditeur filters by; the instants of writing follow the keys, and need no more than their bounds.
        indexes = [
            models.Index(fields=["objet_type", "objet_id", "objet"], name="journal_par_objet"),
            models.Index(fields=["acte", "objet_type"], name="journal_par_acte"),
            models.Index(fields=["acteur"], name="journal_par_acteur"),
            BrinIndex(fields=["ecrit_le"], name="journal_par_jour", autosummarize=True),
        ]
        triggers = [
            pgtrigger.Protect(name="journal_immuable", operation=IMMUABLE),
            pgtrigger.Trigger(
                name="journal_ecrit_par_la_base",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ECRITE_PAR_LA_BASE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.acte} – {self.objet}"


class ScelleDuJournal(models.Model):
    """The fingerprint of the entries `debut` to `fin`, `nombre` of them, which holds that of the seal before.

    The database makes it whole: an insertion says nothing, and may make no row when there is nothing to seal yet.
    Fingerprints are SHA-256, in hexadecimal; `racine` is of the entries, `empreinte` of the seal.
    """

    numero = models.BigIntegerField("numéro", unique=True)
    debut = models.BigIntegerField("première entrée")
    fin = models.BigIntegerField("dernière entrée")
    nombre = models.BigIntegerField("entrées")
    racine = models.CharField(max_length=64)
    precedent = models.CharField("empreinte du précédent", max_length=64, blank=True)
    empreinte = models.CharField(max_length=64)
    scelle_le = models.DateTimeField("scellé le")

    colonnes_de_la_base: ClassVar = ("id",)

    class Meta:
        verbose_name = "scellé du journal"
        verbose_name_plural = "scellés du journal"
        triggers = [
            pgtrigger.Protect(name="scelle_immuable", operation=IMMUABLE),
            pgtrigger.Trigger(
                name="scelle_fait_par_la_base",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[
                    ("dernier", "socle_scelledujournal%ROWTYPE"),
                    ("jusqu_a", "bigint"),
                    ("attendus", "text[]"),
                    ("limite", "timestamptz := clock_timestamp() + interval '20 seconds'"),
                ],
                func=SCELLER,
            ),
        ]

    def __str__(self) -> str:
        return f"Scellé n° {self.numero}"


class HorodatageDuJournal(models.Model):
    """What an outside authority certifies of a seal's `empreinte`, and so of all that came before: RFC 3161.

    `jeton` is its whole answer, in DER; `atteste_le` its instant.
    """

    scelle = models.OneToOneField(ScelleDuJournal, on_delete=models.PROTECT, related_name="horodatage")
    jeton = models.BinaryField("jeton")
    atteste_le = models.DateTimeField("attesté le")

    class Meta:
        verbose_name = "horodatage du journal"
        verbose_name_plural = "horodatages du journal"
        triggers = [pgtrigger.Protect(name="horodatage_du_journal_immuable", operation=IMMUABLE)]

    def __str__(self) -> str:
        return f"Horodatage de {self.scelle}"
