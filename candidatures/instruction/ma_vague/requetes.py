"""How many files there are of each value of each facet: one statement, over the rows that the reader may see."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, Q, Value, When

from candidatures.instruction.ma_vague.facettes import FACETTES, Facette
from candidatures.vagues.models.vagues import Vague
from rebond.socle.utilisateur import Utilisateur

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Compte:
    """`nom` is empty where the value is the key of a choice, which has its own words."""

    valeur: str
    nom: str
    nombre: int


@dataclass(frozen=True)
class Comptes:
    total: int
    par_facette: Mapping[str, list[Compte]]

    def de(self, facette: str) -> dict[str, int]:
        return {compte.valeur: compte.nombre for compte in self.par_facette.get(facette, ())}


def compter(lignes: Any, moi: Utilisateur, vague: Vague, choisies: Mapping[str, Q | str]) -> Comptes:
    """`lignes`: narrow rows that `moi` reads, chosen by whatever is no facet; `choisies`: what is asked of each facet,
    as a condition, or which of its `cas`.

    A facet counts under what is asked of the others, so that each number is that of the list that its value gives.
    The rows are read once, in columns of their own, each condition once too; everything is then counted from memory.
    """
    cas = {facette.cle: facette.cas(moi, vague) for facette in FACETTES if facette.cas}
    colonnes = {facette.colonne for facette in FACETTES if facette.colonne}
    notes: dict[str, Any] = {facette.colonne: facette.selon for facette in FACETTES if facette.selon is not None}
    notes |= {_nom(cle, valeur): _oui(condition) for cle, suite in cas.items() for valeur, condition in suite.items()}
    notes |= {_ok(cle): _oui(condition) for cle, condition in choisies.items() if isinstance(condition, Q)}
    gardes = {cle: _ok(cle) if isinstance(dite, Q) else _nom(cle, dite) for cle, dite in choisies.items()}
    lues = lignes.order_by().annotate(**notes).values(*sorted({*colonnes, *notes}))
    try:
        sql, parametres = lues.query.sql_with_params()
    except EmptyResultSet:
        return Comptes(0, {})
    tous = f"FROM lues {_ou(gardes)}"
    bras = [f"SELECT '{TOTAL}' AS facette, '' AS valeur, '' AS nom, count(*) AS nombre {tous}"]
    bras += [_bras(facette, list(cas.get(facette.cle, ())), gardes) for facette in FACETTES]
    with connection.cursor() as curseur:
        curseur.execute(f"WITH lues AS MATERIALIZED ({sql}) " + " UNION ALL ".join(bras), parametres)
        par_facette: dict[str, list[Compte]] = defaultdict(list)
        for facette, valeur, nom, nombre in curseur.fetchall():
            par_facette[facette].append(Compte(valeur, nom, nombre))
    (total,) = par_facette.pop(TOTAL)
    return Comptes(total.nombre, par_facette)


def _bras(facette: Facette, cas: list[str], gardes: Mapping[str, str]) -> str:
    """The counts of one facet, as a SELECT. `gardes`: by facet, the column that says whether a row is asked for."""
    ou = _ou({cle: colonne for cle, colonne in gardes.items() if cle != facette.cle})
    if facette.cas:
        comptes = ", ".join(
            f'count(*) FILTER (WHERE "{_nom(facette.cle, valeur)}") AS c{i}' for i, valeur in enumerate(cas)
        )
        valeurs = ", ".join(f"('{valeur}', c{i})" for i, valeur in enumerate(cas))
        return (
            f"SELECT '{facette.cle}', v.valeur, '', v.nombre FROM (SELECT {comptes} FROM lues {ou}) x, "  # noqa: S608
            f"LATERAL (VALUES {valeurs}) v (valeur, nombre)"
        )
    lue = f"unnest({facette.colonne})" if facette.plusieurs else facette.colonne
    groupes = f"SELECT {lue} AS v, count(*) AS nombre FROM lues {ou} GROUP BY 1"  # noqa: S608
    if facette.noms is None:
        return f"SELECT '{facette.cle}', v::text, '', nombre FROM ({groupes}) g WHERE v IS NOT NULL"  # noqa: S608
    noms = facette.noms
    # Each name is looked up by its key: a join might read a whole table (every account) to name a few.
    un_nom = f"LATERAL (SELECT * FROM {noms.table} WHERE id = g.v LIMIT 1) n"  # noqa: S608
    return (
        f"SELECT '{facette.cle}', {noms.valeur}, coalesce({noms.nom}, ''), nombre FROM ({groupes}) g "  # noqa: S608
        f"LEFT JOIN {un_nom} ON true WHERE g.v IS NOT NULL"
    )


def _ou(gardes: Mapping[str, str]) -> str:
    return "WHERE " + " AND ".join(f'"{colonne}"' for colonne in gardes.values()) if gardes else ""


def _oui(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _nom(facette: str, valeur: str) -> str:
    # Never the name of a column of the narrow row.
    return f"cas_{facette}_{valeur}"


def _ok(facette: str) -> str:
    return f"ok_{facette}"
