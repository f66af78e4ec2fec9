"""How many files there are of each value of each facet: one statement, of the bits that are kept of the wave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from candidatures.instruction.comptes import lus_de
from candidatures.instruction.ma_vague.facettes import FACETTES, Facette
from candidatures.instruction.suivi.denombrement import Denombrement
from candidatures.vagues.models.vagues import Vague
from rebond.socle.utilisateur import Utilisateur

TOTAL, AUTRES = "total", "autres"


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


def compter(moi: Utilisateur, vague: Vague, conditions: Mapping[str, Q]) -> Comptes:
    """Of the files that `moi` reads. `conditions`, on narrow rows: what is asked of each facet, by its key, and of
    whatever is none.

    A facet counts under what is asked of the others, so that each number is that of the list that its value gives.
    """
    bits = Denombrement(vague.pk)
    choisies = {facette.cle: conditions[facette.cle] for facette in FACETTES if facette.cle in conditions}
    toujours = [condition for cle, condition in conditions.items() if cle not in choisies]
    gardes = {AUTRES: " & ".join([lus_de(moi, bits), *map(bits.condition, toujours)])}
    gardes |= {_choix(cle): bits.condition(condition) for cle, condition in choisies.items()}
    total = _nombre(_sous(choisies))
    bras = [f"SELECT '{TOTAL}' AS facette, '' AS valeur, '' AS nom, {total} AS nombre FROM h"]  # noqa: S608
    for facette in FACETTES:
        sous = _sous(choisies, sauf=facette.cle)
        cas = facette.cas(moi, vague) if facette.cas else {}
        gardes |= {_cas(facette, valeur): bits.condition(condition) for valeur, condition in cas.items()}
        bras += [_un_cas(facette, valeur, sous) for valeur in cas]
        bras += [_valeurs(facette, sous)] if facette.colonne else []
    par_facette: dict[str, list[Compte]] = defaultdict(list)
    with connection.cursor() as curseur:
        curseur.execute(*bits.requete(gardes, bras))
        for cle, valeur, nom, nombre in curseur.fetchall():
            par_facette[cle].append(Compte(valeur, nom, nombre))
    (tous,) = par_facette.pop(TOTAL)
    return Comptes(tous.nombre, par_facette)


def _un_cas(facette: Facette, valeur: str, sous: str) -> str:
    nombre = _nombre(f'{sous} & h."{_cas(facette, valeur)}"')
    return f"SELECT '{facette.cle}', '{valeur}', '', {nombre} FROM h"  # noqa: S608


def _valeurs(facette: Facette, sous: str) -> str:
    """The counts of the values of its column, as a SELECT."""
    groupes = (
        f"SELECT t.valeur AS v, {_nombre(f't.bits & {sous}')} AS nombre FROM t JOIN h USING (bloc) "  # noqa: S608
        f"WHERE t.colonne = '{facette.colonne}' AND t.valeur <> '' GROUP BY 1"
    )
    if facette.noms is None:
        return f"SELECT '{facette.cle}', v, '', nombre FROM ({groupes}) g WHERE nombre > 0"  # noqa: S608
    noms = facette.noms
    # Each name is looked up by its key: a join might read a whole table (every account) to name a few.
    un_nom = f"LATERAL (SELECT * FROM {noms.table} WHERE id = g.v::bigint LIMIT 1) n"  # noqa: S608
    return (
        f"SELECT '{facette.cle}', {noms.valeur}, coalesce({noms.nom}, ''), nombre FROM ({groupes}) g "  # noqa: S608
        f"LEFT JOIN {un_nom} ON true WHERE nombre > 0"
    )


def _nombre(bits: str) -> str:
    return f"coalesce(sum(bit_count({bits})), 0)::bigint"


def _sous(choisies: Iterable[str], sauf: str = "") -> str:
    """What is asked, but of one facet."""
    return " & ".join(f'h."{nom}"' for nom in (AUTRES, *(_choix(cle) for cle in choisies if cle != sauf)))


def _choix(facette: str) -> str:
    return f"choix_{facette}"


def _cas(facette: Facette, valeur: str) -> str:
    return f"{facette.cle}_{valeur}"
