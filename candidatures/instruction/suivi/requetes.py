"""Whether the narrow rows say what the tables do, and the bits that are counted what the rows do."""

from django.db import connection

from candidatures.instruction.suivi.bits import FAUX
from candidatures.instruction.suivi.verite import COLONNES, VERITE

ECARTS = f"""
SELECT coalesce(v.candidature_id, s.candidature_id)
  FROM ({VERITE}) v FULL JOIN candidatures_suivi s ON s.candidature_id = v.candidature_id
 WHERE ({", ".join(f"v.{colonne}" for colonne in COLONNES)})
       IS DISTINCT FROM ({", ".join(f"s.{colonne}" for colonne in COLONNES)})
 ORDER BY 1
"""  # noqa: S608


def ecarts() -> list[int]:
    """The keys of the files whose narrow row is missing, is one too many, or says something else than the truth."""
    with connection.cursor() as curseur:
        curseur.execute(ECARTS)
        return [cle for (cle,) in curseur.fetchall()]


def vagues_mal_comptees() -> list[int]:
    """The keys of the waves of which some bits are not those of their narrow rows."""
    with connection.cursor() as curseur:
        curseur.execute(FAUX)
        return [cle for (cle,) in curseur.fetchall()]
