"""What the journal holds of something."""

from django.db import connection, models

from rebond.socle.journal.models import EntreeJournal


def entrees_sur(objet: models.Model) -> models.QuerySet[EntreeJournal]:
    """What the journal holds of `objet`, latest first."""
    return EntreeJournal.objects.filter(objet_type=objet._meta.label_lower, objet_id=str(objet.pk)).order_by("-pk")


# Of millions of entries, a few acts and a few thousand people: each is found at once in an index, from the one before.
ACTES = """
WITH RECURSIVE tenus AS (
    (SELECT acte, objet_type FROM socle_entreejournal ORDER BY acte, objet_type LIMIT 1)
    UNION ALL
    SELECT suivant.acte, suivant.objet_type FROM tenus CROSS JOIN LATERAL (
        SELECT e.acte, e.objet_type FROM socle_entreejournal e
         WHERE (e.acte, e.objet_type) > (tenus.acte, tenus.objet_type) ORDER BY e.acte, e.objet_type LIMIT 1) suivant
)
SELECT acte, objet_type FROM tenus
"""
ACTEURS = """
WITH RECURSIVE nommes AS (
    (SELECT acteur FROM socle_entreejournal ORDER BY acteur LIMIT 1)
    UNION ALL
    SELECT suivant.acteur FROM nommes CROSS JOIN LATERAL (
        SELECT e.acteur FROM socle_entreejournal e WHERE e.acteur > nommes.acteur ORDER BY e.acteur LIMIT 1) suivant
)
SELECT acteur FROM nommes WHERE strpos(upper(unaccent(acteur)), upper(unaccent(%s))) > 0
"""
OBJETS = """
WITH RECURSIVE nommes AS (
    (SELECT objet_type, objet_id, objet FROM socle_entreejournal ORDER BY objet_type, objet_id, objet LIMIT 1)
    UNION ALL
    SELECT suivant.* FROM nommes CROSS JOIN LATERAL (
        SELECT e.objet_type, e.objet_id, e.objet FROM socle_entreejournal e
         WHERE (e.objet_type, e.objet_id, e.objet) > (nommes.objet_type, nommes.objet_id, nommes.objet)
         ORDER BY e.objet_type, e.objet_id, e.objet LIMIT 1) suivant
)
SELECT objet_type, objet_id, objet FROM nommes WHERE strpos(upper(unaccent(objet)), upper(unaccent(%s))) > 0 LIMIT %s
"""
# A text that names more things than that names most of the journal: its last pages are full of it.
OBJETS_MAX = 1000


def actes_du_journal() -> list[tuple[str, str]]:
    """The acts that the journal holds, each with the types of what it was done on."""
    with connection.cursor() as curseur:
        curseur.execute(ACTES)
        return [(acte, objet_type) for acte, objet_type in curseur.fetchall()]


def acteurs_du_journal(texte: str) -> list[str]:
    """The names, as the journal copied them, that hold `texte`, whatever its accents and its capitals."""
    with connection.cursor() as curseur:
        curseur.execute(ACTEURS, [texte])
        return [acteur for (acteur,) in curseur.fetchall()]


def sur_ce_que_nomme(texte: str) -> models.Q:
    """The entries whose object, as the journal named it then, holds `texte`, whatever its accents and its capitals."""
    with connection.cursor() as curseur:
        curseur.execute(OBJETS, [texte, OBJETS_MAX + 1])
        trouves = curseur.fetchall()
    if len(trouves) > OBJETS_MAX:
        return models.Q(objet__unaccent__icontains=texte)
    types, cles, noms = (list({*colonne}) for colonne in zip(*trouves, strict=True)) if trouves else ([], [], [])
    return models.Q(objet_type__in=types, objet_id__in=cles, objet__in=noms)
