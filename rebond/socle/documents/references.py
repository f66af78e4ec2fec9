"""What refers to documents: read in the models, so that a new field enters by itself."""

from django.db import connection
from django.db.models import Exists, Field, OuterRef, Q, QuerySet

from rebond.socle.documents.models import FAITS, Document


def champs_referents() -> list[Field]:
    """Every foreign key to a document, but those of what is known of it."""
    liens = (lien for lien in Document._meta.get_fields(include_hidden=True) if lien.one_to_many or lien.one_to_one)
    champs = (lien.field for lien in liens if lien.auto_created)  # type: ignore[union-attr]
    return [champ for champ in champs if champ.model._meta.db_table not in FAITS]


def sans_emploi() -> QuerySet[Document]:
    """Documents that nothing refers to."""
    absents = Q()
    for champ in champs_referents():
        absents &= ~Q(Exists(champ.model._default_manager.filter(**{champ.name: OuterRef("pk")})))
    return Document.objects.filter(absents)


def verifier_aussitot() -> None:
    """Have Postgres check each of these keys when it is written, and so hold the document from then on.

    Django defers them to the end of the transaction: until then a document that is being attached could go. Asked
    after every migration.
    """
    with connection.cursor() as curseur:
        curseur.execute(
            """
            SELECT format(
                       'ALTER TABLE %%s ALTER CONSTRAINT %%I DEFERRABLE INITIALLY IMMEDIATE',
                       conrelid::regclass, conname
                   )
              FROM pg_constraint
             WHERE contype = 'f' AND confrelid = to_regclass(%s) AND condeferred
               AND conrelid::regclass::text <> ALL (%s)
            """,
            [Document._meta.db_table, list(FAITS)],
        )
        for (ordre,) in curseur.fetchall():
            curseur.execute(ordre)
