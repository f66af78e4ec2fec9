"""A portal with more of everything: each row of each table copied, by one statement a table, whatever the table.

What is copied with a row depends on what stays as it is: with nothing, whole worlds beside the first one; with waves
and people, more files of theirs in the same waves, each with all that is in it; with files and missions, more of what
they hold; with everything, more leaves under each thing. Models say the rest: a new table grows by itself.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from candidatures.instruction.suivi import bits
from tests.outils.roles import administrer

# Copies are numbered from here, far above what the tests themselves have made.
ECART = 10_000_000
SOCLE = {"django_content_type", "auth_permission", "territoires_region", "territoires_departement"}
VAGUES_ET_GENS = SOCLE | {
    *("candidatures_vague", "candidatures_cahierdescharges", "candidatures_procesverbal", "socle_utilisateur"),
}
DOSSIERS_ET_MISSIONS = SOCLE | {
    *("candidatures_vague", "candidatures_cahierdescharges", "candidatures_candidature", "projets_mission"),
    *("projets_enveloppe", "projets_feuillederoute", "projets_communique"),
}
# What stays as it is in each round; None: everything.
RONDES: tuple[set[str] | None, ...] = (SOCLE, VAGUES_ET_GENS, DOSSIERS_ET_MISSIONS, None)
# What is not a thing of the portal, or is there once; and why.
UNIQUES = {
    "django_session": "le fil de chaque visiteur",
    "django_content_type": "les tables elles-mêmes",
    "auth_permission": "celles de Django, dont le portail ne se sert pas",
    "territoires_region": "les régions de France, qui ne se multiplient pas",
    "territoires_departement": "les départements, de même",
    "auth_group": "Django, de même",
    "auth_group_permissions": "Django, de même",
    "socle_battement": "une ligne par processus",
    "demo_basededemonstration": "une ligne, ou aucune",
    "dsfr_dsfrconfig": "du design de l’État, dont le portail ne se sert pas",
    "dsfr_dsfrsocialmedia": "du design de l’État, de même",
}
# What the models do not say of a value that must differ: `{v}` is the value, `{k}` the number of the copy.
VALEURS = {
    "email": "CASE WHEN {v} = '' THEN '' ELSE {k} || '-' || {v} END",
    "territoires_territoire.cle": "essais.autre_siren(left({v}, 9), {k}) || substr({v}, 10)",
    "candidatures_candidature.territoire_tenu": "essais.autre_siren(left({v}, 9), {k}) || substr({v}, 10)",
    "adresse": "CASE WHEN {v} = '' THEN '' ELSE {k} || '-' || {v} END",
    "siren": "essais.autre_siren({v}, {k})",
    # A wave of half a day for each, long closed.
    "candidatures_vague.numero": "{v} + {k} % 20 * 31",
    # Before the one that counts, which is the last.
    "candidatures_depot.rang": "{k}",
    "candidatures_ligneprocesverbal.ordre": "CASE WHEN depot_id IS NULL THEN {v} ELSE {v} + {k} * 100 END",
    "candidatures_ligneprocesverbal.objet": f"{{v}} + {{k}} * {ECART}",
    "projets_communique.version": "{v}",
    "candidatures_vague.ouverture": "timestamptz '2021-01-01' + interval '1 day' * (id % 90 * 20 + {k} % 20)",
    "candidatures_vague.cloture": "timestamptz '2021-01-01 12:00' + interval '1 day' * (id % 90 * 20 + {k} % 20)",
}
# A valid SIREN (Luhn’s key), the same for the same number and copy; nothing for nothing. Invented ones begin with 999.
AUTRE_SIREN = """
CREATE FUNCTION essais.autre_siren(numero text, copie integer) RETURNS text LANGUAGE sql AS $$
    SELECT CASE numero WHEN '' THEN '' ELSE
               debut || (10 - sum(CASE WHEN i % 2 = 1 THEN c ELSE c * 2 - 9 * (c / 5) END) % 10) % 10 END
      FROM (SELECT lpad((abs(hashtext(numero || '-' || copie)) % 99900000)::text, 8, '0') AS debut) AS d,
           generate_series(1, 8) AS i, LATERAL (SELECT substr(debut, i, 1)::integer AS c) AS chiffre
     GROUP BY debut
$$"""


def tables() -> list[type[models.Model]]:
    """One model a table; those that grow."""
    vues: dict[str, type[models.Model]] = {}
    for modele in apps.get_models(include_auto_created=True):
        if modele._meta.managed and not modele._meta.proxy:
            vues.setdefault(modele._meta.db_table, modele)
    return [modele for table, modele in vues.items() if table not in UNIQUES]


def effectifs() -> dict[str, int]:
    """How many rows each table that grows has."""
    with connection.cursor() as curseur:
        curseur.execute(
            " UNION ALL ".join(f"SELECT '{m._meta.db_table}', count(*) FROM {m._meta.db_table}" for m in tables())
        )
        return dict(curseur.fetchall())


REFAIRE_LES_BITS = f"""
    INSERT INTO candidatures_bitsdesuivis ({", ".join(bits.CASE)}, bits) {bits.blocs(bits.COMPTEES)}
