"""Writing to the append-only journal, in the transaction of the act itself (design, invariant 6)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Left

from rebond.socle.bdd.masse import inserer_depuis, nul
from rebond.socle.journal.actes import Acte
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur


def consigner(
    acte: Acte, objet: models.Model, *, acteur: Utilisateur | None, fait_le: datetime | None = None, **details: Any
) -> EntreeJournal:
    """Record that `acteur` did `acte` on `objet`.

    `acteur` is None when the portal itself acts (a closing, a letter, a report). The entry copies what it needs
    (names, identifiers): it outlives both. `fait_le` is the instant of the act; the database itself writes the instant
    of the writing, the role that wrote and the actor's name.
    """
    entree = _entree(acte, objet, acteur, fait_le, details)
    entree.save(force_insert=True)
    return entree


def consigner_lot(
    acte: Acte,
    lot: Iterable[tuple[models.Model, dict[str, Any]]],
    *,
    acteur: Utilisateur | None,
    fait_le: datetime | None = None,
) -> None:
    """Like `consigner` for many objects, in one statement per thousand."""
    entrees = [_entree(acte, objet, acteur, fait_le, details) for objet, details in lot]
    EntreeJournal.objects.bulk_create(entrees, batch_size=1000)


def consigner_selection(
    acte: Acte,
    selection: models.QuerySet,
    libelle: Combinable,
    *,
    acteur: Utilisateur | None,
    fait_le: datetime,
    details: Mapping[str, Any],
) -> int:
    """Like `consigner_lot` for whatever `selection` holds, in one statement and without reading it.

    `libelle` is the expression of what `str()` says of each row. `details` are the same for all. Return how many.
    """
    return inserer_depuis(
        EntreeJournal,
        selection,
        {
            "acte": Value(acte.value),
            "acteur_id_copie": Value(acteur.pk) if acteur else nul(models.BigIntegerField()),
            "objet_type": Value(selection.model._meta.label_lower),
            "objet_id": Cast("pk", models.TextField()),
            "objet": Left(libelle, 300),
            "fait_le": Value(fait_le),
            "details": Value(dict(details), models.JSONField()),
        },
    )


def _entree(
    acte: Acte,
    objet: models.Model,
    acteur: Utilisateur | None,
    fait_le: datetime | None,
    details: dict[str, Any],
) -> EntreeJournal:
    return EntreeJournal(
        acte=acte.value,
        acteur_id_copie=acteur.pk if acteur else None,
        objet_type=objet._meta.label_lower,
        objet_id=str(objet.pk),
        objet=str(objet)[:300],
        fait_le=fait_le,
        details=details,
    )
