"""Writing many rows in one statement, without bringing them here: neither time on the wire nor memory for them."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models


def inserer_depuis(
    modele: type[models.Model],
    selection: models.QuerySet,
    colonnes: Mapping[str, Any],
    *,
    ignorer_les_connues: bool = False,
) -> int:
    """`INSERT INTO modele … SELECT … FROM selection`: one row for each of its rows. Return how many were written.

    `colonnes` maps the fields of `modele` to expressions on `selection`, of the very type of the column; what Postgres
    has a default for may be left out. `ignorer_les_connues` leaves aside what a unique constraint already holds.
    """
    champs: list[str] = [modele._meta.get_field(nom).column for nom in colonnes]  # type: ignore[union-attr,misc]
    requete, parametres = selection.values_list(*colonnes.values()).query.sql_with_params()
    citer = connection.ops.quote_name
    suite = " ON CONFLICT DO NOTHING" if ignorer_les_connues else ""
    sql = f"INSERT INTO {citer(modele._meta.db_table)} ({', '.join(map(citer, champs))}) {requete}{suite}"
    with connection.cursor() as curseur:
        curseur.execute(sql, parametres)
        ecrites: int = curseur.rowcount
    return ecrites


def nul(champ: models.Field) -> models.expressions.Combinable:
    """NULL, typed: Postgres would take a bare one for a text."""
    return models.functions.Cast(models.Value(None), champ)
