"""Which tables are followed, and the trigger of each."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

import pgtrigger
from django.db import connection, models

from rebond.socle.faits.models import PARTAGER

#: By table, in the order in which they were declared.
SUIVIES: dict[str, "Suivie"] = {}


@dataclass(frozen=True, slots=True)
class Suivie:
    """A followed table.

    `sauf`: the columns that no figure reads, of which nothing is kept (who wrote, free text). `cachee`: a boolean
    column; as long as it is true, nothing is kept of the row at all.
    """

    table: str
    sauf: tuple[str, ...]
    cachee: str

    def ligne(self, quoi: str) -> str:
        """What is kept of the row `quoi`, in SQL."""
        lue = f"to_jsonb({quoi})"
        if self.sauf:
            lue += f" - ARRAY[{', '.join(repr(colonne) for colonne in self.sauf)}]"
        return f"CASE WHEN NOT {quoi}.{self.cachee} THEN {lue} END" if self.cachee else lue


def suivre(modele: Any, sauf: Collection[str] = (), cachee: str = "") -> None:
    """Keep every state of the rows of `modele`, whoever writes them and however. Its key is an integer `id`."""
    meta = cast("models.Model", modele)._meta
    if inconnues := {*sauf, *filter(None, [cachee])} - {champ.column for champ in meta.concrete_fields}:
        raise ValueError(f"{meta.db_table} : {', '.join(sorted(inconnues))}")
    fait_saisi(meta.db_table, sauf, cachee).register(cast("models.Model", modele))


def fait_saisi(table: str, sauf: Collection[str] = (), cachee: str = "") -> pgtrigger.Trigger:
    """What `suivre` registers; for the Meta of a proxy, where a table has no model of its own."""
    suivie = SUIVIES[table] = Suivie(table, tuple(sorted(sauf)), cachee)
    nouvelle, ancienne = suivie.ligne("NEW"), suivie.ligne("OLD")
    return pgtrigger.Trigger(
        name="fait_saisi",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("avant", "JSONB"), ("apres", "JSONB")],
        func=f"""
            IF TG_OP <> 'INSERT' THEN
                avant := {ancienne};
            END IF;
            IF TG_OP <> 'DELETE' THEN
                apres := {nouvelle};
            END IF;
            IF apres IS DISTINCT FROM avant THEN
                {PARTAGER}
                INSERT INTO socle_fait (nom, cle, ligne) VALUES ('{table}', coalesce(NEW.id, OLD.id), apres);
            END IF;
            RETURN NULL;
        """,  # noqa: S608 (our own names)
    )


MANQUANTS = """
    SELECT t.id, {ligne} FROM {table} t
     WHERE {ligne} IS DISTINCT FROM (
        SELECT f.ligne FROM socle_fait f WHERE f.nom = '{table}' AND f.cle = t.id
         ORDER BY f.saisi_le DESC, f.id DESC LIMIT 1)
"""
DE_TROP = """
    SELECT d.cle FROM (
        SELECT DISTINCT ON (f.cle) f.cle, f.ligne FROM socle_fait f WHERE f.nom = '{table}'
         ORDER BY f.cle, f.saisi_le DESC, f.id DESC) d
     WHERE d.ligne IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = d.cle)
"""


def rattraper() -> int:
    """Write the fact of each row that has none, or another than the last one says: of rows that were there before
    they were followed, or were written without triggers. As the owner of the tables. Returns how many."""
    ecrits = 0
    with connection.cursor() as curseur:
        for suivie in SUIVIES.values():
            manquants = MANQUANTS.format(table=suivie.table, ligne=suivie.ligne("t"))
            curseur.execute(
                f"INSERT INTO socle_fait (nom, cle, ligne) SELECT '{suivie.table}', * FROM ({manquants}) m"  # noqa: S608
            )
            ecrits += curseur.rowcount
    return ecrits


def ecarts() -> list[tuple[str, int]]:
    """The rows of which the last fact is not what they say: their table and their key."""
    trouves = []
    with connection.cursor() as curseur:
        for suivie in SUIVIES.values():
            noms = {"table": suivie.table, "ligne": suivie.ligne("t")}
            manquants, de_trop = MANQUANTS.format(**noms), DE_TROP.format(**noms)
            curseur.execute(f"SELECT m.id FROM ({manquants}) m UNION ({de_trop}) ORDER BY 1")  # noqa: S608
            trouves += [(suivie.table, cle) for (cle,) in curseur.fetchall()]
    return trouves
