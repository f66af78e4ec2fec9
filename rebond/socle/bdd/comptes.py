"""Several counts in one statement."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, QuerySet, Value


def compter(**lignes: QuerySet[Any]) -> dict[str, int]:
    """How many rows each of these querysets has, by its name: one statement, however many they are."""
    ordres: list[str] = []
    parametres: list[Any] = []
    for choisies in lignes.values():
        try:
            sql, valeurs = _compte(choisies).query.sql_with_params()
        except EmptyResultSet:
            sql, valeurs = "SELECT 0", ()
        ordres.append(f"coalesce(({sql}), 0)")
        parametres += valeurs
    if not ordres:
        return {}
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT {', '.join(ordres)}", parametres)
        return dict(zip(lignes, curseur.fetchone(), strict=True))


def _compte(lignes: QuerySet[Any]) -> QuerySet[Any, Any]:
    """No row where there is nothing to count: a group of none."""
    comptees: QuerySet[Any, Any] = lignes.order_by().values(rien=Value(0)).annotate(nombre=Count("pk"))
    return comptees.values("nombre")
