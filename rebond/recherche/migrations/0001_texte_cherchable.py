"""How a French text is made searchable, and what is typed a query: once, for every table."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

# Words by their stems, as people search them once they are whole, and by their letters, as they are while they are
# typed. Accents count in neither.
CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION public.recherche_racines (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION public.recherche_racines
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.french_stem;
CREATE TEXT SEARCH CONFIGURATION public.recherche_mots (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION public.recherche_mots
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.simple;
"""
SANS_CONFIGURATIONS = """
DROP TEXT SEARCH CONFIGURATION public.recherche_racines;
DROP TEXT SEARCH CONFIGURATION public.recherche_mots;
"""
# Punctuation goes, or what follows « <script> » would be no word, « forge/fonderie » would be the name of a file and
# « R14-0042 » a negative number. A vector holds a megabyte: a longer text would be refused whole, and the act that
# writes it with it. Stems alone say where they are.
VECTEUR = r"""
CREATE FUNCTION public.recherche_vecteur(texte text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('public.recherche_racines'::regconfig,
                   translate(left(texte, 100000), '/\@._-+:&=?#~<>', repeat(' ', 15)))
    || strip(to_tsvector('public.recherche_mots'::regconfig,
                         translate(left(texte, 100000), '/\@._-+:&=?#~<>', repeat(' ', 15))));
CREATE FUNCTION public.recherche_vecteur(un text, autre text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN public.recherche_vecteur(un || ' ' || autre);
"""
SANS_VECTEUR = """
DROP FUNCTION public.recherche_vecteur(text, text);
DROP FUNCTION public.recherche_vecteur(text);
"""
# Every text that a JSON document holds, one a line.
TEXTE = """
CREATE FUNCTION public.recherche_texte(contenu jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT coalesce(string_agg(valeur #>> '{}', E'\\n'), '')
          FROM jsonb_path_query(contenu, 'strict $.** ? (@.type() == "string")') AS valeur);
"""
# Bare words, in their order: all of them are to be found, the last one as the beginning of a word too. Empty when
# there are only words that every text has.
REQUETE = """
CREATE FUNCTION public.recherche_requete(mots text[]) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    requete tsquery := '';
    racine tsquery;
    rang integer;
BEGIN
    FOR rang IN 1 .. coalesce(array_length(mots, 1), 0) LOOP
        racine := plainto_tsquery('public.recherche_racines', mots[rang]);
        -- « les » is no word of the list that has « le ».
        CONTINUE WHEN numnode(racine) = 0
            OR numnode(plainto_tsquery('public.recherche_racines', translate(racine::text, $q$'$q$, ''))) = 0;
        IF rang = array_length(mots, 1) THEN
            racine := racine || to_tsquery('public.recherche_mots', quote_literal(mots[rang]) || ':*');
        END IF;
        requete := requete && racine;
    END LOOP;
    RETURN requete;
END $$;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(CONFIGURATIONS, SANS_CONFIGURATIONS),
        migrations.RunSQL(VECTEUR, SANS_VECTEUR),
        migrations.RunSQL(TEXTE, "DROP FUNCTION public.recherche_texte(jsonb)"),
        migrations.RunSQL(REQUETE, "DROP FUNCTION public.recherche_requete(text[])"),
    ]