"""


def multiplier(premiere: int, derniere: int) -> None:
    """Copies `premiere` to `derniere` of the rows that the tests have made, in each round; none of a thing that is not
    there. Neither trigger nor foreign key looks on: what a copy would refer to in vain goes with it at the end."""
    modeles = tables()
    ordres = [AUTRE_SIREN.replace("CREATE", "CREATE OR REPLACE"), "SET session_replication_role = replica"]
    for rang, ancres in enumerate(RONDES):
        copies = (rang * 20 + premiere, rang * 20 + derniere)
        # A line of a procès-verbal is there once for what it states.
        ordres += [
            _copier(modele, ancres, copies)
            for modele in modeles
            if ancres is not None or modele._meta.db_table != "candidatures_ligneprocesverbal"
        ]
    administrer(*ordres)
    while _sans_les_orphelins(modeles):
        pass
    # Copied, the bits of files would undo one another.
    administrer("DELETE FROM candidatures_bitsdesuivis", REFAIRE_LES_BITS)
    # As autovacuum would have done: without it a plan may be the worst there is.
    administrer("SET session_replication_role = origin", "ANALYZE")


def _copier(modele: type[models.Model], ancres: set[str] | None, copies: tuple[int, int]) -> str:
    table, differents = modele._meta.db_table, set(_differents(modele))
    colonnes = {
        champ.column: _valeur(champ, ancres, differents)
        for champ in modele._meta.local_concrete_fields
        if not isinstance(champ, models.GeneratedField)
    }
    noms = ", ".join(f'"{nom}"' for nom in colonnes)
    cle = modele._meta.pk
    d_origine = f'"{cle.column}" < {ECART}' if _est_un_nombre(cle) else "true"
    # PostgreSQL cannot look for a conflict that it would only see at the end.
    tardive = any(getattr(contrainte, "deferrable", None) for contrainte in modele._meta.constraints)
    sauf_s_il_y_est = "" if tardive else "ON CONFLICT DO NOTHING"
    return (
        f"INSERT INTO {table} ({noms}) SELECT {', '.join(colonnes.values())} FROM {table}, "
        f"generate_series({copies[0]}, {copies[1]}) AS k WHERE {d_origine} {sauf_s_il_y_est}"
    )


def _valeur(champ: Any, ancres: set[str] | None, differents: set[str]) -> str:
    colonne = f'"{champ.column}"'
    if champ.is_relation and not champ.primary_key:
        cible = champ.related_model._meta
        # One to one, there is no other way than a copy of both.
        reste = (ancres is None or cible.db_table in ancres) and not champ.unique
        return colonne if reste or cible.db_table in UNIQUES else _copie(champ.target_field, colonne)
    if champ.primary_key:
        return _copie(champ, colonne)
    if champ.name not in differents:
        return colonne
    table = champ.model._meta.db_table
    forme = VALEURS.get(f"{table}.{champ.name}") or VALEURS.get(champ.name)
    return (forme or _forme(champ)).format(v=colonne, k="k")


def _est_un_nombre(champ: Any) -> bool:
    return isinstance(champ, models.AutoField | models.BigAutoField | models.IntegerField | models.ForeignKey)


def _copie(champ: Any, colonne: str) -> str:
    """The key of the copy of what `colonne` names."""
    if _est_un_nombre(champ):
        return f"{colonne} + k * {ECART}"
    return f"md5({colonne}::text || k)::uuid"


def _forme(champ: Any) -> str:
    if isinstance(champ, models.UUIDField):
        return "md5({v}::text || {k})::uuid"
    if isinstance(champ, models.IntegerField):
        return "{v} + {k}" if isinstance(champ, models.SmallIntegerField) else "{v} + {k} * 100"
    if isinstance(champ, models.DateField):
        return "{v} - {k}" if not isinstance(champ, models.DateTimeField) else "{v} + interval '1 second' * {k}"
    if champ.max_length == 64:
        return "encode(sha256(({v} || {k})::bytea), 'hex')"
    place = (champ.max_length or 10_000) - len("-99")
    return f"left({{v}}, {place}) || CASE WHEN {{v}} = '' THEN '' ELSE '-' || {{k}} END"


def _differents(modele: type[models.Model]) -> Iterator[str]:
    """What must differ from one row to the next, besides what they refer to; the whole name of a choice stays."""
    options = modele._meta
    yield from (champ.name for champ in options.local_fields if champ.unique and not champ.primary_key)
    groupes = [set(noms) for noms in options.unique_together]
    groupes += [set(c.fields) for c in options.constraints if isinstance(c, models.UniqueConstraint)]
    for groupe in groupes:
        propres = [options.get_field(nom) for nom in groupe]
        libres = [c for c in propres if not (c.is_relation or c.choices or isinstance(c, models.BooleanField))]
        nombres = [champ for champ in libres if not isinstance(champ, models.CharField | models.TextField)]
        yield from (champ.name for champ in nombres or libres)
    particuliers = {cle.partition(".")[2] for cle in VALEURS if cle.startswith(f"{options.db_table}.")}
    yield from particuliers | ({"email"} & {champ.name for champ in options.local_fields})


def _sans_les_orphelins(modeles: list[type[models.Model]]) -> int:
    """Delete the copies that refer to nothing; how many there were."""
    total = 0
    with connection.cursor() as curseur:
        for modele in modeles:
            for champ in modele._meta.local_concrete_fields:
                if not champ.is_relation:
                    continue
                cible = champ.related_model._meta
                colonne = champ.target_field.column
                ou = (
                    f'"{champ.column}" IS NOT NULL AND NOT EXISTS (SELECT FROM {cible.db_table} AS la '
                    f'WHERE la."{colonne}" = {modele._meta.db_table}."{champ.column}")'
                )
                curseur.execute(f"SELECT count(*) FROM {modele._meta.db_table} WHERE {ou}")
                if nombre := curseur.fetchone()[0]:
                    administrer(f"DELETE FROM {modele._meta.db_table} WHERE {ou}")
                    total += nombre
    return total
