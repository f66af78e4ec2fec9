"""Which files of a wave have which value of what they are chosen by, one bit a file, kept as they change.

A file is the bit `candidature_id % LARGEUR` of the block `candidature_id / LARGEUR`, under each value of each of its
columns (`COLONNES`), and under `TOUTES`, where all those of the wave are. Any choice is then a few blocks joined bit
by bit, and how many there are is how many bits are left, however many files there are.
"""

LARGEUR = 8192
AUCUN = f"0::bit({LARGEUR})"
TOUTES = ""
#: One value a file, none being one; several; what is true of a file or not.
VALEURS = ("etat", "etape", "cas_avis", "responsable_id")
LISTES = ("regions", "departements", "filieres", "etiquettes")
VRAIES = ("evaluations_ouvertes", "desaccord", "corrigee", "interroge", "industrie", "deja_candidat")
COLONNES = (*VALEURS, *LISTES, *VRAIES)
SANS_VALEUR = ""
VRAI = "true"
CASE = ("vague_id", "colonne", "valeur", "bloc")
_CASE = ", ".join(CASE)
_MEME_CASE = " AND ".join(f"b.{colonne} = e.{colonne}" for colonne in CASE)
_LUES = ", ".join(("candidature_id", "vague_id", *COLONNES))


def bloc(cle: str) -> str:
    """The block where the file of that key is."""
    return f"({cle} / {LARGEUR})::integer"


def bit(cle: str) -> str:
    """Its bit in there, alone."""
    return f"set_bit({AUCUN}, mod({cle}, {LARGEUR})::integer, 1)"


def _valeurs() -> str:
    valeurs = ", ".join(f"('{c}', coalesce(s.{c}::text, '{SANS_VALEUR}'))" for c in VALEURS)
    listes = "".join(f" UNION ALL SELECT '{c}', unnest(s.{c})::text" for c in LISTES)
    vraies = ", ".join(f"('{c}', s.{c})" for c in VRAIES)
    return (
        f"VALUES ('{TOUTES}', '{SANS_VALEUR}'), {valeurs}{listes} "  # noqa: S608
        f"UNION ALL SELECT c, '{VRAI}' FROM (VALUES {vraies}) o (c, vraie) WHERE vraie"
    )


def blocs(lignes: str) -> str:
    """The blocks of `lignes`, a SELECT of narrow rows that are there now or were before (`la`): bits that changed."""
    return f"""
        SELECT {_CASE}, bits
          FROM (SELECT {_CASE}, coalesce(bit_or(un) FILTER (WHERE la), {AUCUN})
                                # coalesce(bit_or(un) FILTER (WHERE NOT la), {AUCUN}) AS bits
                  FROM (SELECT l.*, {bloc("candidature_id")} AS bloc, {bit("candidature_id")} AS un
                          FROM ({lignes}) l OFFSET 0) s,
                       LATERAL ({_valeurs()}) v (colonne, valeur)
                 GROUP BY {_CASE}) changes
         WHERE bits <> {AUCUN}
    """  # noqa: S608


def _lues(table: str, la: str) -> str:
    return f"SELECT {_LUES}, {la} AS la FROM {table}"  # noqa: S608


AJOUTEES, OTEES = _lues("nouveaux", "true"), _lues("anciens", "false")
COMPTEES = _lues("candidatures_suivi", "true")


def noter(lignes: str, table: str) -> str:
    """The statements that keep what has just changed, unless nothing is in `table`: an INSERT that updates wakes both
    those of an insertion and those of a change.

    Nobody waits: one transaction at a time folds the bits that it changes into what is there already, in one row a
    block; the others, meanwhile, write theirs beside it, which the next one folds. What is true is the exclusive or
    of the rows of a block: bits that changed twice did not.
    """
    return f"""
        IF NOT EXISTS (SELECT 1 FROM {table}) THEN
            RETURN NULL;
        END IF;
        IF pg_try_advisory_xact_lock(hashtext('candidatures_bitsdesuivis')) THEN
            WITH ecarts AS MATERIALIZED ({blocs(lignes)}),
                 plies AS (DELETE FROM candidatures_bitsdesuivis b USING ecarts e WHERE {_MEME_CASE}
                           RETURNING {", ".join(f"b.{colonne}" for colonne in CASE)}, b.bits)
            INSERT INTO candidatures_bitsdesuivis ({_CASE}, bits)
            SELECT {_CASE}, bit_xor(bits) FROM (TABLE ecarts UNION ALL TABLE plies) tous
             GROUP BY {_CASE} HAVING bit_xor(bits) <> {AUCUN};
        ELSE
            INSERT INTO candidatures_bitsdesuivis ({_CASE}, bits) {blocs(lignes)};
        END IF;
        RETURN NULL;
    """  # noqa: S608


def dits(ou: str) -> str:
    """The blocks that are kept, of those that `ou`, a condition on them, tells."""
    return f"""
        SELECT {_CASE}, bit_xor(bits) AS bits FROM candidatures_bitsdesuivis WHERE {ou}
         GROUP BY {_CASE} HAVING bit_xor(bits) <> {AUCUN}
    """  # noqa: S608


FAUX = f"""
    SELECT DISTINCT vague_id
      FROM ({dits("true")}) dits
      FULL JOIN ({blocs(COMPTEES)}) vrais USING ({_CASE})
     WHERE dits.bits IS DISTINCT FROM vrais.bits
     ORDER BY 1
"""  # noqa: S608
