"""The changes of what anyone may read, written by the tables that public pages are made of."""

import pgtrigger
from django.db import models

# Enough for what is being written at one instant; the rest says nothing more than the last ones.
GARDEES = 4
# Rows are added, and never updated: writers do not wait for one another, nor can they lock one another out. Whatever
# the order of the commits, a set of rows that holds a new one was never seen before.
PARAIT = f"""
    INSERT INTO socle_parution DEFAULT VALUES RETURNING id INTO derniere;
    DELETE FROM socle_parution WHERE id IN (
        SELECT id FROM socle_parution WHERE id <= derniere - {GARDEES} FOR UPDATE SKIP LOCKED
    );
    RETURN NULL;
"""


class Parution(models.Model):
    """A change of what public pages may say; the rows there are, together, are the version of all of them.

    They tell neither what has changed nor whether anybody may know it yet, and no page shows them.
    """

    id = models.BigAutoField(primary_key=True)

    class Meta:
        verbose_name = "changement de ce qui est public"
        verbose_name_plural = "changements de ce qui est public"

    def __str__(self) -> str:
        return f"Parution {self.pk}"


def fait_paraitre(
    operation: pgtrigger.Operation | pgtrigger.Operations,
    *,
    condition: pgtrigger.Condition | None = None,
    nom: str = "parait",
) -> pgtrigger.Trigger:
    """Trigger of a table that public pages read: pages made before are made again. With a `condition`, row by row."""
    return pgtrigger.Trigger(
        name=nom,
        level=pgtrigger.Row if condition else pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        declare=[("derniere", "BIGINT")],
        func=PARAIT,
    )
