"""What the narrow row of a file says of its evaluations: nothing before they are open to all who read the file.

Until then no act of an evaluator changes a byte of it, so that no list, count, sort or export can tell one.
"""

# A hundredth of the scale: from there on the evaluators of a file disagree. The ministry's to change.
SEUIL_DE_DESACCORD = 25
COLONNES = ("evaluations_ouvertes", "note", "note_sur", "note_ecart", "desaccord")


def ouvertes(dossier: str) -> str:
    """Condition: everybody who reads `dossier` (a key in SQL) whole reads its evaluations."""
    return f"EXISTS (SELECT 1 FROM candidatures_ouverturedesevaluations o WHERE o.candidature_id = {dossier})"  # noqa: S608


def courantes(dossier: str) -> str:
    """The evaluations of `dossier` that count: the last one that each of its evaluators rendered."""
    return f"""
        SELECT DISTINCT ON (v.evaluateur_id) v.*
          FROM candidatures_evaluation v
          JOIN candidatures_evaluateur e ON e.id = v.evaluateur_id AND e.retire_le IS NULL
         WHERE v.candidature_id = {dossier} AND v.rendue_le IS NOT NULL
         ORDER BY v.evaluateur_id, v.rang DESC
    """  # noqa: S608


# `regles.synthese` of the evaluations, for Postgres. Points are even: the middle of two is whole.
NOTES = f"""
    LATERAL (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v.points)::integer AS note, max(v.sur) AS note_sur,
               max(v.points) - min(v.points) AS note_ecart,
               coalesce((max(v.points) - min(v.points)) * 100 >= {SEUIL_DE_DESACCORD} * max(v.sur), false) AS desaccord
          FROM ({courantes("c.id")}) v
         WHERE v.points IS NOT NULL AND {ouvertes("c.id")}
    ) notees
"""  # noqa: S608
