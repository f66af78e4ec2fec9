"""How many files of a wave answer some conditions, from the bits that are kept of them (`bits`).

A condition is the very one that a list filters its narrow rows by. What it asks of a column that has bits is read
there; whatever else it asks is asked of the rows, and what answers becomes bits.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import F, Q

from candidatures.instruction.suivi.bits import (
    AUCUN,
    LISTES,
    SANS_VALEUR,
    TOUTES,
    VALEURS,
    VRAI,
    VRAIES,
    bit,
    bloc,
    dits,
)
from candidatures.instruction.suivi.models import Suivi

#: By the name that conditions give it, the column of which there are bits.
COLONNES = {colonne.removesuffix("_id"): colonne for colonne in VALEURS} | {"etat_connu": "etat"}


class Denombrement:
    """The files of one wave. Each condition becomes an expression of bits, in the columns of `h`; `requete` joins
    them, and what is counted of them, in one statement.

    The statement reads the blocks of the wave once (`t`), makes of them what conditions ask (`f`, a row a block), asks
    the rows what is left (`r0`, `r1`…), and keeps what it was told to (`h`).
    """

    def __init__(self, vague: int) -> None:
        self.vague = vague
        self._colonnes: dict[tuple[str, tuple[str, ...]], str] = {}
        # By name, and what makes two of them the same.
        self._lues: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def condition(self, q: Q) -> str:
        """The bits of the files that `q`, a condition on narrow rows with their `etat_connu`, keeps."""
        lien = " & " if q.connector == Q.AND else " | "
        parties = [self.condition(enfant) if isinstance(enfant, Q) else self._feuille(enfant) for enfant in q.children]
        jointes = f"({lien.join(parties)})" if parties else self.toutes
        return f"({self.toutes} & ~ {jointes})" if q.negated else jointes

    @property
    def toutes(self) -> str:
        return self._lue(TOUTES, [SANS_VALEUR])

    def lignes(self, lignes: Any) -> str:
        """The bits of these narrow rows of the wave, each of them read."""
        try:
            sql, parametres = lignes.filter(vague=self.vague).order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return AUCUN
        memes = (nom for nom, lue in self._lues.items() if lue == (sql, parametres))
        nom = next(memes, f"r{len(self._lues)}")
        self._lues[nom] = (sql, parametres)
        return f"coalesce({nom}.bits, {AUCUN})"

    def requete(self, gardes: Mapping[str, str], bras: Iterable[str]) -> tuple[str, list[Any]]:
        """`gardes`: the columns of `h`, expressions of bits. `bras`: SELECTs from `t` and `h`, put end to end."""
        parametres: list[Any] = [self.vague]
        colonnes = ["bloc"]
        for (colonne, valeurs), nom in self._colonnes.items():
            lus = f"bit_or(bits) FILTER (WHERE colonne = '{colonne}' AND valeur = ANY (%s::text[]))"
            colonnes.append(f"coalesce({lus}, {AUCUN}) AS {nom}")
            parametres.append([*valeurs])
        lues = ""
        for nom, (sql, valeurs) in self._lues.items():
            lus = f"SELECT {bloc('cle')} AS bloc, bit_or({bit('cle')}) AS bits FROM ({sql}) l (cle) GROUP BY 1"  # noqa: S608
            lues += f"{nom} AS MATERIALIZED ({lus}), "
            parametres += valeurs
        jointures = "".join(f" LEFT JOIN {nom} ON {nom}.bloc = f.bloc" for nom in self._lues)
        gardees = ", ".join(["f.bloc", *(f'{expression} AS "{nom}"' for nom, expression in gardes.items())])
        sql = (
            f"WITH t AS MATERIALIZED ({dits('vague_id = %s')}), "  # noqa: S608
            f"f AS MATERIALIZED (SELECT {', '.join(colonnes)} FROM t GROUP BY bloc), {lues}"
            f"h AS MATERIALIZED (SELECT {gardees} FROM f{jointures}) {' UNION ALL '.join(bras)}"
        )
        return sql, parametres

    def _feuille(self, enfant: Any) -> str:
        lue = self._en_bits(*enfant) if isinstance(enfant, tuple) else None
        if lue is not None:
            return lue
        return self.lignes(Suivi.objects.annotate(etat_connu=F("etat")).filter(Q(enfant)))

    def _en_bits(self, ou: str, valeur: Any) -> str | None:
        """What `ou`, a lookup of Django's, asks of a column that has bits; None of any other."""
        champ, _, comment = ou.partition("__")
        if champ == "pk" and comment == "isnull":
            return AUCUN if valeur else self.toutes
        colonne = COLONNES.get(champ, champ)
        match colonne in VALEURS, colonne in LISTES, colonne in VRAIES, comment or "exact":
            case True, _, _, "exact":
                return self._lue(colonne, [_texte(champ, valeur)])
            case True, _, _, "isnull":
                sans = self._lue(colonne, [SANS_VALEUR])
                return sans if valeur else f"({self.toutes} & ~ {sans})"
            case True, _, _, "in" if isinstance(valeur, (list, tuple, set, frozenset)):
                return self._lue(colonne, [_texte(champ, une) for une in valeur if une is not None])
            case _, True, _, "contains":
                return f"({' & '.join([self.toutes, *(self._lue(colonne, [str(une)]) for une in valeur)])})"
            case _, True, _, "overlap":
                return self._lue(colonne, [str(une) for une in valeur])
            case _, _, True, "exact":
                vraies = self._lue(colonne, [VRAI])
                return vraies if valeur else f"({self.toutes} & ~ {vraies})"
        return None

    def _lue(self, colonne: str, valeurs: Iterable[str]) -> str:
        return "f." + self._colonnes.setdefault((colonne, tuple(sorted(valeurs))), f"f{len(self._colonnes)}")


def _texte(champ: str, valeur: Any) -> str:
    """As Postgres writes it."""
    if valeur is None:
        return SANS_VALEUR
    nom = "etat" if champ == "etat_connu" else champ
    de_django: Any = Suivi._meta.get_field(nom)
    return str(de_django.get_prep_value(getattr(valeur, "pk", valeur)))
