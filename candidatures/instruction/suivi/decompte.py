"""How many files of a wave there are by what they are filtered by, kept as they change: the statements that do it.

A file counts once in each box that it belongs to: its state, its stage and what became of its opinions, with each of
its régions or with all (`TOUTES_LES_REGIONS`), with each of its trades or with all (`TOUTES_LES_FILIERES`). Any choice
of the five is then a sum of a few boxes, however many files there are.
"""

TOUTES_LES_REGIONS, TOUTES_LES_FILIERES = 0, ""
CASE = ("vague_id", "etat", "etape", "cas_avis", "region", "filiere")
_CASE = ", ".join(CASE)
_MEME_CASE = " AND ".join(f"c.{colonne} = e.{colonne}" for colonne in CASE)


def cases(lignes: str) -> str:
    """The boxes of `lignes`, a SELECT of narrow rows with what each of them brings (`signe`)."""
    return f"""
        SELECT {_CASE}, sum(signe)::integer AS nombre
          FROM ({lignes}) s,
               LATERAL (SELECT {TOUTES_LES_REGIONS}::bigint AS region UNION SELECT unnest(s.regions)) r,
               LATERAL (SELECT '{TOUTES_LES_FILIERES}'::text AS filiere UNION SELECT unnest(s.filieres)) f
         GROUP BY {_CASE} HAVING sum(signe) <> 0
    """  # noqa: S608


def _lues(table: str, signe: int) -> str:
    return f"SELECT vague_id, etat, etape, cas_avis, regions, filieres, {signe} AS signe FROM {table}"  # noqa: S608


AJOUTEES, OTEES = _lues("nouveaux", 1), _lues("anciens", -1)
COMPTEES = _lues("candidatures_suivi", 1)


def noter(lignes: str) -> str:
    """The statements that count what has just changed.

    Nobody waits: one transaction at a time adds what it brings to what is there already, in one row a box; the others,
    meanwhile, write theirs beside it, which the next one adds up. A count is the sum of the rows of its boxes.
    """
    return f"""
        IF pg_try_advisory_xact_lock(hashtext('candidatures_comptedesuivis')) THEN
            WITH ecarts AS MATERIALIZED ({cases(lignes)}),
                 plies AS (DELETE FROM candidatures_comptedesuivis c USING ecarts e WHERE {_MEME_CASE}
                           RETURNING {", ".join(f"c.{colonne}" for colonne in CASE)}, c.nombre)
            INSERT INTO candidatures_comptedesuivis ({_CASE}, nombre)
            SELECT {_CASE}, sum(nombre) FROM (TABLE ecarts UNION ALL TABLE plies) tous
             GROUP BY {_CASE} HAVING sum(nombre) <> 0;
        ELSE
            INSERT INTO candidatures_comptedesuivis ({_CASE}, nombre) {cases(lignes)};
        END IF;
        RETURN NULL;
    """  # noqa: S608


FAUX = f"""
    SELECT DISTINCT vague_id
      FROM (SELECT {_CASE}, sum(nombre) AS nombre FROM candidatures_comptedesuivis
             GROUP BY {_CASE} HAVING sum(nombre) <> 0) dits
      FULL JOIN ({cases(COMPTEES)}) vrais USING ({_CASE})
     WHERE dits.nombre IS DISTINCT FROM vrais.nombre
     ORDER BY 1
"""  # noqa: S608
